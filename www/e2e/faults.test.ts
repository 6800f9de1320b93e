/**
 * Bad days: what was done to the page, what a person sees, what was kept. The table of
 * docs/faults.md is what these tests saw: `KVSCOPE_FAULTS=write` writes it, and without that they
 * are held to it.
 */
import assert from "node:assert/strict";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { drop, figure, finished, inLink, part, runs } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { DESKTOP, openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const PAGE = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));
const FAST = "#v=1&speed=max&nodes=2&workload=toolagent&requests=500";
const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';
/** More than a worker reads before anything is served. */
const LONG = 400_000;

interface Row { sees: string; kept: string }

const rows: string[] = [];

/** One row of the table; what is seen has no line breaks and no bars. */
function fault(done: string, act: (page: Page) => Promise<Row>, fragment = FAST): void {
  test(done, async () => {
    const { page, errors } = await openPage(browser, served.address + fragment);
    const { sees, kept } = await act(page);
    assert.deepEqual(errors, []);
    assert.ok(page.workers().length <= 1, "no worker is left over");
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
  const used = async (): Promise<number> => {
    await devtools.send("HeapProfiler.collectGarbage");
    return (await devtools.send("Runtime.getHeapUsage")).usedSize;
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
  const grown = (await used()) / early;
  assert.ok(grown < 1.25, `the heap grew by ${grown}`);
  return { sees: "every run to its end", kept: "memory is flat" };
}, "#v=1&speed=max&nodes=1&workload=toolagent&requests=50");

test("the browser refuses storage", async () => {
  const context = await browser.newContext(DESKTOP);
  await context.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, { get() {
        throw new DOMException("refused", "SecurityError");
      } });
    }
  });
  const page = await context.newPage();
  await page.goto(served.address + FAST);
  await finished(page);
  await part(page, "theme").click();
  await page.locator("html[data-theme]").waitFor();
  rows.push("| the browser refuses storage | the page as it is | nothing for the next visit |");
  await context.close();
});

test("docs/faults.md is what was seen", () => {
  const head = "| what was done | what a person sees | what was kept |";
  const table = [head, "|---|---|---|", ...rows];
  const text = readFileSync(PAGE, "utf8");
  const at = text.indexOf("| what was done |");
  const written = `${text.slice(0, at)}${table.join("\n")}\n`;
  if (process.env["KVSCOPE_FAULTS"] === "write") writeFileSync(PAGE, written);
  else assert.equal(text, written);
});
