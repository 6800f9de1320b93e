/** Answers about a whole trace, held to the command line on the same trace. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import type { Page } from "playwright-core";
import { kvscope, withoutCli } from "./cli.ts";
import { scratchFile } from "./data.ts";
import { DESKTOP } from "./harness.ts";
import { HOLD, clickAmong } from "./held.ts";
import { browser, served } from "./site.ts";

const REQUESTS = 1500;
const LINK = `#v=1&workload=toolagent&requests=${REQUESTS}&speed=max&nodes=3&capacity_blocks=800`
  + "&router=cache_aware&eviction=lru&seed=7&view=plan";

let trace = "";

before(async () => {
  if (withoutCli("answers") !== false) return;
  trace = scratchFile("answers.jsonl", kvscope("synth", "toolagent", "--seed", "7", "--requests",
    String(REQUESTS)));
});

/** The page as a machine with so many cores has it; the first is the live view's. */
async function open(more: string, cores = 2): Promise<Page> {
  const context = await browser.newContext(DESKTOP);
  await context.addInitScript((count) => {
    Object.defineProperty(navigator, "hardwareConcurrency", { get: () => count });
  }, cores);
  await context.addInitScript(HOLD);
  const page = await context.newPage();
  await page.goto(served.address + LINK + more);
  await ended(page, "curve");
  return page;
}

async function ended(page: Page, block: string, phase = "done"): Promise<void> {
  await page.locator(`[data-block=${block}] .status[data-phase=${phase}]`)
    .waitFor({ timeout: 120_000 });
}

async function saved(page: Page, block: string, button: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"),
    page.locator(`[data-block=${block}] ${button}`).click()]);
  return readFileSync(await download.path(), "utf8");
}

const GRID = "&seeds=2&vary.router=round_robin*cache_aware&vary.capacity_blocks=100*400*1600"
  + "&vary.nodes=2*5";
/** Long enough to be given up on the way. */
const LONG = GRID.replace("seeds=2", "seeds=6");

for (const workers of [1, 2, 7]) {
  test(`a sweep by ${workers} workers, given up and gone on with, has the command line's bytes`,
    { skip: withoutCli("sweeps to the byte") }, async () => {
      const page = await open(LONG, workers + 1);
      await clickAmong(page, "[data-act=sweep]", "[data-block=sweep] [data-act=cancel]",
        "[data-block=sweep] tr[data-cell]", 1);
      await ended(page, "sweep", "cancelled");
      const given = JSON.parse(await saved(page, "sweep", "[data-save=json]")) as
        { grid: object; rows: unknown[] };
      assert.ok(given.rows.length < 72, "some were left");
      const journal = scratchFile(`journal-${workers}`, JSON.stringify(given) + "\n");
      const part = scratchFile("grid-of-part.json", JSON.stringify(given.grid));
      const resumed = kvscope("sweep", trace, part, "--resume", journal, "--json");
      assert.equal(resumed, kvscope("sweep", trace, part, "--json"));
      await page.locator("[data-block=sweep] [data-act=again]").click();
      await ended(page, "sweep");
      const text = await saved(page, "sweep", "[data-save=json]");
      const { grid } = JSON.parse(text) as { grid: object };
      const path = scratchFile("grid.json", JSON.stringify(grid));
      assert.equal(text, kvscope("sweep", trace, path, "--json"));
      const slice = scratchFile("page.json", text);
      assert.equal(kvscope("merge", slice, "--json"), text);
      assert.equal(await saved(page, "sweep", "[data-save=csv]"),
        kvscope("sweep", trace, path, "--csv"));
      await page.context().close();
    });
}

test("rows of a sweep become lanes, unless they differ in what lanes share", async () => {
  const page = await open(GRID);
  await page.locator("[data-act=sweep]").click();
  await ended(page, "sweep");
  const tick = (run: number) => page.getByLabel(`Compare run ${run}`, { exact: true }).check();
  const compare = page.locator("[data-act=compare-rows]");
  assert.equal(await compare.isDisabled(), true);
  // Runs 0 and 1 are one combination with two seeds.
  await tick(0);
  await tick(1);
  await compare.click();
  const why = page.locator("[data-block=sweep] .hint", { hasText: "these runs differ in seed" });
  await why.waitFor();
  await page.getByLabel("Compare run 1", { exact: true }).uncheck();
  await tick(22);
  const rates = await Promise.all([0, 22].map((run) => page.locator(
    `tr[data-cell="${run}"] [data-metric=token_hit_rate]`).getAttribute("data-value")));
  await compare.click();
  for (const [lane, rate] of rates.entries()) {
    await page.locator(`[data-part=compare] [data-metric=token_hit_rate][data-value="${rate}"]`)
      .nth(0).waitFor();
    assert.ok(rate !== null, `lane ${lane}`);
  }
  await page.context().close();
});

test("rows are filtered, and a point of the frontier opens from the keyboard", async () => {
  const page = await open(GRID);
  await page.locator("[data-act=sweep]").click();
  await ended(page, "sweep");
  const rows = page.locator("[data-block=sweep] tr[data-cell]");
  assert.equal(await rows.count(), 24);
  assert.doesNotMatch(await page.locator("[data-block=sweep]").innerText(),
    /capacity_blocks|round_robin|cache_aware/, "words, no ids");
  await page.locator("[data-filter=nodes]").selectOption("5");
  assert.equal(await rows.count(), 12);
  await page.locator("[data-block=sweep] input[type=search]").fill("round_robin seed=2");
  assert.equal(await rows.count(), 3);
  const shown = await saved(page, "sweep", "[data-save=csv-shown]");
  assert.equal(shown.trimEnd().split("\n").length, 1 + 3);
  // All points are one stop; arrows go from one to the next.
  const points = page.locator("[data-figure-of=frontier] [data-pick]");
  const stop = points.and(page.locator("[tabindex='0']"));
  assert.equal(await stop.count(), 1);
  await stop.focus();
  await page.keyboard.press("ArrowRight");
  const words = await page.locator("[data-figure-of=frontier] .chart-say").innerText();
  assert.match(words, /^\d+ blocks, nodes \d, (Round robin|Cache aware): [\d.]+\s%, [\d.]+\s%$/);
  const focused = points.and(page.locator(":focus"));
  assert.equal(await focused.getAttribute("aria-label"), words);
  await page.keyboard.press("Enter");
  await page.locator("[data-part=cluster]").waitFor();
  await page.waitForFunction(() => !location.hash.includes("view=plan"));
  const nodes = Number(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("nodes"));
  assert.ok([2, 5].includes(nodes) && words.includes(String(nodes)), page.url());
  await page.context().close();
});

test("curves bend where the command line's do, on one node and on a cluster",
  { skip: withoutCli("curves") }, async () => {
    interface Lines { lines: { name: string; points: unknown[] }[]; crossings: unknown[] }
    for (const [more, args] of [
      ["&curve=fifo*s3fifo", []],
      ["&curve=fifo&curve.nodes=4&curve.router=cache_aware", ["--nodes", "4", "--router",
        "cache_aware"]],
    ] as const) {
      const page = await open(more);
      const here = JSON.parse(await saved(page, "curve", "button:has-text('JSON')")) as Lines;
      const policies = here.lines.flatMap(({ name }) => ["--policy", name]);
      const there = JSON.parse(kvscope("curve", trace, ...policies, ...args, "--seed", "7",
        "--json")) as Lines;
      assert.deepEqual(here, there);
      await page.context().close();
    }
  });

test("a curve of a sample is the command line's estimate, and the whole one a choice away",
  { skip: withoutCli("samples") }, async () => {
    const page = await open("&curve=fifo&curve.sample=0.2");
    const here = JSON.parse(await saved(page, "curve", "button:has-text('JSON')")) as object;
    assert.deepEqual(here, JSON.parse(kvscope("curve", trace, "--policy", "lru", "--policy",
      "fifo", "--seed", "7", "--sample", "0.2", "--json")));
    await page.locator("[data-block=curve] .status", { hasText: /Estimated from 20 % of/ })
      .waitFor();
    const choice = page.locator("[data-part-of=sampling] select");
    await choice.selectOption("1");
    await page.locator("[data-block=curve] .status[data-phase=done]",
      { hasText: "LRU at every capacity" }).waitFor({ timeout: 120_000 });
    await page.waitForFunction(() => !location.hash.includes("curve.sample"));
    // A short trace needs no sample.
    await page.locator("[data-part-of=sampling]").waitFor({ state: "hidden" });
    await page.context().close();
  });

test("advice says what the command line says, also after it was given up",
  { skip: withoutCli("advice") }, async () => {
    const page = await open("&advice.seeds=2&advice.requests=200&clock=timed&weight.hit=2"
      + "&advice.routers=round_robin*conductor");
    await page.locator(".candidates summary").click();
    await page.locator("[data-advice=evictions] input[value=sieve]").check();
    const block = page.locator("[data-block=advice]");
    await clickAmong(page, "[data-block=advice] [data-act=advice]",
      "[data-block=advice] [data-act=cancel]", "[data-block=advice] .tree-leaf", 1);
    await ended(page, "advice", "cancelled");
    assert.notEqual(await block.getAttribute("data-missing"), "0");
    await block.locator("[data-act=again]").click();
    await ended(page, "advice");
    const here = JSON.parse(await saved(page, "advice", "button:has-text('JSON')")) as
      { words: string[]; rule: { applies: boolean }[] };
    const asked = ["--nodes", "3", "--capacity", "800", "--router", "cache_aware", "--clock",
      "timed", "--seed", "7", "--seeds", "2", "--scenario-requests", "200", "--weights", "hit=2",
      "--routers", "round_robin", "--routers", "conductor", "--evictions", "sieve"];
    assert.deepEqual(here, JSON.parse(kvscope("advise", trace, ...asked, "--json")));
    assert.deepEqual(await block.locator("[data-part-of=advice] li").allInnerTexts(), here.words);
    assert.equal(await block.locator(".tree-leaf[aria-current]").count(), 1);
    // Other weights run nothing.
    await block.locator("[data-advice=hit]").fill("0");
    await block.locator("[data-advice=hit]").blur();
    await page.waitForFunction(() => location.hash.includes("weight.hit=0"));
    await block.locator(".figure-say", { hasText: "Weights: hit 0" }).waitFor();
    await page.context().close();
  });

test("limits and their costs are the command line's", { skip: withoutCli("limits") }, async () => {
  const page = await open("&clock=timed&clock.slo_s=100&vary.router=round_robin"
    + "&vary.capacity_blocks=100*800&seeds=1");
  await page.locator("[data-act=limits]").click();
  await ended(page, "limits");
  await page.locator("[data-price=node]").fill("9");
  await page.locator("[data-price=gib]").fill("0.25");
  await page.locator("[data-price=gib]").blur();
  const path = scratchFile("limits.json", JSON.stringify({ base: { nodes: 3, eviction: "lru",
    clock: "timed:slo_s=100" }, axes: { router: ["round_robin"], capacity_blocks: [100, 800] },
  seeds: ["7"] }));
  const there = JSON.parse(kvscope("sweep", trace, path, "--saturation", "--node-cost", "9",
    "--gib-cost", "0.25", "--json")) as Found[];
  interface Found { rate: object; nodes: object; cost: number }
  await page.locator(`[data-block=limits] td[data-value="${there[1]!.cost}"]`).waitFor();
  const here = JSON.parse(await saved(page, "limits", "button:has-text('JSON')")) as
    { rows: Found[] };
  const found = (all: Found[]) => all.map(({ rate, nodes, cost }) => ({ rate, nodes, cost }));
  assert.deepEqual(found(here.rows), found(there));
  await page.context().close();
});
