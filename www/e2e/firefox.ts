/** Firefox, as far as a test of the built page needs it: by the WebDriver protocol, since
 *  Playwright drives only a Firefox of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

const PATIENCE_MS = 90_000;

export class Firefox {
  readonly #driver: ChildProcess;
  readonly #session: string;

  constructor(driver: ChildProcess, session: string) {
    this.#driver = driver;
    this.#session = session;
  }

  static async launch(): Promise<Firefox> {
    const driver = spawn("geckodriver", ["--port", "0", "--log", "info"],
      { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const base = await new Promise<string>((resolve, reject) => {
        driver.once("error", reject);
        driver.once("exit", () => reject(new Error("geckodriver ended at once")));
        createInterface(driver.stdout!).on("line", (line) => {
          const told = /Listening on (127\.0\.0\.1:\d+)/.exec(line);
          if (told !== null) resolve(`http://${told[1]}/session`);
        });
      });
      const capabilities = { alwaysMatch: { "moz:firefoxOptions": { args: ["-headless"] } } };
      const { sessionId } = await ask<{ sessionId: string }>("POST", base, { capabilities });
      return new Firefox(driver, `${base}/${sessionId}`);
    } catch (error) {
      driver.kill();
      throw error;
    }
  }

  open(url: string): Promise<unknown> {
    return ask("POST", `${this.#session}/url`, { url });
  }

  /** What an expression is in the page. */
  read<T>(expression: string): Promise<T> {
    return ask("POST", `${this.#session}/execute/sync`,
      { script: `return (${expression});`, args: [] });
  }

  /** Waits until an expression, or what it promises, is true in the page. */
  async until(expression: string): Promise<void> {
    const end_ms = performance.now() + PATIENCE_MS;
    while (performance.now() < end_ms) {
      if (await this.read<boolean>(`Promise.resolve(${expression}).then(Boolean)`)) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`not within ${PATIENCE_MS} ms: ${expression}`);
  }

  /** Chooses a file in a file field, as its dialog would. */
  async choose(selector: string, path: string): Promise<void> {
    const found = await ask<Record<string, string>>("POST", `${this.#session}/element`,
      { using: "css selector", value: selector });
    const [id] = Object.values(found);
    await ask("POST", `${this.#session}/element/${id}/value`, { text: path });
  }

  async close(): Promise<void> {
    await ask("DELETE", this.#session).catch(() => undefined);
    this.#driver.kill();
  }
}

async function ask<T>(method: string, url: string, body?: object): Promise<T> {
  const answer = await fetch(url, { method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }) });
  const { value } = await answer.json() as { value: T & { error?: string; message?: string } };
  if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}
