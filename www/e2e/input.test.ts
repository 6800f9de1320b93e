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
  const { page, errors } = await openPage(browser, `${served.address}#v=1&model=llama3-70b`);
  for (const [text, blocks] of [["1TiB", "6553"], ["915 GiB", "5856"], ["inf", "1073741824"],
    ["2,000", "2000"]] as const) {
    await type(page, "capacity_blocks", text);
    await inLink(page, "capacity_blocks", blocks);
    await runs(page);
  }
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

test("of two files one is taken, and the page says which", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&speed=max`);
  await drop(page, scratchFile("first.jsonl", line), scratchFile("second.jsonl", line));
  await finished(page);
  assert.equal(await part(page, "trace-name").innerText(), "first.jsonl");
  assert.match(await part(page, "notice").innerText(),
    /“first\.jsonl” was taken, “second\.jsonl” left out/);
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
