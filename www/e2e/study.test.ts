/** The sheet of a study: Mooncake's Figure 5 on the real trace, claims on a built-in workload. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { drop, figure, finished, inLink, openTab, part } from "./actions.ts";
import { tracePath, unavailable } from "./data.ts";
import { DESKTOP, openPage } from "./harness.ts";
import { HOLD, hold } from "./held.ts";
import { browser, served } from "./site.ts";

const NAME = "Figure 5 of the dropped trace, beside the paper's means";

test(NAME, { skip: unavailable(NAME) }, async () => {
  const { page, errors } = await openPage(browser, `${served.address}#v=1&speed=max`);
  await drop(page, tracePath());
  await finished(page);
  await page.locator("[data-view-of=learn]").click();
  await page.getByRole("button", { name: /Figure 5/ }).first().click();
  const rows = page.locator("[data-part=study-result] tbody tr");
  await rows.first().waitFor({ timeout: 120_000 });
  const values = await rows.evaluateAll((all) => all.map((row) =>
    [...row.querySelectorAll("td")].map((cell) => Number(cell.getAttribute("data-value")))));
  assert.deepEqual(values.map(([paper]) => paper), [19.65, 5.27, 3.58, 3.07]);
  for (const [paper, mean, , , , difference] of values as number[][]) {
    assert.ok(Math.abs(mean! / paper! - 1 - difference!) < 1e-12);
  }
  // The seeds are those of the command line, and so is the verdict.
  for (const row of values) assert.ok(Math.abs(row[5]!) < 0.05, String(row));
  const verdict = await part(page, "study-verdict").innerText();
  assert.match(verdict, /^Supported: .*the order is the paper/);
  // Random's row is a mean, and opens the first of its seeds. The clock is shared by all lanes.
  assert.deepEqual(await rows.locator("[data-act=open-run]").allInnerTexts(),
    ["Open as logged, seed 1", "Open spread, seed 1",
      ...[1, 2, 3].flatMap(() => ["Open as logged", "Open spread"])]);
  assert.match(await part(page, "study-result").innerText(), /MFU[\s\S]*fitted/);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a claim is gone on with after a cancel, has its verdict, and opens its runs", async () => {
  const { page, errors } = await openPage(browser,
    `${served.address}#v=1&speed=max&requests=6000`, DESKTOP, HOLD);
  const open = async (name: RegExp) => {
    await page.locator("[data-view-of=learn]").click();
    await page.getByRole("button", { name }).click();
  };
  const study = part(page, "study");
  await hold(page, true);
  await open(/Claim 1/);
  await study.locator("[data-act=cancel]").click();
  await study.locator("[data-phase=cancelled]").waitFor();
  await hold(page, false);
  await study.locator("[data-act=again]").click();
  await study.locator("[data-phase=done]").waitFor({ timeout: 120_000 });
  const verdict = part(page, "study-verdict");
  assert.match(await verdict.innerText(), /upported.*as noted, .*made right, /);
  const before = await verdict.innerText();
  const rows = part(page, "study-result").locator("tbody tr");
  assert.equal(await rows.count(), 4);
  // The same again is there at once; another claim has other rows.
  await part(page, "study-close").click();
  await open(/Claim 7/);
  await study.locator("[data-phase=done]").waitFor({ timeout: 120_000 });
  await page.waitForFunction((text) =>
    document.querySelector("[data-part=study-verdict]")!.textContent !== text, before);
  await rows.nth(3).locator("[data-act=open-run]").click();
  await page.waitForFunction(() => new URLSearchParams(location.hash.slice(1))
    .get("router") === "enhanced");
  assert.equal(await study.isVisible(), false);
  assert.match(new URL(page.url()).hash, /b\.router\.beta/);
  await finished(page);
  assert.deepEqual(errors, []);
  await page.context().close();
});

/** A page with the study of that id, once it has concluded. */
async function concluded(id: string, requests = 6000): ReturnType<typeof openPage> {
  const link = `#v=1&speed=max&seed=7&requests=${requests}&study=${id}`;
  const opened = await openPage(browser, served.address + link);
  await part(opened.page, "study").locator("[data-act=study]").click();
  await part(opened.page, "study").locator("[data-phase=done]").waitFor({ timeout: 120_000 });
  return opened;
}

/** What the row of that name has, and its buttons. */
async function rowOf(page: Page, name: string): Promise<{ values: number[]; opens: Locator }> {
  const row = part(page, "study-result").locator("tbody tr")
    .filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  const values = await row.locator("td[data-unit]").evaluateAll((all) =>
    all.map((cell) => Number(cell.getAttribute("data-value"))));
  return { values, opens: row.locator("[data-act=open-run]") };
}

/** Waits until exactly this is read of the page, where the run that is opened takes the place of
 *  another that has ended. */
async function comesTo<T>(page: Page, read: () => Promise<T>, wanted: T, told: string) {
  for (let i = 0; i < 200 && String(await read()) !== String(wanted); i += 1) {
    await page.waitForTimeout(100);
  }
  assert.deepEqual(await read(), wanted, told);
}

/** Waits until the table of lanes has exactly these values of a metric. */
async function lanesHave(page: Page, metric: string, wanted: number[]): Promise<void> {
  const cells = page.locator(`[data-part=compare] [data-metric="${metric}"]`);
  await comesTo(page, () => cells.evaluateAll((all) =>
    all.map((cell) => Number(cell.getAttribute("data-value")))), wanted, metric);
}

/** A part of a sum, both in the tab Sums. */
async function shareOf(page: Page, hits: string, of: string): Promise<number> {
  return (await figure(page, hits)) / (await figure(page, of));
}

test("a row of three evictions opens them as three lanes, with the hits that it has", async () => {
  const { page, errors } = await concluded("claim_evictions");
  const { values, opens } = await rowOf(page, "512 blocks");
  assert.deepEqual(await opens.allInnerTexts(), ["Open side by side"]);
  const told = await opens.getAttribute("aria-label");
  assert.equal(told, "Open side by side, in the live view: 512 blocks, LFU (A), LRU (B), FIFO (C)");
  const before = new URL(page.url()).hash;
  await opens.click();
  await inLink(page, "c.eviction", "fifo");
  assert.equal(await part(page, "study").isVisible(), false);
  await openTab(page, "totals");
  for (const [lane, letter] of ["A", "B", "C"].entries()) {
    await page.locator(`[data-chip=${letter}]`).click();
    await page.locator(`[data-chip=${letter}][aria-pressed=true]`).waitFor();
    await comesTo(page, () => shareOf(page, "block_hits", "blocks"), values[3 + lane], letter);
  }
  // One comes back to the sheet, and to the lanes of before.
  await page.goBack();
  await inLink(page, "c.eviction", null);
  assert.equal(new URL(page.url()).hash, before);
  await part(page, "study").waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("settings that cannot stand side by side have a button each, and rest where their runs do",
  async () => {
    const { page, errors } = await concluded("claim_order");
    const { values, opens } = await rowOf(page, "Cache aware");
    const words = await opens.allInnerTexts();
    assert.deepEqual(words, ["Open as noted, seed 1", "Open made right, seed 1"]);
    // Without random evictions chance has no part in it: the mean is each run.
    assert.equal(values[4], 0);
    await opens.nth(1).click();
    await inLink(page, "eviction", "lfu");
    await openTab(page, "totals");
    await comesTo(page, () => shareOf(page, "hit_tokens", "input_tokens"), values[3], "tokens");
    await page.goBack();
    await part(page, "study").waitFor();
    await opens.nth(0).click();
    await inLink(page, "router.match", "any");
    await page.locator('[data-figure="position"][data-value="5000"]').first().waitFor();
    const link = new URLSearchParams(new URL(page.url()).hash.slice(1));
    assert.deepEqual(["seed", "workload_seed", "eviction.bulk", "router.load_signal"]
      .map((name) => link.get(name)), ["1", "7", "50", "none"]);
    assert.deepEqual(errors, []);
    await page.context().close();
  });

test("rows of two settings open both, at the moment that the row is of", async () => {
  const claim4 = await concluded("claim_concentration");
  const early = await rowOf(claim4.page, "after 1,000 requests");
  assert.match((await early.opens.getAttribute("aria-label"))!,
    /without migration \(A\), with migration \(B\), after the first 1,000 requests$/);
  await early.opens.click();
  await lanesHave(claim4.page, "balance_work.largest_share", early.values.slice(4));
  assert.equal(await figure(claim4.page, "position"), 1000);
  const claim7 = await concluded("claim_weight");
  const { values, opens } = await rowOf(claim7.page, "β = 0.8");
  await opens.click();
  await inLink(claim7.page, "b.router.beta", "0.8");
  await lanesHave(claim7.page, "token_hit_rate", [values[0]!, values[2]!]);
  await lanesHave(claim7.page, "balance_work.largest_share", [values[1]!, values[3]!]);
  assert.deepEqual([...claim4.errors, ...claim7.errors], []);
  await Promise.all([claim4, claim7].map(({ page }) => page.context().close()));
});

test("a row of another workload opens that one", async () => {
  const { page, errors } = await concluded("peers", 500);
  const { values, opens } = await rowOf(page, "LRU, 100 blocks");
  assert.match((await opens.getAttribute("title"))!,
    /on 3,000 requests of Tools and agents with seed 7, in place of this trace$/);
  await opens.click();
  await inLink(page, "requests", "3000");
  await openTab(page, "totals");
  await comesTo(page, async () => (await figure(page, "blocks"))
    - (await figure(page, "block_hits")), values[1], "misses");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a link asks for a study, says how long it took, and runs nothing before one says so",
  async () => {
    const link = "#v=1&speed=max&requests=1500&study=claim_one_node&took=study-12.5";
    const { page, errors } = await openPage(browser, served.address + link);
    const study = part(page, "study");
    await study.getByText(/took 12.5\s?s where this link was made/).waitFor();
    await finished(page);
    assert.equal(await study.locator("[data-phase=idle]").count(), 1);
    await study.locator("[data-act=study]").click();
    await study.locator("[data-phase=done]").waitFor({ timeout: 120_000 });
    await page.waitForFunction(() => /took=study-\d/.test(location.hash));
    await part(page, "study-close").click();
    await page.waitForFunction(() => !location.hash.includes("study=claim"));
    assert.deepEqual(errors, []);
    await page.context().close();
  });
