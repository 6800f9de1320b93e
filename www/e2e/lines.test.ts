/** Lines that are wrong are counted and named, and stop nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { drop, figure, finished, openTab, part } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const good = (i: number) => JSON.stringify({
  timestamp: i * 100, input_length: 1024, output_length: 10, hash_ids: [0, i + 1],
});

/** Seven ways to be wrong, each after so many good lines. */
const BROKEN: [after: number, line: string][] = [
  [5, '{"timestamp": 500, "input_length": 1024, "output_length": 10, "hash_ids": [0, 1'],
  [11, "not a line of JSON at all"],
  [18, '{"timestamp": 1800, "input_length": -5, "output_length": 10, "hash_ids": [0, 2]}'],
  [27, '{"timestamp": 2700, "output_length": 10, "hash_ids": [0, 3]}'],
  [33, '{"timestamp": 3300, "input_length": 1024, "output_length": 10, "hash_ids": "zero"}'],
  [41, '{"timestamp": 4100, "input_length": 1e400, "output_length": 10, "hash_ids": [0, 4]}'],
  [52, '{"timestamp": 5200, "input_length": 1024, "output_length": 10, "hash_ids": [0, 1e400]}'],
];

function mixed(): { text: string; numbers: number[]; offsets: number[] } {
  const lines: string[] = [];
  const numbers: number[] = [];
  const offsets: number[] = [];
  for (let i = 0; i < 60; i += 1) {
    for (const [, line] of BROKEN.filter(([at]) => at === i)) {
      offsets.push(lines.reduce((sum, l) => sum + l.length + 1, 0));
      lines.push(line);
      numbers.push(lines.length);
    }
    lines.push(good(i));
  }
  return { text: `${lines.join("\n")}\n`, numbers, offsets };
}

test("sixty good and seven broken lines: the page names all seven", async () => {
  const { text, numbers, offsets } = mixed();
  const { page } = await openPage(browser, `${served.address}#v=1&speed=max&nodes=2`);
  await drop(page, scratchFile("mixed.jsonl", text));
  await page.locator('[data-figure="bad_lines"][data-value="7"]').waitFor();
  await finished(page);
  await openTab(page, "totals");
  assert.equal(await figure(page, "requests"), 60);
  await page.locator('[data-figure="bad_lines"]').click();
  const listed = await page.locator('[data-list="bad-lines"] li').evaluateAll((items) =>
    items.map((item) => ({
      line: Number(item.getAttribute("data-line")),
      offset: Number(item.getAttribute("data-offset")),
      reason: item.querySelector("p")?.textContent ?? "",
    })));
  assert.deepEqual(listed.map((bad) => bad.line), numbers);
  assert.deepEqual(listed.map((bad) => bad.offset), offsets);
  for (const { reason } of listed) assert.ok(reason.length > 5, reason);
  await page.context().close();
});

test("the repository's own broken sample: sixty requests, seven lines named", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&speed=max&nodes=2`);
  await drop(page, fileURLToPath(new URL("../../tests/data/broken.jsonl", import.meta.url)));
  await page.locator('[data-figure="bad_lines"][data-value="7"]').click();
  await finished(page);
  const lines = await page.locator('[data-list="bad-lines"] li').evaluateAll((items) =>
    items.map((item) => Number(item.getAttribute("data-line"))));
  assert.equal(new Set(lines).size, 7);
  assert.deepEqual(lines.slice(0, 3), [5, 12, 20]);
  await openTab(page, "totals");
  assert.equal(await figure(page, "requests"), 60);
  await page.context().close();
});

test("a file with no trace in it is told in words", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&speed=max&nodes=2`);
  await drop(page, scratchFile("letter.txt", "Dear reader,\n\nthis is a letter.\n"));
  await page.locator('[data-figure="bad_lines"]:not([data-value="0"])').waitFor();
  const words = await page.locator("[data-part=notice], [data-part=loading]").allInnerTexts();
  assert.match(words.join(" "), /bad line|no request/i);
  await page.context().close();
});

test("a gzip file cut short says so and keeps what it held", async () => {
  const { gzipSync } = await import("node:zlib");
  const noise = (i: number) => ((i * 2_654_435_761) >>> 7) % 1_000_003;
  const lines = Array.from({ length: 20_000 }, (_, i) => JSON.stringify({
    timestamp: i * 100, input_length: 1024, output_length: noise(i), hash_ids: [0, noise(i) + 1],
  }));
  const whole = gzipSync(lines.join("\n"));
  const { page } = await openPage(browser, `${served.address}#v=1&speed=max&nodes=2`);
  await drop(page, scratchFile("cut.gz", whole.subarray(0, whole.length >> 1)));
  await page.locator('[data-notice="file"]').waitFor();
  assert.match(await part(page, "notice").innerText(), /damaged or cut short/);
  await finished(page);
  assert.ok((await figure(page, "position")) > 1000);
  await page.context().close();
});
