/** What a person types, drops and presses: it is taken, or the page says why not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { drop, figure, finished, inLink, openTab, part, runs } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

async function type(page: Page, param: string, text: string): Promise<void> {
  const field = page.locator(`[data-param="${param}"] .number`);
  await field.fill(text);
  await field.press("Enter");
}

const said = (page: Page, param: string) => page.locator(`[data-param="${param}"] .error`);

test("a capacity is typed as the command line takes it", async () => {
  const { page, errors } = await openPage(browser, `${served.address}#v=1`);
  for (const [text, blocks] of [["1TiB", "6553"], ["915 GiB", "5856"], ["inf", "1073741824"],
    ["2,000", "2000"], ["3000000tokens", "5859"]] as const) {
    await type(page, "capacity_blocks", text);
    await inLink(page, "capacity_blocks", blocks);
    await runs(page);
  }
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a capacity in a unit of its own is shown in it, with its blocks beside", async () => {
  const link = "#v=1&workload=toolagent&requests=500&speed=max";
  const { page, errors } = await openPage(browser,
    `${served.address}${link}&capacity_blocks=3000000tokens&distinct_budget=4096`);
  const cache = page.locator('[data-param="capacity_blocks"]');
  const note = cache.locator(".note", { hasText: "5,859 blocks, 915" });
  await note.waitFor();
  assert.equal(await cache.locator(".number").inputValue(), "3,000,000 tokens");
  assert.equal(await cache.locator(".unit").isVisible(), false);
  const label = cache.locator("label");
  assert.ok(await label.evaluate((it) => it.scrollWidth <= it.clientWidth), "the label is whole");
  const words = () => cache.locator("[type=range]").getAttribute("aria-valuetext");
  assert.equal(await words(), "3,000,000 tokens");
  // The slider stands where so many blocks are, and goes on from there.
  await cache.locator("[type=range]").press("ArrowRight");
  await inLink(page, "capacity_blocks", "5959");
  await cache.locator(".unit").waitFor();
  const budget = page.locator('[data-param="distinct_budget"] .note');
  assert.equal(await budget.textContent(), "", "no node holds what is known");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a text that is not taken stays, with the reason, until a value comes", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&speed=50&seed=7`);
  const at = await figure(page, "position");
  for (const [param, text, why] of [
    ["capacity_blocks", "1TB", /915 GiB, 1 TiB or inf; found “1TB”\. It is still 5,859\./],
    ["nodes", "eight", /Expected a number; found “eight”\. It is still 8\./],
    ["seed", "1e5", /below 2\^64; found “1e5”\. It is still 7\./],
    ["requests", "0", /from 1 to 1000000; found 0\. It is still 23,608\./],
  ] as const) {
    await type(page, param, text);
    await said(page, param).waitFor();
    assert.match(await said(page, param).innerText(), why);
    const field = page.locator(`[data-param="${param}"] .number`);
    await field.blur();
    assert.equal(await field.inputValue(), text);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
  }
  assert.ok(await figure(page, "position") > at, "the run went on");
  await type(page, "nodes", "5");
  await inLink(page, "nodes", "5");
  assert.equal(await said(page, "nodes").isVisible(), false);
  assert.equal(await said(page, "seed").isVisible(), true);
  await page.context().close();
});

const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';

test("of several files the trace is taken, and what was left out is said with why", async () => {
  const png = Buffer.from(`\x89PNG\r\n\x1a\n${"\x01\x02".repeat(900)}`, "latin1");
  const { page } = await openPage(browser, `${served.address}#v=1&speed=max`);
  await drop(page, scratchFile("shot.png", png), scratchFile("notes.md", "# Notes\nof a run\n"),
    scratchFile("first.jsonl", line), scratchFile("second.jsonl", line));
  await part(page, "trace-name").filter({ hasText: "first.jsonl" }).waitFor();
  await finished(page);
  assert.match(await part(page, "notice").innerText(), /“first\.jsonl” was taken\. Left out: /);
  for (const why of ["“shot.png”, since it is a picture; ", "“notes.md”, since it begins as no ",
    "“second.jsonl”, since one trace is open at a time."]) {
    assert.ok((await part(page, "notice").innerText()).includes(why), why);
  }
  await page.context().close();
});

test("a trace that is dropped says on what it runs, until that is read or changed", async () => {
  const { page } = await openPage(browser,
    `${served.address}#v=1&speed=max&nodes=3&capacity_blocks=700&router=random&b.router=enhanced`);
  const kept = part(page, "kept");
  assert.equal(await kept.isVisible(), false);
  await drop(page, scratchFile("mine.jsonl", line.repeat(40)));
  await kept.waitFor();
  assert.match(await kept.innerText(), new RegExp("On the settings from before: "
    + "3 nodes of 700 blocks, random and enhanced, logical clock."));
  const [bar, picture] = await Promise.all([kept, part(page, "stage")].map((it) =>
    it.boundingBox()));
  assert.ok(bar!.y + bar!.height <= picture!.y, "it covers nothing");
  await page.locator("[data-act=change-kept]").click();
  assert.ok(await page.evaluate(() => document.activeElement?.closest("[data-part=controls]")));
  await page.locator("[data-choice=eviction]").selectOption("fifo");
  await kept.waitFor({ state: "hidden" });
  await drop(page, scratchFile("other.jsonl", line.repeat(40)));
  await page.locator("[data-act=keep-kept]").click();
  await kept.waitFor({ state: "hidden" });
  await page.context().close();
});

test("an empty file is called empty", async () => {
  const { page, errors } = await openPage(browser, `${served.address}#v=1&speed=max`);
  await drop(page, scratchFile("empty.jsonl", ""));
  await page.locator('[data-notice="nothing"]').waitFor();
  const words = await part(page, "notice").innerText();
  assert.match(words, /empty/);
  assert.doesNotMatch(words, /changed/);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("the space bar plays and pauses after a click on a tab", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&speed=50`);
  await openTab(page, "nodes");
  await page.keyboard.press(" ");
  await page.locator('[data-part=play][data-state="paused"]').waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press(" ");
  await page.locator('[data-part=play][data-state="playing"]').waitFor();
  // What can be pressed is pressed: this button serves one request, and pauses.
  await part(page, "step").focus();
  await page.keyboard.press(" ");
  await page.locator('[data-part=play][data-state="paused"]').waitFor();
  await page.context().close();
});
