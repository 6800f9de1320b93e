/**
 * Bad days: what was done to the page, what a person sees, what was kept. The table of
 * docs/faults.md is what these tests saw: `KVSCOPE_FAULTS=write` writes it, and without that they
 * are held to it.
 */
import assert from "node:assert/strict";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { drop, figure, finished, inLink, part, runs, servers } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { DESKTOP, openPage } from "./harness.ts";
import { browser, served } from "./site.ts";
import { spent } from "./spent.ts";

const PAGE = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));
const FAST = "#v=1&speed=max&nodes=2&workload=toolagent&requests=500";
const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';
/** More than a worker reads before anything is served. */
const LONG = 400_000;

interface Row { sees: string; kept: string }

const rows: string[] = [];

/** One row of the table; what is seen has no line breaks and no bars. `script` runs on the page
 *  before its own. */
function fault(done: string, act: (page: Page) => Promise<Row>, fragment = FAST,
  script = ""): void {
  test(done, async () => {
    const url = served.address + fragment;
    const { page, errors } = await openPage(browser, url, DESKTOP, script);
    const { sees, kept } = await act(page);
    assert.deepEqual(errors, []);
    assert.ok((await servers(page)).length <= 1, "no worker is left over");
    // How much of a cut file comes out depends on what compressed it.
    const said = sees.replace(/\s+/g, " ").replace(/[\d,]+ bytes/, "so many bytes")
      .replaceAll("|", "\\|").replaceAll("<", "&lt;");
    rows.push(`| ${done} | ${said} | ${kept} |`);
    await page.context().close();
  });
}

/** The text of the card that stands in the way, without its buttons. */
async function card(page: Page, kind: string): Promise<string> {
  const found = page.locator(`[data-notice="${kind}"]`);
  await found.waitFor();
  return (await found.locator("h2, > p").allInnerTexts()).join(": ");
}

/** A long file that is open and waits for the cluster. */
async function held(page: Page, name: string): Promise<string> {
  const path = scratchFile(name, line.repeat(LONG));
  await drop(page, path);
  await page.locator('[data-part=loading][data-phase="held"]').waitFor();
  return path;
}

/** What was read before the file broke is served to its end. */
async function partServed(page: Page): Promise<string> {
  await part(page, "speed").fill("1");
  const sees = await card(page, "file");
  await finished(page);
  const position = await figure(page, "position");
  assert.ok(position > 1000 && position < LONG, `${position}`);
  return sees;
}

for (const [done, name, breakIt] of [
  ["the file is truncated while it is read", "truncated.jsonl",
    (path: string) => truncateSync(path, 1000)],
  ["the file is changed while it is read", "changed.jsonl",
    (path: string) => writeFileSync(path, "something else\n".repeat(LONG))],
  ["the file is deleted while it is read", "deleted.jsonl", (path: string) => rmSync(path)],
] as const) {
  fault(done, async (page) => {
    breakIt(await held(page, name));
    // Another run opens the file anew: what the browser had read ahead is not in it.
    await part(page, "restart").click();
    const sees = await card(page, "file");
    assert.match(sees, /changed on disk, or can no longer be read/);
    await page.locator('[data-act="built-in"]').click();
    await page.locator('[data-notice="file"]').waitFor({ state: "detached" });
    await runs(page);
    return { sees, kept: "the configuration; a workload or another file is a click away" };
  }, "#v=1&speed=100&nodes=2");
}

fault("a gzip file ends half-way", async (page) => {
  const lines = Array.from({ length: 20_000 }, (_, i) => line.replace("[1]", `[${i * 7919}]`));
  const whole = gzipSync(lines.join(""));
  await drop(page, scratchFile("half.gz", whole.subarray(0, whole.length >> 1)));
  const sees = await partServed(page);
  return { sees, kept: "the part that was read, served to its end" };
});

fault("a picture is dropped", async (page) => {
  const bytes = Uint8Array.from({ length: 50_000 }, (_, i) => (i * 2_654_435_761) >>> 13);
  const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), bytes]);
  await drop(page, scratchFile("picture.png", png));
  const sees = await card(page, "nothing");
  assert.match(sees, /picture|PNG|not text|trace/);
  await page.locator('[data-act="built-in"]').click();
  await page.locator('[data-notice="nothing"]').waitFor({ state: "detached" });
  return { sees, kept: "the configuration" };
});

fault("an empty file is dropped", async (page) => {
  await drop(page, scratchFile("nothing.jsonl", ""));
  return { sees: await card(page, "nothing"), kept: "the configuration" };
});

fault("a folder is dropped", async (page) => {
  const before = await part(page, "trace-name").innerText();
  const { x, y, width, height } = (await part(page, "cluster").boundingBox())!;
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [dirname(scratchFile("in-a-folder.jsonl", line))],
    dragOperationsMask: 1 };
  // As the system does it: what scripts make up has no folders in it.
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await devtools.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2,
      data });
  }
  const sees = await card(page, "link");
  assert.match(sees, /is a folder/);
  await finished(page);
  assert.equal(await part(page, "trace-name").innerText(), before);
  assert.equal(await figure(page, "position"), 500);
  // Its name is made up anew each time.
  return { sees: sees.replace(/“.*”/, "“traces”"), kept: "everything: the run goes on" };
});

fault("one file is dropped, and at once another", async (page) => {
  await drop(page, scratchFile("one.jsonl", line.repeat(5)));
  await drop(page, scratchFile("two.jsonl", line.repeat(7)));
  await page.locator('[data-figure="position"][data-value="7"]').waitFor({ state: "attached" });
  await inLink(page, "file", "two.jsonl");
  return { sees: await part(page, "trace-name").innerText(), kept: "the file that came last" };
});

fault("a file is dropped while another is read", async (page) => {
  await held(page, "long.jsonl");
  await drop(page, scratchFile("short.jsonl", line.repeat(3)));
  await page.locator('[data-figure="position"][data-value="3"]').waitFor({ state: "attached" });
  return { sees: await part(page, "trace-name").innerText(), kept: "the file that came last" };
}, "#v=1&speed=100&nodes=2");

const EARLY = `
  const compile = WebAssembly.compile.bind(WebAssembly);
  WebAssembly.compile = (core) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([${JSON.stringify(line.repeat(3))}], "early.jsonl"));
    document.querySelector("[data-part=cluster]").dispatchEvent(
      new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
    return compile(core);
  };`;

fault("a file is dropped while the page starts", async (page) => {
  await page.locator('[data-figure="position"][data-value="3"]').waitFor({ state: "attached" });
  return { sees: await part(page, "trace-name").innerText(), kept: "the file, in place of "
    + "the link's workload" };
}, FAST, EARLY);

fault("names of files and fields are markup", async (page) => {
  const evil = `<img src=x onerror="document.title='broken'">`;
  const bad = JSON.stringify({ [evil]: evil, timestamp: evil });
  await drop(page, scratchFile("<img src=x onerror=alert(1)>.jsonl", `${line}${bad}\n${bad}\n`));
  await page.locator('[data-figure="bad_lines"][data-value="2"]').click();
  await page.locator('[data-list="bad-lines"] li').first().waitFor();
  assert.equal(await page.locator("img").count(), 0);
  assert.match(await page.title(), /^kvscope/);
  return { sees: await part(page, "trace-name").innerText(), kept: "everything: names are text" };
});

fault("a parameter is changed 10,000 times in a row", async (page) => {
  await page.locator('[data-param="nodes"] input[type=range]').evaluate((slider) => {
    const input = slider as HTMLInputElement;
    const [min, max] = [Number(input.min), Number(input.max)];
    for (let i = 0; i < 10_000; i += 1) {
      input.value = String(min + ((max - min) * (i % 100)) / 400);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  const shown = await page.locator('[data-param="nodes"] .number').inputValue();
  assert.notEqual(shown, "2");
  await inLink(page, "nodes", shown);
  await finished(page);
  return { sees: "one run, of the last value", kept: "the last value, in the link too" };
});

fault("100 runs back to back", async (page) => {
  const devtools = await page.context().newCDPSession(page);
  // What the page holds, and what its process does, in which the worker's memory is.
  const used = async (): Promise<[heap: number, process: number]> => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    return [usedSize, (await spent(browser)).now_mb ?? 1];
  };
  const run = async (): Promise<void> => {
    await part(page, "restart").click();
    await page.evaluate(() => new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    }));
    await page.locator('[data-part=play][data-state="done"]').waitFor();
  };
  for (let i = 0; i < 20; i += 1) await run();
  const early = await used();
  for (let i = 20; i < 100; i += 1) await run();
  const late = await used();
  const grown = late.map((now, i) => now / early[i]!);
  assert.ok(grown.every((times) => times < 1.25), `heap and process grew ${grown} times`);
  return { sees: "every run to its end", kept: "memory is flat" };
}, "#v=1&speed=max&nodes=1&workload=toolagent&requests=50");

/** The core with a memory that ends 16 MiB above the least that its section of memories (id 5)
 *  states. */
const SCARCE = `
  const compile = WebAssembly.compile.bind(WebAssembly);
  const digits = (value) => (value < 128 ? [value]
    : [(value & 127) | 128, ...digits(value >> 7)]);
  WebAssembly.compile = (buffer) => {
    const bytes = new Uint8Array(buffer);
    const number = (at) => {
      const more = bytes[at] < 128 ? [0, at + 1] : number(at + 1);
      return [(bytes[at] & 127) + 128 * more[0], more[1]];
    };
    for (let at = 8; at < bytes.length;) {
      const [length, body] = number(at + 1);
      const end = body + length;
      if (bytes[at] === 5) {
        const [least] = number(body + 2);
        const limits = [1, 1, ...digits(least), ...digits(least + 256)];
        return compile(Uint8Array.from([...bytes.subarray(0, at), 5, limits.length, ...limits,
          ...bytes.subarray(end)]));
      }
      at = end;
    }
    throw new Error("the core has no section of memories");
  };`;

fault("memory ends while the cluster serves", async (page) => {
  const sees = await card(page, "crashed");
  assert.match(sees, /ran out of memory: \d+ MiB are in use, and the browser gives no more/);
  assert.equal(await part(page, "so-far").textContent(), "Until it stopped");
  const position = await figure(page, "position");
  assert.ok(position > 0);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, FAST);
  await page.locator('[data-notice="crashed"]').waitFor({ state: "detached" });
  await finished(page);
  assert.equal(await figure(page, "position"), 500);
  return { sees: sees.replace(/\d+ MiB/, "so many MiB"),
    kept: "the figures until then; what is chosen next begins with fresh memory" };
}, "#v=1&speed=2000&nodes=64&workload=toolagent&requests=20000", SCARCE);

/** A page that can be hidden, and shown again later: it has no frames meanwhile. */
const HIDING = `
  const [clock, frame] = [performance.now.bind(performance), requestAnimationFrame.bind(window)];
  let [hidden, gone_ms, held] = [false, 0, []];
  performance.now = () => clock() + gone_ms;
  window.requestAnimationFrame = (act) => frame((now_ms) =>
    (hidden ? held.push(act) : act(now_ms + gone_ms)));
  Object.defineProperty(document, "hidden", { get: () => hidden });
  window.hide = () => {
    hidden = true;
    document.dispatchEvent(new Event("visibilitychange"));
  };
  window.show = (later_ms) => {
    hidden = false;
    gone_ms += later_ms;
    document.dispatchEvent(new Event("visibilitychange"));
    for (const act of held.splice(0)) window.requestAnimationFrame(act);
  };`;

for (const [speed, most] of [["100", 100], ["max", 100_000]] as const) {
  fault(`the tab is hidden for a minute, at speed ${speed}`, async (page) => {
    await runs(page);
    await page.evaluate("hide()");
    // What was under way when the tab went is still told to it.
    await page.waitForTimeout(1000);
    const before = await figure(page, "position");
    await page.waitForTimeout(1000);
    assert.equal(await figure(page, "position"), before, "it rests");
    const after = await page.evaluate(`show(60_000), new Promise((resolve) =>
      setTimeout(() => resolve(Number(document.querySelector("[data-figure=position]")
        .dataset.value)), 400))`) as number;
    assert.ok(after - before < most, `from ${before} to ${after}`);
    assert.equal(await part(page, "play").getAttribute("data-state"), "playing");
    await runs(page);
    return { sees: "the run as it was left, which goes on from there",
      kept: "everything; no time is made up for" };
  }, `#v=1&speed=${speed}&nodes=2&workload=toolagent&requests=1000000`, HIDING);
}

const UNPAINTED = `
  const Real = Worker;
  window.Worker = class extends Real {
    constructor(url, options) {
      super(url, options);
      if (options?.name !== "kvscope-painter") return;
      // Before the page has read its link, or as late as it is told to.
      setTimeout(() => this.dispatchEvent(new ErrorEvent("error",
        { message: "Uncaught RangeError: out of memory" })), LATER_MS);
    }
  };`;

for (const [when, later_ms] of [["at once", 0], ["later", 500]] as const) {
  fault(`the worker that draws the cluster breaks ${when}`, async (page) => {
    const sees = await card(page, "link");
    await finished(page);
    // It is so for whatever is opened next.
    await page.evaluate(() => { location.hash = "#v=1&nodes=3&speed=max"; });
    await inLink(page, "nodes", "3");
    assert.equal(await card(page, "link"), sees);
    return { sees, kept: "the run, its figures, strips and tables" };
  }, FAST, UNPAINTED.replace("LATER_MS", `${later_ms}`));
}

const REFUSED = `for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() {
    throw new DOMException("refused", "SecurityError");
  } });
}`;

fault("the browser refuses storage", async (page) => {
  await finished(page);
  await part(page, "theme").click();
  await page.locator("html[data-theme]").waitFor();
  return { sees: "the page as it is", kept: "nothing for the next visit" };
}, FAST, REFUSED);

test("docs/faults.md is what was seen", () => {
  const head = "| what was done | what a person sees | what was kept |";
  const table = [head, "|---|---|---|", ...rows];
  const text = readFileSync(PAGE, "utf8");
  const at = text.indexOf("| what was done |");
  const written = `${text.slice(0, at)}${table.join("\n")}\n`;
  if (process.env["KVSCOPE_FAULTS"] === "write") writeFileSync(PAGE, written);
  else assert.equal(text, written);
});
