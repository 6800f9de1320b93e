/** What happens is seen: which requests figures are of, what moving is worth, whose a row is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { figure, finished, inLink, openTab, part } from "./actions.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const LINK = "#v=1&workload=toolagent&requests=3000&speed=max&nodes=4&capacity_blocks=800&seed=7"
  + "&router=hotspot_migration&router.threshold=0.3&eviction=lru";

/** A ratio as the page has it: two sums with a stroke between them. */
async function hitRate(page: Page): Promise<string> {
  return await page.locator('[data-figure="hit_rate"]').getAttribute("data-value") ?? "";
}

test("one switch says what figures are of, and the link has it", async () => {
  const { page, errors } = await openPage(browser, served.address + LINK);
  await finished(page);
  const whole = await hitRate(page);
  await page.locator('[data-scope="window"][aria-pressed="false"]').click();
  await page.locator('[data-scope="window"][aria-pressed="true"]').waitFor();
  await inLink(page, "scope", "window");
  await page.waitForFunction((before) => document.querySelector('[data-figure="hit_rate"]')
    ?.getAttribute("data-value") !== before, whole);
  assert.match(await page.locator('[data-figure="hit_rate_beside"]').innerText(), /whole run/);
  await page.locator('[data-scope="run"]').click();
  await page.locator(`[data-figure="hit_rate"][data-value="${whole}"]`).waitFor();
  await inLink(page, "scope", null);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("what moves are worth is the difference to the same run without them", async () => {
  const { page, errors } = await openPage(browser, served.address + LINK);
  await finished(page);
  const moved = await figure(page, "migrated_short");
  assert.ok(moved > 0, "this run moves something");
  await openTab(page, "migrations");
  await page.locator("[data-act=without-moves]").click();
  await page.locator('.lane-card[data-lane="B"]').waitFor();
  await inLink(page, "b.migration", "none");
  await finished(page);
  const cell = page.locator('[data-metric="migrated_blocks"][data-lane="B"][data-value="0"]');
  await cell.waitFor();
  assert.equal(await figure(page, "migrated_short"), moved, "A is the run that it was");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("menus tell whose a row is, and what was switched may be kept", async () => {
  const { page, errors } = await openPage(browser, served.address + LINK);
  const groups = page.locator("[data-choice=router] optgroup");
  await groups.nth(2).waitFor({ state: "attached" });
  assert.deepEqual(await groups.evaluateAll((all) => all.map((one) =>
    (one as HTMLOptGroupElement).label)), ["The notes’", "Engines’", "Papers’"]);
  await page.locator("[data-choice=router]").selectOption("least_requests");
  const card = page.locator('[data-notice="undo"]');
  await card.getByRole("button", { name: "Keep" }).click();
  await card.waitFor({ state: "detached" });
  await inLink(page, "clock", "timed");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("of 256 nodes the idle ones are folded", async () => {
  const few = LINK.replace("nodes=4", "nodes=256").replace("hotspot_migration", "cache_aware")
    .replace("&router.threshold=0.3", "");
  const { page, errors } = await openPage(browser, served.address + few);
  await finished(page);
  // The picture in words tells the same cluster, and its reading stands in a corner.
  await part(page, "cluster").focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(".tip.docked", { hasText: "Node 0" }).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});
