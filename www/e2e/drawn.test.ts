/** While a run plays, what is drawn takes turns; where it comes to rest, all of it is drawn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { finished, part } from "./actions.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const LANES = "#v=1&workload=conversation&requests=900&clock=timed&eviction=lru&speed=300&nodes=16"
  + "&capacity_blocks=1000&router=cache_aware&b.router=conductor&c.router=round_robin"
  + "&d.router=least_requests";
/** Longer than anything is on its way. */
const SETTLED_MS = 3000;

/** Every canvas that is seen, in full. */
async function drawn(page: Page): Promise<string[]> {
  return page.locator(".lane-card canvas, .kvs-plot canvas").evaluateAll((all) =>
    all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
}

/** What the cards and the table say of each lane's hits. */
async function told(page: Page, where: string): Promise<(string | null)[]> {
  return page.locator(where).evaluateAll((all) => all.map((it) => it.getAttribute("data-value")));
}

async function isWhole(page: Page, when: string): Promise<void> {
  await page.waitForTimeout(SETTLED_MS);
  const before = await drawn(page);
  assert.equal(before.length, 9, "four clusters and five strips");
  // Colours that change and change back have everything drawn anew.
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(SETTLED_MS / 3);
  }
  const again = await drawn(page);
  assert.deepEqual(again.map((url, i) => url === before[i]), before.map(() => true), when);
  assert.deepEqual(await told(page, ".lane-figure:first-child b"),
    await told(page, '[data-metric="token_hit_rate"]'), when);
}

test("gone back to its beginning, a run has nothing of what came later", async () => {
  const { page, errors } = await openPage(browser, `${served.address}#v=1&workload=toolagent`
    + "&requests=3000&nodes=6&capacity_blocks=500&speed=max"
    + "&router=hotspot_migration&router.threshold=0.2");
  await finished(page);
  const label = (words: RegExp) => page.waitForFunction(([source]) =>
    new RegExp(source!).test(document.querySelector("[data-part=cluster]")!
      .getAttribute("aria-label")!), [words.source]);
  await label(/Last migration/);
  const strips = page.locator("[data-part=strips] .kvs-strips");
  await strips.waitFor();
  const moment = part(page, "moment");
  await moment.press("Home");
  await strips.waitFor({ state: "hidden" });
  await label(/^(?!.*Last migration)/);
  // What had moved by the middle is there again, and the strips are.
  await moment.press("End");
  await label(/Last migration/);
  for (let page = 0; page < 10; page += 1) await moment.press("PageDown");
  await strips.waitFor();
  await label(/Last migration/);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("the timeline keeps its place, whatever moment one goes to", async () => {
  const { page, errors } = await openPage(browser, `${served.address}#v=1&workload=toolagent`
    + "&nodes=8&capacity_blocks=1500&router=cache_aware&speed=max&at=9000");
  const moment = part(page, "moment");
  const { x, y, width, height } = (await moment.boundingBox())!;
  let before = "9000";
  // Its strips say less before there are samples of many requests, and nothing at its beginning.
  for (const to of [0.02, 0.3, 0.95, 0, 0.6]) {
    await page.mouse.click(x + Math.max(to * width, 1), y + height / 2);
    await page.locator(`[data-part=moment]:not([aria-valuenow="${before}"])`).waitFor();
    before = (await moment.getAttribute("aria-valuenow"))!;
    await page.waitForTimeout(300);
    assert.equal((await moment.boundingBox())!.y, y, `at request ${before}`);
  }
  // The very beginning, where no strip is.
  await moment.press("Home");
  await page.locator("[data-part=strips] .kvs-strips").waitFor({ state: "hidden" });
  assert.equal((await moment.boundingBox())!.y, y, "at the beginning");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a run that is paused, and one that has ended, are drawn whole", async () => {
  const { page, errors } = await openPage(browser, served.address + LANES);
  await page.waitForFunction(() => Number(document.querySelector('[data-figure="position"]')
    ?.getAttribute("data-value")) > 300);
  await part(page, "play").click();
  await part(page, "play").and(page.locator('[data-state="paused"]')).waitFor();
  await isWhole(page, "paused");
  await part(page, "play").click();
  await finished(page);
  await isWhole(page, "ended");
  assert.deepEqual(errors, []);
  await page.context().close();
});
