/** Lanes beside each other on the page: each is the run it would be alone. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { drop, figure, finished, inLink, openTab, part } from "./actions.ts";
import { kvscope, withoutCli } from "./cli.ts";
import { scratchFile } from "./data.ts";
import { PHONE, openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

interface Told {
  metrics: { id: string; lanes: ({ mean: number } | null)[] }[];
}

const SHARED = "#v=1&workload=toolagent&requests=3000&speed=max&nodes=4&capacity_blocks=800&seed=7"
  + "&eviction=lru";
const LOGICAL = ["router=cache_aware&router.load_weight=20", "router=hotspot_migration&nodes=6",
  "router=random&eviction=fifo"];
const TIMED = ["router=conductor", "router=least_loaded"];

/** A link of these lanes; the second's names begin with b, and so on. */
function link(clock: string, lanes: string[]): string {
  const [first, ...others] = lanes.map((lane, i) => lane.split("&").map((pair) =>
    (i === 0 ? pair : `${String.fromCharCode(97 + i)}.${pair}`)).join("&"));
  return [`${SHARED}&clock=${clock}`, first, ...others].join("&");
}

/** What was served last stands in the table when the last columns have come. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => ["A", "B"].every((lane) => {
    const card = document.querySelector(`.lane-card[data-lane="${lane}"] b[data-value]`);
    const cell = document.querySelector(`[data-metric="token_hit_rate"][data-lane="${lane}"]`);
    return card?.getAttribute("data-value") === cell?.getAttribute("data-value");
  }));
}

/** The headline table, once it is of the whole run. */
async function headline(page: Page): Promise<Record<string, Record<string, string>>> {
  await finished(page);
  const first = '[data-metric="token_hit_rate"][data-lane="A"]:not([data-value=""])';
  await page.locator(first).waitFor();
  await settled(page);
  const cells = await page.locator("[data-part=compare] [data-metric]").evaluateAll((all) =>
    all.map((cell) => ["data-lane", "data-metric", "data-value"].map((name) =>
      cell.getAttribute(name)!)));
  const found: Record<string, Record<string, string>> = {};
  for (const [lane, metric, value] of cells) (found[lane!] ??= {})[metric!] = value!;
  return found;
}

/** What the page saves of a run, as the command line prints it. */
async function saved(page: Page): Promise<Record<string, unknown>> {
  await part(page, "share").click();
  const [download] = await Promise.all([page.waitForEvent("download"),
    part(page, "save-json").click()]);
  return JSON.parse(readFileSync(await download.path(), "utf8")) as Record<string, unknown>;
}

const at = (summary: Record<string, unknown>, id: string): unknown =>
  id.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], summary);

for (const [clock, lanes] of [["logical", LOGICAL], ["timed", TIMED]] as const) {
  test(`lanes equal single runs, ${clock}`, async () => {
    const together = await openPage(browser, served.address + link(clock, lanes));
    const table = await headline(together.page);
    const all = await saved(together.page) as { lanes: { run: unknown }[] };
    assert.deepEqual(Object.keys(table), lanes.map((_, i) => "ABCD"[i]));
    assert.deepEqual(together.errors, []);
    await together.page.context().close();
    for (const [i, lane] of lanes.entries()) {
      // What a lane says goes before what all share.
      const names = new URLSearchParams(lane);
      const shared = new URLSearchParams(link(clock, [""]).slice(1));
      for (const [name, value] of names) shared.set(name, value);
      const alone = await openPage(browser, `${served.address}#${shared}`);
      await finished(alone.page);
      const run = await saved(alone.page);
      assert.deepEqual(all.lanes[i]!.run, run, `lane ${i}`);
      for (const [id, value] of Object.entries(table["ABCD"[i]!]!)) {
        assert.equal(value, String(at(run, id)), `${id} of lane ${i}`);
      }
      await alone.page.context().close();
    }
  });
}

test("one click sets a second cluster beside the first, and its menu is at hand", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${SHARED}&router=random`);
  await finished(page);
  const hits = (await page.locator('[data-figure="hit_rate"]').getAttribute("data-value"))!;
  const [hit, all] = hits.split("/").map(Number);
  await part(page, "compare-with").click();
  await page.locator('.lane-card[data-lane="B"]').waitFor();
  await inLink(page, "b.router", "round_robin");
  await headline(page);
  assert.equal(await page.locator('[data-choice="router"]').inputValue(), "round_robin");
  await page.locator("[data-part=sentence]", { hasText: "random against round_robin" }).waitFor();
  const first = page.locator('[data-metric="token_hit_rate"][data-lane="A"]');
  assert.equal(Number(await first.getAttribute("data-value")), hit! / all!);
  // Another router for B alone, and B's own number of nodes.
  await page.locator('[data-choice="router"]').selectOption("cache_aware");
  await inLink(page, "b.router", "cache_aware");
  await page.locator("[data-part=sentence]", { hasText: "random against cache_aware" }).waitFor();
  await page.locator('[data-chip="A"]').click();
  await page.locator('[data-choice="router"]:not(:focus)').waitFor();
  await page.waitForFunction(() =>
    document.querySelector<HTMLSelectElement>('[data-choice="router"]')!.value === "random");
  // Without B the page is as it was.
  await page.locator('[aria-label="Leave lane B out"]').click();
  await inLink(page, "b.router", null);
  await part(page, "cluster").waitFor();
  await finished(page);
  await page.locator(`[data-figure="hit_rate"][data-value="${hits}"]`).waitFor();
  assert.equal(await part(page, "compare").isVisible(), false);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a lane that comes or goes leaves the run at its moment", async () => {
  const { page, errors } = await openPage(browser,
    `${served.address}#v=1&workload=toolagent&requests=3000&router=random&speed=100&at=700`);
  const at700 = page.locator('[data-figure="position"][data-value="700"]');
  await at700.waitFor();
  await part(page, "compare-with").click();
  await page.locator('[data-metric="token_hit_rate"][data-lane="B"]').waitFor();
  await at700.waitFor();
  assert.equal(await part(page, "play").getAttribute("data-state"), "paused");
  await page.locator('[aria-label="Leave lane B out"]').click();
  await inLink(page, "b.router", null);
  await page.locator('[data-part=compare]').waitFor({ state: "hidden" });
  await at700.waitFor();
  await part(page, "play").click();
  await part(page, "compare-with").click();
  await page.locator('[data-metric="token_hit_rate"][data-lane="B"]').waitFor();
  await part(page, "play").and(page.locator('[data-state="playing"]')).waitFor();
  assert.ok(await figure(page, "position") >= 700);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a link has the lane and the tab that were looked at", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${link("timed", TIMED)}`);
  await headline(page);
  await page.locator('[data-chip="B"]').click();
  await openTab(page, "nodes");
  await inLink(page, "lane", "b");
  await inLink(page, "tab", "nodes");
  const other = await openPage(browser, page.url());
  await other.page.locator('[data-chip="B"][aria-pressed=true]').waitFor();
  await other.page.locator("[data-tab=nodes][aria-selected=true]").waitFor();
  // What comes with the rest of the page is asked for, and comes.
  await other.page.locator("[data-panel=nodes] [data-node]").first().waitFor();
  await page.locator('[data-chip="A"]').click();
  await openTab(page, "migrations");
  await inLink(page, "lane", null);
  await inLink(page, "tab", null);
  assert.deepEqual([...errors, ...other.errors], []);
  await other.page.context().close();
  await page.context().close();
});

test("lanes over seeds are what the command line prints",
  { skip: withoutCli("lanes over seeds") }, async () => {
    const lanes = ["router=random", "router=cache_aware&router.load_weight=20"];
    const { page, errors } = await openPage(browser, served.address + link("logical", lanes));
    await headline(page);
    await page.locator("[data-block=repeat] select").selectOption("3");
    await page.locator("[data-act=repeat]").click();
    const done = page.locator("[data-block=repeat] .status[data-phase=done]");
    await done.waitFor({ timeout: 120_000 });
    await page.locator("[data-block=repeat][data-seeds='3']").waitFor();
    const trace = scratchFile("repeat.jsonl", kvscope("synth", "toolagent", "--seed", "7",
      "--requests", "3000"));
    const there = JSON.parse(kvscope("compare", trace, "--nodes", "4", "--capacity", "800",
      "--seed", "7", "--eviction", "lru", "--lane", "router=random", "--lane",
      "router=cache_aware:load_weight=20", "--seeds", "3", "--json")) as Told;
    for (const { id, lanes: figures } of there.metrics) {
      for (const [lane, figure] of figures.entries()) {
        const cell = page.locator(`[data-block=repeat] [data-metric="${id}"]`).nth(lane);
        assert.equal(await cell.getAttribute("data-value"), String(figure!.mean), id);
      }
    }
    const words = await page.locator("[data-block=repeat] [data-metric=token_hit_rate]").first()
      .innerText();
    assert.match(words, /%\s±\s[\d.]+\s%/);
    // Of other lanes nothing is told.
    await page.locator('[data-choice="router"]').selectOption("least_loaded");
    await page.locator("[data-block=repeat] table").waitFor({ state: "hidden" });
    assert.deepEqual(errors, []);
    await page.context().close();
  });

test("where nothing is left to chance, the page says so", async () => {
  const lanes = ["router=round_robin", "router=cache_aware"];
  const { page } = await openPage(browser, served.address + link("logical", lanes));
  await headline(page);
  await page.locator("[data-act=repeat]").click();
  await page.locator("[data-part=repeat-say]", { hasText: "over 5 seeds: exact" })
    .waitFor({ timeout: 120_000 });
  await page.context().close();
});

test("of one request it is said where each lane sent it, and why", async () => {
  const { page } = await openPage(browser, served.address + link("logical", LOGICAL));
  await headline(page);
  await page.locator("[data-tab=decision]").click();
  await page.locator('[data-panel="decision"]').waitFor();
  await part(page, "speed").fill("0.3");
  await part(page, "restart").click();
  await page.locator("[data-why]").nth(2).waitFor();
  await part(page, "play").click();
  await part(page, "step").click();
  await page.waitForFunction(() => [...document.querySelectorAll("[data-why]")].every((line) =>
    /\d/.test(line.textContent ?? "") && line.getAttribute("data-node") !== ""));
  await page.context().close();
});

test("a phone swipes from lane to lane", async () => {
  const url = served.address + link("logical", LOGICAL);
  const { page, errors } = await openPage(browser, url, PHONE);
  await headline(page);
  const { scrolls, wide } = await page.evaluate(() => {
    const list = document.querySelector<HTMLElement>("[data-part=multiples]")!;
    const cards = [...list.querySelectorAll<HTMLElement>(".lane-card")];
    return { scrolls: list.scrollWidth - list.clientWidth,
      wide: cards.map((it) => it.clientWidth) };
  });
  assert.ok(scrolls > 300, `${scrolls} pixels to swipe`);
  assert.ok(wide.every((width) => width > 300 && width < 390), wide.join());
  const overflow = await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("any moment can be gone to, and is the same from either side and by a link", async () => {
  const url = served.address + link("timed", TIMED);
  const { page, errors } = await openPage(browser, url);
  const there = async (on: Page, moment: number) => {
    await on.locator(`[data-figure="position"][data-value="${moment}"]`).waitFor();
    await settled(on);
    return on.locator("[data-part=compare] [data-metric]").evaluateAll((cells) =>
      cells.map((cell) => cell.getAttribute("data-value")));
  };
  await headline(page);
  const slider = part(page, "moment");
  const box = (await slider.boundingBox())!;
  await page.mouse.click(box.x + 0.4 * box.width, box.y + box.height / 2);
  await page.waitForFunction(() => {
    const position = document.querySelector('[data-figure="position"]')!;
    const at = Number(position.getAttribute("data-value"));
    return at > 1100 && at < 1300;
  });
  const moment = await figure(page, "position");
  const here = await there(page, moment);
  await slider.press("End");
  await there(page, 3000);
  await slider.press("Home");
  await there(page, 0);
  await slider.press("PageUp");
  await there(page, 150);
  await slider.press("ArrowLeft");
  await there(page, 149);
  const other = await openPage(browser, `${url}&at=${moment}`);
  assert.deepEqual(await there(other.page, moment), here);
  assert.deepEqual([...errors, ...other.errors], []);
  await other.page.context().close();
  await page.context().close();
});

test("of much that was done a lane has the count, and a saved picture has its names in whole",
  async () => {
    const done = "perturb=kill:2@500*drain:3@600*add:2@700*heal:2@800*forget:7@900";
    const lanes = [`router=cache_aware&${done}`, "router=hotspot_migration&eviction=s3fifo"
      + "&capacity_blocks=700&nodes=6&perturb=kill:1@500", `router=random&nodes=12&${done}`];
    const drawn = () => {
      const { fillText } = CanvasRenderingContext2D.prototype;
      const squeezed: string[] = [];
      const told: string[] = [];
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most) {
        if (!this.canvas.isConnected) told.push(text);
        if (most !== undefined && this.measureText(text).width > most) squeezed.push(text);
        fillText.call(this, text, x, y, most);
      };
      Object.assign(window, { squeezed, told });
    };
    const { page } = await openPage(browser, `${served.address}${link("logical", lanes)}&at=2000`,
      undefined, `(${drawn.toString()})()`);
    const name = page.locator('.lane-card[data-lane="A"] .lane-head b');
    await name.filter({ hasText: "5 perturbations" }).waitFor();
    assert.match((await name.getAttribute("title"))!, /kill:2@500, drain:3@600, add:2@700/);
    const sentence = part(page, "sentence");
    assert.match((await sentence.textContent())!, /perturbations: A 5 perturbations, B kill:1@500/);
    await part(page, "share").click();
    await Promise.all([page.waitForEvent("download"), part(page, "save-png").click()]);
    const { squeezed, told } = await page.evaluate(() => {
      const { squeezed, told } = window as unknown as { squeezed: string[]; told: string[] };
      return { squeezed, told };
    });
    assert.deepEqual(squeezed, []);
    const heads = await page.locator(".lane-head").evaluateAll((all) =>
      all.map((head) => [...head.children].slice(1).map((it) => it.textContent).join(" ")));
    for (const head of heads) assert.ok(told.join(" ").includes(head), `${head} in ${told}`);
    await page.context().close();
  });

test("what lanes differ in stands in their chips in whole", async () => {
  const lanes = ["router=random&nodes=16", "router=conductor&nodes=16",
    "router=hotspot_migration&nodes=16&eviction=s3fifo&capacity_blocks=700",
    "router=preble_e2&nodes=17"];
  const { page } = await openPage(browser, served.address + link("timed", lanes));
  const chips = page.locator(".chip-name > span:last-child");
  await chips.nth(3).filter({ hasText: "preble_e2" }).waitFor();
  for (const width of [1440, 1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const cut = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>(
      ".chip-name > span:last-child")].flatMap((name) => {
      const { right } = name.closest(".lane-chip")!.getBoundingClientRect();
      const whole = name.scrollWidth <= Math.ceil(name.getBoundingClientRect().width)
        && name.scrollHeight <= name.clientHeight + 1
        && right <= name.closest(".stage")!.getBoundingClientRect().right;
      return whole ? [] : [name.textContent];
    }));
    assert.deepEqual(cut, [], `at ${width} px`);
    const [text, title] = await chips.nth(2).evaluate((name) =>
      [name.textContent, name.getAttribute("title")]);
    assert.equal(title, text);
    assert.match(text!, /hotspot_migration.*nodes 16/);
  }
  await page.context().close();
});

test("of lanes that show the same none is marked best, however little they differ", async () => {
  const { page } = await openPage(browser,
    `${served.address}#v=1&speed=max&nodes=1&capacity_blocks=1&b.capacity_blocks=2`);
  const request = (block: number, tokens: number) => `{"timestamp": 0, "input_length": ${tokens}, `
    + `"output_length": 1, "hash_ids": [${block}]}\n`;
  // With room for two blocks one token of 40,963 is a hit, and one request of 83.
  const trace = [1, 2, 1].map((block) => request(block, 1)).join("")
    + Array.from({ length: 80 }, (_, i) => request(100 + i, 512)).join("");
  await drop(page, scratchFile("alike.jsonl", trace));
  await finished(page);
  await page.locator('[data-metric="prefix_hit_rate"][data-lane="B"][data-best]').waitFor();
  const tokens = page.locator('[data-metric="token_hit_rate"]');
  assert.ok(Number(await tokens.nth(1).getAttribute("data-value")) > 0);
  assert.deepEqual([await tokens.nth(0).getAttribute("data-best"),
    await tokens.nth(1).getAttribute("data-best")], [null, null]);
  await page.context().close();
});
