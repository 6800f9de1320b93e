/** The views beside the run: what a cache is worth, what is in the trace, sweeps. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { part } from "./actions.ts";
import { DESKTOP, PHONE, openPage } from "./harness.ts";
import { HOLD, clickAmong, hold } from "./held.ts";
import { browser, served } from "./site.ts";

/** Short enough for a sweep to be quick, long enough for caches to fill. */
const SHORT = "#v=1&workload=toolagent&requests=3000&speed=max&nodes=4&capacity_blocks=2000"
  + "&router=cache_aware&eviction=lru&seed=7";

async function open(page: Page, view: string): Promise<void> {
  await page.locator(`[data-view-of=${view}]`).click();
}

/** Waits until the question of a block has been answered. */
async function done(page: Page, within: string): Promise<void> {
  await page.locator(`${within} .status[data-phase=done]`).first().waitFor({ timeout: 60_000 });
}

async function vary(page: Page, axes: Record<string, string>): Promise<void> {
  const form = page.locator(".grid-form");
  for (const name of ["router", "capacity_blocks"]) {
    if (!(name in axes)) await form.locator(`[data-axis="${name}"] .icon-button`).click();
  }
  for (const [name, values] of Object.entries(axes)) {
    const axis = form.locator(`[data-axis="${name}"]`);
    if ((await axis.count()) === 0) await form.locator("select").selectOption(name);
    await axis.locator("input[type=text]").fill(values);
    await axis.locator("input[type=text]").blur();
  }
}

async function sweep(page: Page, axes: Record<string, string>): Promise<void> {
  await vary(page, axes);
  await page.locator(".grid-form [data-act=sweep]").click();
}

/** The runs on the page: cell, values of the axes as shown, and exact figures by metric. */
async function rows(page: Page): Promise<{ cell: number; figures: Record<string, string> }[]> {
  const lines = page.locator("[data-block=sweep] tr[data-cell]");
  return lines.evaluateAll((all) => all.map((line) => ({
    cell: Number(line.getAttribute("data-cell")),
    figures: Object.fromEntries([...line.querySelectorAll("[data-metric]")].map((cell) =>
      [cell.getAttribute("data-metric")!, cell.getAttribute("data-value")!])),
  })));
}

test("LRU in one pass equals LRU run at each capacity, and the run goes on behind", async () => {
  const { page, errors } = await openPage(browser, served.address + SHORT);
  await open(page, "plan");
  await done(page, "[data-view=plan]");
  const curve = await page.locator("[data-figure-of=curve] tbody tr").evaluateAll((lines) =>
    lines.map((line) => [...line.querySelectorAll("[data-value]")].map((cell) =>
      Number(cell.getAttribute("data-value")))));
  assert.ok(curve.length > 10, `${curve.length} capacities`);
  const chosen = [3, 9, 15, 20].map((at) => curve[at]!);
  const capacities = chosen.map(([capacity]) => capacity);
  await sweep(page, { nodes: "1", capacity_blocks: capacities.join(", ") });
  await done(page, "[data-block=sweep]");
  const found = (await rows(page)).map(({ figures }) => Number(figures["token_hit_rate"]));
  assert.deepEqual(found, chosen.map(([, rate]) => rate));
  assert.ok(found.at(-1)! > found[0]!, "larger caches hit more");
  assert.match(page.url(), /view=plan/);
  await open(page, "run");
  await page.locator("[data-part=cluster]").waitFor();
  const position = page.locator('[data-figure="position"]');
  assert.ok(Number(await position.getAttribute("data-value")) > 0, "the run is still there");
  await open(page, "plan");
  assert.equal((await rows(page)).length, 4, "and so are the results");
  assert.deepEqual(errors, []);
  await page.close();
});

test("a sweep that was cancelled and gone on with has the rows of one that was not", async () => {
  const { page, errors } = await openPage(browser, served.address + SHORT, DESKTOP, HOLD);
  await open(page, "plan");
  await done(page, "[data-view=plan]");
  const axes = { capacity_blocks: "200, 500, 1000, 2000, 4000, 8000",
    nodes: "2, 3, 5, 8, 13, 21, 34, 55" };
  const cells = 48;
  await vary(page, axes);
  await clickAmong(page, ".grid-form [data-act=sweep]", "[data-block=sweep] [data-act=cancel]",
    "[data-block=sweep] tr[data-cell]", 1);
  await page.locator("[data-block=sweep] .status[data-phase=cancelled]").waitFor();
  const before = await rows(page);
  assert.ok(before.length < cells, "some were left");
  await page.locator("[data-block=sweep] [data-act=again]").click();
  await done(page, "[data-block=sweep]");
  const resumed = await rows(page);
  assert.deepEqual(resumed.map(({ cell }) => cell), Array.from({ length: cells }, (_, i) => i));
  await hold(page, true);
  await page.locator(".grid-form [data-act=sweep]").click();
  await page.locator("[data-block=sweep] .status:not([data-phase=done])").waitFor();
  await hold(page, false);
  await done(page, "[data-block=sweep]");
  assert.deepEqual(await rows(page), resumed);
  assert.deepEqual(errors, []);
  await page.close();
});

test("a grid that cannot be run says every reason", async () => {
  const { page } = await openPage(browser, served.address + SHORT);
  await open(page, "plan");
  await done(page, "[data-view=plan]");
  await sweep(page, { nodes: "0, 4", capacity_blocks: "x" });
  const status = page.locator("[data-block=sweep] .status[data-phase=failed]");
  await status.waitFor();
  const reasons = await status.locator("li").allInnerTexts();
  assert.ok(reasons.some((one) => one.includes("nodes")), reasons.join("\n"));
  assert.ok(reasons.some((one) => one.includes("capacity_blocks")), reasons.join("\n"));
  await page.close();
});

test("the facts are of the whole trace", async () => {
  const { page, errors } = await openPage(browser, served.address + SHORT);
  await open(page, "trace");
  await done(page, "[data-view=trace]");
  const fact = (name: string) =>
    page.locator(`[data-fact="${name}"]`).getAttribute("data-value").then(Number);
  assert.equal(await fact("Requests"), 3000);
  assert.ok(await fact("Zipf exponent") > 0);
  const counted = await page.locator("[data-figure-of=rates] tbody tr").evaluateAll((lines) =>
    lines.reduce((sum, line) => sum + Number(line.children[1]!.getAttribute("data-value")), 0));
  assert.equal(counted, 3000, "every request stands in a bin of time");
  assert.deepEqual(errors, []);
  await page.close();
});

/** A file of the page, asked for by nothing but its name. */
const OWN_FILE = /^\/assets\/[\w.-]+$/;

test("what a view needs is asked for when one is opened, by name and once", async () => {
  const asked = served.asked.length;
  const { page, errors } = await openPage(browser, served.address + SHORT);
  const first = served.asked.slice(asked);
  const cores = first.filter((path) => path.endsWith(".wasm")).map((path) =>
    path.replace(/-.*/, ""));
  assert.deepEqual(cores.sort(), ["/assets/kvscope_first", "/assets/kvscope_whole"]);
  await open(page, "trace");
  await done(page, "[data-view=trace]");
  const later = served.asked.slice(asked + first.length);
  assert.deepEqual(later.filter((path) => !OWN_FILE.test(path)), []);
  assert.equal(later.filter((path) => path.endsWith(".wasm")).length, 1, later.join(" "));
  await open(page, "plan");
  await done(page, "[data-view=plan]");
  assert.deepEqual(served.asked.slice(asked + first.length + later.length), []);
  assert.deepEqual(errors, []);
  await page.close();
});

test("a view that cannot be loaded says so, and the page loaded again has it", async () => {
  const { page } = await openPage(browser, served.address + SHORT);
  await page.route("**/assets/**", (route) => route.abort());
  await open(page, "trace");
  await page.getByText("The view could not be loaded").waitFor();
  await page.unroute("**/assets/**");
  await page.locator("[data-act=load-again]").click();
  await done(page, "[data-view=trace]");
  await page.close();
});

test("a view says what it waits for, and does not wait for all of it", async () => {
  const link = served.address + SHORT.replace("requests=3000", "requests=20000");
  const { page, errors } = await openPage(browser, link, DESKTOP, HOLD);
  await open(page, "plan");
  await done(page, "[data-block=curve]");
  await page.locator("[data-act=advice]").click();
  const advice = page.locator("[data-block=advice] .status");
  const working = advice.getByText(/Working\. \d+ of/);
  const of = /of \d+ runs/.exec(await working.innerText())![0];
  await hold(page, true);
  await open(page, "trace");
  await page.locator("[data-view=trace]")
    .getByText("Waiting for a free worker behind the comparison of policies.").waitFor();
  await hold(page, false);
  await done(page, "[data-view=trace]");
  // It waited no longer than a run takes: the comparison is still at the runs it was at.
  await open(page, "plan");
  await advice.getByText(new RegExp(`Working\\. [1-9]\\d* ${of}`)).waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});

for (const [name, lanes] of [["one cluster", ""], ["two", "&b.router=random"]] as const) {
  test(`a run that ends behind a view has its picture's height afterwards, ${name}`, async () => {
    const canvas = lanes === "" ? "[data-part=cluster]" : "[data-part=multiples] canvas";
    const height = (page: Page) =>
      page.locator(canvas).first().evaluate((element) => element.clientHeight);
    const link = served.address + SHORT.replace("nodes=4", "nodes=16")
      .replace("speed=max", "speed=400") + lanes;
    const { page } = await openPage(browser, link);
    await page.locator("[data-part=play][data-state=playing]").waitFor();
    const before = await height(page);
    await open(page, "ledger");
    await page.getByText("The run on the page has ended").waitFor();
    await open(page, "run");
    await page.waitForFunction(([shown, wanted]) =>
      document.querySelector(shown)?.clientHeight === wanted, [canvas, before] as const);
    await page.close();
  });
}

test("on a phone no view is wider than the screen", async () => {
  const { page } = await openPage(browser, served.address + SHORT, PHONE);
  for (const view of ["plan", "requests", "trace", "learn", "ledger"]) {
    await open(page, view);
    if (view === "learn") await page.locator("[data-study]").first().waitFor();
    else if (view === "ledger") await page.locator("tr[data-row]").first().waitFor();
    else await done(page, `[data-view=${view}]`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(wide, PHONE.viewport!.width, view);
  }
  await page.context().close();
});

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

for (const [name, options] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing in the views, ${name}, ${colorScheme}`, async () => {
      const link = `${served.address}${SHORT}&vary.router=round_robin*cache_aware&seeds=2`;
      const { page } = await openPage(browser, link, { ...options, colorScheme });
      await page.evaluate(axe);
      for (const view of ["plan", "requests", "trace", "learn", "ledger"]) {
        await open(page, view);
        if (view === "learn") await page.locator("[data-study]").first().waitFor();
        else if (view === "ledger") await page.locator("tr[data-row]").first().waitFor();
        else await done(page, `[data-view=${view}]`);
        if (view === "plan") {
          await page.locator("[data-act=sweep]").click();
          await done(page, "[data-block=sweep]");
          assert.equal((await rows(page)).length, 4, "the link says what varies");
        }
        const found = await page.evaluate(async () => {
          interface Axe {
            run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
          }
          const { violations } = await (window as unknown as { axe: Axe }).axe.run();
          return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`);
        });
        assert.deepEqual(found, [], view);
      }
      await page.context().close();
    });
  }
}

/** Tables of a block whose headings do not stand over their columns, and those that are cut off. */
const tablesOf = (page: Page, block: string) => page.locator(block).evaluate((whole) =>
  [...whole.querySelectorAll("table")].map((table) => {
    const rows = [...table.querySelectorAll("tr")].map((row) => [...row.children]);
    const beside = rows.slice(1).flatMap((cells) => cells.filter((cell, i) =>
      getComputedStyle(cell).textAlign !== getComputedStyle(rows[0]![i]!).textAlign));
    const box = table.parentElement!;
    return { name: box.getAttribute("aria-label") ?? "",
      beside: beside.map(({ textContent }) => textContent),
      cut: Math.max(0, box.scrollWidth - box.clientWidth) };
  }));

test("rankings are seen in whole, each heading over its column", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${SHORT}&clock=timed`
    + "&advice.seeds=2&advice.requests=100&advice.routers=random*hotspot_migration");
  await open(page, "plan");
  await page.locator("[data-act=advice]").click();
  await done(page, "[data-block=advice]");
  for (const width of [1440, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const tables = await tablesOf(page, "[data-block=advice]");
    assert.equal(tables.length, 5);
    assert.deepEqual(tables.map(({ beside }) => beside), tables.map(() => []));
    assert.deepEqual(tables.filter(({ cut }) => cut > 0).map(({ name, cut }) => `${name} ${cut}`),
      [], `at ${width} px`);
  }
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("labels of an axis do not touch, and a picture's words are not its title", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${SHORT}`);
  await open(page, "plan");
  await done(page, "[data-view=plan]");
  await page.getByLabel("Model, for bytes").selectOption({ index: 1 });
  for (const width of [1440, 1000, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForFunction(() => {
      const pictures = [...document.querySelectorAll(".chart-picture")];
      return pictures.length > 0 && pictures.every((one) =>
        Number(one.getAttribute("width")) === one.parentElement!.clientWidth);
    });
    const touching = await page.evaluate(() =>
      [...document.querySelectorAll(".chart-picture")].flatMap((one) => {
        const labels = [...one.querySelectorAll("text[text-anchor=middle]")]
          .map((text) => text.getBoundingClientRect());
        return labels.slice(1).map(({ left }, i) => left - labels[i]!.right)
          .filter((gap) => gap < 2);
      }));
    assert.deepEqual(touching, [], `at ${width} px`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, "trace");
  await done(page, "[data-view=trace]");
  const twice = await page.locator("[data-view=trace] .figure").evaluateAll((all) =>
    all.map((one) => [one.querySelector("h2")!, one.querySelector(".figure-say")!]
      .map(({ textContent }) => textContent!.toLowerCase().replace(".", "")))
      .filter(([title, say]) => title === say));
  assert.deepEqual(twice, []);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a number of nodes that has no curve is refused beside its field", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${SHORT}`);
  await open(page, "plan");
  await done(page, "[data-block=curve]");
  const nodes = page.locator("[data-nodes-of=curve]");
  const refused = page.locator("[data-block=curve] [role=alert]");
  for (const typed of ["0", "-3", "1000000000", "2.5"]) {
    await nodes.fill(typed);
    await nodes.blur();
    await refused.filter({ hasText: `found ${typed}.` }).waitFor();
    assert.equal(await nodes.getAttribute("aria-invalid"), "true");
    assert.doesNotMatch(page.url(), /curve\.nodes/);
  }
  await nodes.fill("2");
  await nodes.blur();
  await page.waitForFunction(() => location.hash.includes("curve.nodes=2"));
  assert.equal(await refused.isVisible(), false);
  await done(page, "[data-block=curve]");
  assert.deepEqual(errors, []);
  await page.close();
});

test("what a link asks for and is not here is said in the view that it opens", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&view=learn&study=zzz&speed=-1`);
  const said = page.locator('main[data-view="learn"] [data-notice="link"]');
  await said.getByText("“zzz”").waitFor();
  await said.getByText("“speed=-1” has no such value").waitFor();
  await page.locator("[data-view-of=run]").click();
  await part(page, "stage").locator('[data-notice="link"]').getByText("“zzz”").waitFor();
  await page.context().close();
});
