/** Something done to the cluster on the way is the run that was so from its start, to the byte. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { figure, finished, inLink, nodeColumn, openTab, part } from "./actions.ts";
import { kvscope, withoutCli } from "./cli.ts";
import { scratchFile } from "./data.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const LINK = "#v=1&workload=toolagent&requests=4000&speed=max&nodes=4&capacity_blocks=800&seed=7"
  + "&clock=timed&router=least_loaded&eviction=lru";
const ARGS = ["--nodes", "4", "--capacity", "800", "--seed", "7", "--clock", "timed", "--router",
  "least_loaded", "--eviction", "lru", "--json"];

/** What the command line says of the run in which all of that was done. */
function toldOf(perturb: string[]): unknown {
  const trace = scratchFile("whatif.jsonl",
    kvscope("synth", "toolagent", "--seed", "7", "--requests", "4000"));
  const { trace: _, bad_lines: __, ...summary } = JSON.parse(kvscope("run", trace, ...ARGS,
    ...perturb.flatMap((text) => ["--perturb", text]))) as Record<string, unknown>;
  return summary;
}

/** The page at rest after so many requests. */
async function restAt(page: Page, at: number): Promise<void> {
  await page.waitForFunction((wanted) => document.querySelector('[data-figure="position"]')
    ?.getAttribute("data-value") === String(wanted)
    && document.querySelector("[data-part=play]")?.getAttribute("data-state") === "paused", at);
}

/** What the page saves of the run, as the command line prints it. */
async function saved(page: Page): Promise<unknown> {
  await part(page, "share").click();
  const [download] = await Promise.all([page.waitForEvent("download"),
    part(page, "save-json").click()]);
  return JSON.parse(readFileSync(await download.path(), "utf8")) as unknown;
}

/** Presses what does something, and waits until it stands in the list of what was done. */
async function does(page: Page, act: string, what: string): Promise<void> {
  await page.locator(`[data-panel="what-if"] [data-act="${act}"]`).click();
  await page.locator(`[data-done="${what}"]`).waitFor();
}

async function stateOf(page: Page, wanted: string): Promise<void> {
  await page.locator(`[data-panel="what-if"] .node-state`, { hasText: wanted }).waitFor();
}

test("done on the way equals done from the start", { skip: withoutCli("whatif") }, async () => {
  const { page, errors } = await openPage(browser, `${served.address}${LINK}&at=1000`);
  await restAt(page, 1000);
  await openTab(page, "what-if");
  const node = part(page, "what-if-node");
  await node.selectOption("2");
  await does(page, "kill", "kill:2@1001");
  await stateOf(page, "dead");
  await node.selectOption("1");
  await does(page, "drain", "drain:1@1002");
  await stateOf(page, "draining");
  await restAt(page, 1002);
  await part(page, "moment").press("PageDown");
  await restAt(page, 802);
  await part(page, "moment").press("PageUp");
  await part(page, "moment").press("PageUp");
  await restAt(page, 1202);
  await does(page, "heal", "heal:1@1203");
  await stateOf(page, "alive");
  await page.locator('[data-panel="what-if"] [data-part="slow-factor"]').fill("3");
  await does(page, "slow", "slow:1:3@1204");
  await stateOf(page, "× 3");
  await part(page, "add-nodes").fill("2");
  await does(page, "add", "add:2@1205");
  await restAt(page, 1205);
  await part(page, "rate-factor").fill("1.5");
  await does(page, "rate", "rate:1.5@1206");
  await restAt(page, 1206);
  const block = await part(page, "hot-block").inputValue();
  await does(page, "forget", `forget:${block}@1207`);
  await openTab(page, "nodes");
  await page.locator('[data-node="5"]').waitFor();
  await restAt(page, 1207);
  assert.deepEqual(await nodeColumn(page, "state"), [1, 1, 3, 1, 1, 1]);
  await part(page, "play").click();
  await finished(page);
  const there = toldOf(["kill:2@1001", "drain:1@1002", "heal:1@1203", "slow:1:3@1204", "add:2@1205",
    "rate:1.5@1206", `forget:${block}@1207`]);
  assert.deepEqual(await saved(page), there);
  const link = page.url();
  assert.deepEqual(errors, []);
  await page.context().close();
  const again = await openPage(browser, link);
  await finished(again.page);
  assert.deepEqual(await saved(again.page), there);
  await again.page.context().close();
});

test("what was done is taken back, and the run is as it was", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${LINK}&at=1000`);
  await restAt(page, 1000);
  const before = await figure(page, "hit_rate_beside");
  const evicted = await figure(page, "evictions_short");
  await openTab(page, "what-if");
  await does(page, "kill", "kill:0@1001");
  await page.locator('[data-take-back="0"]').click();
  await page.locator("[data-done]").waitFor({ state: "detached" });
  await inLink(page, "perturb", null);
  await restAt(page, 1001);
  await part(page, "moment").press("ArrowLeft");
  await restAt(page, 1000);
  assert.equal(await figure(page, "hit_rate_beside"), before);
  assert.equal(await figure(page, "evictions_short"), evicted);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a kill is taken back with the heal that only ends it, and says so before", async () => {
  const { page, errors } = await openPage(browser,
    `${served.address}${LINK}&perturb=kill:3@500*heal:3@3000&at=1000`);
  await restAt(page, 1000);
  await openTab(page, "what-if");
  const told = page.locator('[data-panel="what-if"] .done');
  // A word for one thing: in what a kill did, and in the sum below.
  const twice = /lost · ([\d,]+) requests? retried.*In all .* \1 requests? retried/s;
  await told.filter({ hasText: twice }).waitFor({ timeout: 10_000 });
  const flag = page.locator('.timeline [data-mark="due"]', { hasText: "H" });
  assert.equal(await flag.getAttribute("title"), "Node 3 healed, to come");
  await page.locator('[data-done="heal:3@3000"]', { hasText: "to come before request 3,000" })
    .waitFor();
  const back = page.locator('[data-take-back="0"]');
  assert.match(await back.getAttribute("title") ?? "", /with it goes “Node 3 healed”/);
  await back.click();
  await page.locator("[data-done]").first().waitFor({ state: "detached" });
  await inLink(page, "perturb", null);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("how many times as slow is read in whole", async () => {
  const { page } = await openPage(browser, `${served.address}${LINK}&at=1000`);
  await restAt(page, 1000);
  await openTab(page, "what-if");
  const factor = page.locator('[data-panel="what-if"] [data-part="slow-factor"]');
  await factor.fill("1000");
  // The field's arrows come with the pointer, and stand beside what is typed.
  const ARROWS_PX = 18;
  const [room, needed] = await factor.evaluate((field) => {
    const { fontSize, fontWeight, fontFamily, paddingLeft, paddingRight }
      = getComputedStyle(field);
    const pen = document.createElement("canvas").getContext("2d")!;
    pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    return [field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight),
      pen.measureText("1000").width];
  });
  assert.ok(needed! + ARROWS_PX <= room!, `${needed} in ${room} px`);
  await page.context().close();
});

test("so many nodes as cannot join are refused beside the field, with the range", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${LINK}&at=1000`);
  await restAt(page, 1000);
  await openTab(page, "what-if");
  const field = part(page, "add-nodes");
  const add = page.locator('[data-panel="what-if"] [data-act=add]');
  const error = page.locator(".what-if-forms .error");
  for (const [typed, why] of [["0", "from 1 to 1020; found 0"],
    ["1.5", "from 1 to 1020; found 1.5"],
    ["1021", "from 1 to 1020; found 1021"], ["", "found nothing"]] as const) {
    await field.fill(typed);
    await add.click();
    await error.filter({ hasText: why }).waitFor();
    assert.equal(await field.getAttribute("aria-invalid"), "true");
  }
  await inLink(page, "perturb", null);
  await field.fill("2");
  await does(page, "add", "add:2@1001");
  await error.waitFor({ state: "hidden" });
  assert.deepEqual(errors, []);
  await page.context().close();
});

/** A mark that is pressed and held keeps its moment while the hand is still, or is dragged. */
async function dragsFrom(page: Page, mark: Locator): Promise<void> {
  const { x, y, width, height } = (await mark.boundingBox())!;
  const at = { x: x + width / 2, y: y + height / 2 };
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x + 2, at.y);
  await page.waitForTimeout(300);
  await restAt(page, 2002);
  await page.mouse.move(at.x + 80, at.y);
  await page.waitForFunction(() => Number(document.querySelector('[data-figure="position"]')!
    .getAttribute("data-value")) > 2100);
  await page.mouse.up();
}

test("a node of the picture is chosen and killed, marked, and taken back at once", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${LINK}&at=2000`);
  await restAt(page, 2000);
  const box = (await part(page, "cluster").boundingBox())!;
  await part(page, "cluster").click({ position: { x: box.width * 0.12, y: box.height * 0.6 } });
  const bar = part(page, "node-bar");
  await bar.locator("[data-act=kill]").click();
  await bar.locator('.node-state[data-state="dead"]').waitFor();
  await page.locator('.timeline [data-mark="done"]').waitFor();
  await bar.locator("[data-act=heal]").click();
  await bar.locator('.node-state[data-state="alive"]').waitFor();
  await part(page, "keep").click();
  const kept = page.locator('.timeline [data-mark="moment"]');
  await kept.waitFor();
  await inLink(page, "moments", "2002");
  await part(page, "moment").press("PageUp");
  await restAt(page, 2202);
  await kept.click();
  await restAt(page, 2002);
  await dragsFrom(page, kept);
  await kept.click();
  await restAt(page, 2002);
  await part(page, "keep").click();
  await kept.waitFor({ state: "detached" });
  await bar.locator("[data-part=node-close]").click();
  await bar.waitFor({ state: "hidden" });
  await part(page, "cluster").click({ position: { x: box.width * 0.12, y: box.height * 0.6 } });
  await bar.waitFor();
  await page.keyboard.press("Escape");
  await bar.waitFor({ state: "hidden" });
  await openTab(page, "what-if");
  await page.locator('[data-panel="what-if"] [data-act=clear]').click();
  await page.locator("[data-done]").first().waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("that no node was left is told first, and strips keep the trace's time", async () => {
  const { page, errors } = await openPage(browser, `${served.address}#v=1&workload=toolagent`
    + "&requests=3000&nodes=2&router=random&b.router=round_robin&speed=max"
    + "&perturb=kill:0@1000*kill:1@1000");
  await finished(page);
  await page.locator("[data-part=sentence]",
    { hasText: /A turned 2,001 of 3,000 requests away; .* B turned 2,001 of/ }).waitFor();
  await page.locator('[aria-label="Leave lane B out"]').click();
  await page.locator("[data-part=watch]", { hasText: "2,001 of 3,000 requests were turned" })
    .waitFor();
  const cursor = page.locator('[aria-label="Time cursor of the strips"]');
  await cursor.press("End");
  // The last that was served came after two and a half minutes.
  assert.match((await cursor.getAttribute("aria-valuetext"))!, /^00:07:\d\d · request 3,000,/);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("what cannot be done now is said, and the run stays as it was", async () => {
  const { page, errors } = await openPage(browser,
    `${served.address}${LINK}&perturb=kill:1@3000&at=1000`);
  await restAt(page, 1000);
  await openTab(page, "what-if");
  await part(page, "what-if-node").selectOption("1");
  await page.setViewportSize({ width: 390, height: 700 });
  const notice = page.locator("[data-part=notice]", { hasText: "cannot be done now" });
  await page.locator('[data-panel="what-if"] [data-act=kill]').click();
  await notice.waitFor();
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector("[data-notice]")!.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
  await inLink(page, "perturb", "kill:1@3000");
  await restAt(page, 1000);
  await stateOf(page, "alive");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("lanes have it done to them alike, and a parameter to one of them", async () => {
  const two = `${LINK.replace("least_loaded", "cache_aware")}&b.router=least_loaded&at=1000`;
  const { page, errors } = await openPage(browser, served.address + two);
  await page.locator('.lane-card[data-lane="B"]').waitFor();
  await restAt(page, 1000);
  await openTab(page, "what-if");
  await part(page, "what-if-node").selectOption("1");
  await page.locator('[data-panel="what-if"]').filter({ hasText: "done in every lane" }).waitFor();
  await does(page, "drain", "drain:1@1001");
  await part(page, "live-param").selectOption("router.load_weight");
  await part(page, "live-value").fill("3");
  await does(page, "set", "set:router.load_weight=3@1002");
  await page.locator('[data-chip="B"]').click();
  await page.locator('[data-done="set:router.load_weight=3@1002"]').waitFor({ state: "detached" });
  await page.locator('[data-done="drain:1@1001"]').waitFor();
  await inLink(page, "b.perturb", "drain:1@1001");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("while nodes are away, strips, figures and table have the shares of the others", async () => {
  // At half the rate the run's seconds are not the trace's.
  const { page, errors } = await openPage(browser, `${served.address}${LINK}&at=1500`
    + "&clock.rate=0.5&perturb=kill:0@1000*drain:1@1200*heal:1@999999");
  await restAt(page, 1500);
  await openTab(page, "nodes");
  const share = (100 * await figure(page, "largest_share")).toFixed(1);
  const words = { hasText: new RegExp(`${share}\\s%`) };
  const shares = page.locator('[data-node] [data-column="work_tokens"]');
  for (const place of [part(page, "strips"), shares.filter(words)]) {
    await place.filter(words).waitFor();
  }
  const told = (await shares.allInnerTexts()).map((text) => Number.parseFloat(text));
  assert.deepEqual(told.slice(0, 2), [Number.NaN, Number.NaN]);
  assert.ok(Math.abs(told[2]! + told[3]! - 100) < 0.2, String(told));
  await openTab(page, "what-if");
  const never = page.locator('[data-done="heal:1@999999"]');
  await never.getByText("to come before request 999,999").waitFor();
  await part(page, "moment").press("End");
  await never.getByText("planned before request 999,999; the trace ended earlier").waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});
