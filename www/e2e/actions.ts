/** What a person does, and what they read. */
import assert from "node:assert/strict";
import { basename } from "node:path";
import type { Locator, Page, Worker } from "playwright-core";

/** The part of the page that has this name. */
export function part(page: Page, name: string): Locator {
  return page.locator(`[data-part="${name}"]`);
}

/** The workers that serve or answer: all but the one that paints for the page. */
export async function servers(page: Page): Promise<Worker[]> {
  const named = await Promise.all(page.workers().map(async (worker) =>
    ({ worker, name: await worker.evaluate(() => self.name).catch(() => null) })));
  // One that ended while it was asked is none.
  return named.filter(({ name }) => name !== null && name !== "kvscope-painter")
    .map(({ worker }) => worker);
}

/** Waits until so many serve or answer, and fails if it never comes to that. */
export async function waitForServers(page: Page, wanted: number): Promise<void> {
  let running = (await servers(page)).length;
  for (let i = 0; i < 100 && running !== wanted; i += 1) {
    await page.waitForTimeout(100);
    running = (await servers(page)).length;
  }
  assert.equal(running, wanted, "workers that serve");
}

/** Drops files of the disk on the page by the events that a browser sends, and waits until the
 *  page has taken the first: as the trace, or as the configuration, which a notice says. */
export async function drop(page: Page, ...paths: string[]): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.id = "dropped";
    document.body.append(input);
  });
  await page.setInputFiles("#dropped", paths);
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>("#dropped")!;
    const dataTransfer = new DataTransfer();
    for (const file of input.files!) dataTransfer.items.add(file);
    const target = document.querySelector("[data-part=cluster]")!;
    for (const type of ["dragenter", "dragover", "drop"]) {
      target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
      if (type === "dragover" && document.querySelector<HTMLElement>("[data-part=veil]")!.hidden) {
        throw new Error("no veil while a file is over the page");
      }
    }
    input.remove();
  });
  // Whether it is a configuration is known once it is read; the run before may be done until then.
  await page.waitForFunction((name) =>
    document.querySelector("[data-part=trace-name]")!.textContent === name
    || document.querySelector("[data-part=notice]")!.textContent!.includes(`“${name}”`),
  basename(paths[0]!));
}

export async function finished(page: Page): Promise<void> {
  await page.locator('[data-part=play][data-state="done"]').waitFor({ timeout: 60_000 });
}

/** The exact value behind a figure of the page. */
export async function figure(page: Page, name: string): Promise<number> {
  const text = await page.locator(`[data-figure="${name}"]`).first().getAttribute("data-value");
  return text === null || text === "" ? Number.NaN : Number(text);
}

export async function openTab(page: Page, id: string): Promise<void> {
  await page.locator(`[data-tab=${id}]`).click();
}

/** One column of the table of nodes. */
export async function nodeColumn(page: Page, column: string): Promise<number[]> {
  return page.locator(`[data-node] [data-column="${column}"]`).evaluateAll((cells) =>
    cells.map((cell) => Number(cell.getAttribute("data-value"))));
}

/** Waits until the run that has just begun is on the page, and goes on serving. */
export async function runs(page: Page): Promise<void> {
  // What the run before had served may stand there for a frame more.
  await page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  }));
  const position = page.locator('[data-figure="position"]:not([data-value="0"])');
  await position.waitFor({ state: "attached" });
  await page.waitForFunction((before) =>
    Number(document.querySelector('[data-figure="position"]')!.getAttribute("data-value")) > before,
  await figure(page, "position"));
}

/** What the notice says stands in the way, or "". */
export async function obstacle(page: Page): Promise<string> {
  const card = page.locator("[data-part=notice] .bad");
  return (await card.count()) === 0 ? "" : card.first().innerText();
}

/** Waits until the link names this choice, or none where that is null: the run of it has begun. */
export async function inLink(page: Page, name: string, value: string | null): Promise<void> {
  await page.waitForFunction(([key, wanted]) =>
    new URLSearchParams(location.hash.slice(1)).get(key) === wanted, [name, value] as const);
}
