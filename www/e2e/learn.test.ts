/** The view Learn: it leads to every figure, study and chapter, and takes nobody's trace away. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { FIGURES } from "../src/state/scenes.ts";
import { drop, finished, inLink, part } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { PHONE, openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const LINK = "#v=1&workload=toolagent&requests=500&speed=max&nodes=2";
const VIEW = "[data-view-of=learn]";
const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';

test("a figure opens by keyboard, at its moment", async () => {
  const { page, errors } = await openPage(browser, served.address + LINK);
  await page.locator(VIEW).press("Enter");
  const figures = page.locator("[data-block=figures] li a");
  await figures.first().waitFor();
  assert.deepEqual(await figures.evaluateAll((all) => all.map((one) => one.getAttribute("href"))),
    FIGURES.map(({ link }) => `#${link}`));
  await figures.nth(0).focus();
  await page.keyboard.press("Enter");
  await part(page, "cluster").waitFor();
  const at = new URLSearchParams(FIGURES[0]!.link).get("at")!;
  await page.locator(`[data-figure="position"][data-value="${at}"]`).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("beside a trace of one's own a figure opens in another tab", async () => {
  const { page, errors } = await openPage(browser, served.address + LINK);
  await drop(page, scratchFile("mine.jsonl", line.repeat(70)));
  await finished(page);
  await page.locator(VIEW).click();
  await inLink(page, "view", "learn");
  const [other] = await Promise.all([page.context().waitForEvent("page"),
    page.locator("[data-block=figures] li a").nth(1).click()]);
  await part(other, "stage").waitFor();
  await page.getByText("What follows runs on the trace that is open, mine.jsonl.").waitFor();
  await page.locator("[data-view-of=run]").click();
  await page.locator('[data-figure="position"][data-value="70"]').waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a claim opens by keyboard, and what leads elsewhere leads somewhere", async () => {
  const { page, errors } = await openPage(browser, served.address + LINK, PHONE);
  // As a link has it.
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `${LINK}&view=learn`);
  const claim = page.locator("[data-block=claim] [data-study]").first();
  await claim.focus();
  await page.keyboard.press("Enter");
  await part(page, "study").locator("[data-phase=done]").waitFor();
  await page.keyboard.press("Escape");
  // The book is there where the build had one.
  const book = existsSync(fileURLToPath(new URL("../dist/book/index.html", import.meta.url)));
  assert.equal(await page.locator("[data-block=book]").count(), book ? 1 : 0);
  const hrefs = await page.locator("[data-view=learn] a[href^='./']").evaluateAll((all) =>
    all.map((one) => (one as HTMLAnchorElement).href));
  assert.ok(hrefs.length > (book ? 10 : 0));
  for (const href of hrefs) assert.equal((await page.request.get(href)).status(), 200, href);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} px of 390`);
  assert.deepEqual(errors, []);
  await page.context().close();
});
