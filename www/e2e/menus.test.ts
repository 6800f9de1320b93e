/** Every entry of every menu is pressed: the cluster runs, and nobody complains. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { drop, inLink, obstacle, openTab, part, runs } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { PHONE, openPage } from "./harness.ts";
import { browser, served } from "./site.ts";
import { CHOICES, TABLES, TABS, type ChoiceName } from "../src/state/setup.ts";
import type { Citation } from "../src/engine/tables.ts";
import type { ParamSpec, TableRow } from "../src/engine/protocol.ts";
import { loadCore, type Core } from "../test/core.ts";

let tables: ReturnType<Core["policies"]>;
before(async () => {
  tables = (await loadCore()).core.policies();
});

/** Slow enough that no run ends while somebody looks at it. */
const START = "#v=1&workload=toolagent&speed=300&nodes=4&capacity_blocks=2000";

/** Few pixels that move: hundreds of runs begin here. */
const PLAIN: BrowserContextOptions =
  { viewport: { width: 1000, height: 600 }, reducedMotion: "reduce" };

/** A page on which everything can be reached, and what its console has said. */
async function open(): Promise<{ page: Page; errors: string[] }> {
  const opened = await openPage(browser, served.address + START, PLAIN);
  // Where less motion is asked for, the first run rests.
  await opened.page.locator('[data-part=play][data-state="paused"]').waitFor();
  await part(opened.page, "restart").click();
  await showAll(opened.page);
  return opened;
}

async function showAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const more of document.querySelectorAll("details")) more.open = true;
  });
}

async function runsWell(page: Page, errors: string[], what: string): Promise<void> {
  await runs(page).catch((error: unknown) => {
    throw new Error(`${what} does not run: ${String(error)}`);
  });
  assert.equal(await obstacle(page), "", what);
  assert.deepEqual(errors, [], what);
}

const menu = (page: Page, name: ChoiceName) => page.locator(`[data-choice=${name}]`);
const control = (page: Page, name: ChoiceName, spec: ParamSpec): Locator =>
  page.locator(`.group:has([data-choice=${name}]) [data-param="${spec.name}"]`);

async function choose(page: Page, name: ChoiceName, id: string): Promise<void> {
  await menu(page, name).selectOption(id);
  await inLink(page, name, id);
}

/** Sets what a row needs of the other menus, and nothing that it does not need. */
async function meet(page: Page, name: ChoiceName, needs: string[]): Promise<void> {
  const clock = needs.includes("timed_clock") ? "timed" : "logical";
  const there = name === "clock" ? clock : await menu(page, "clock").inputValue();
  if (there !== clock) await choose(page, "clock", clock);
  const insertion = page.locator('[data-param="insertion"] select');
  const wanted = needs.includes("tree") ? "tree" : "flat";
  if (await insertion.inputValue() === wanted) return;
  await insertion.selectOption(wanted);
  await inLink(page, "insertion", wanted);
}

/** Every other value of a switch or a choice; numbers are no menus. Returns how many there were. */
async function pressValues(
  page: Page, errors: string[], name: ChoiceName, row: TableRow, spec: ParamSpec,
): Promise<number> {
  const free = async ({ only_if }: ParamSpec): Promise<void> => {
    const master = row.params.find((other) => other.name === only_if?.name);
    if (master === undefined || only_if === undefined) return;
    await free(master);
    // Numbers are never pressed here, and stay at what they wait for.
    if (master.kind !== "choice") return;
    const select = control(page, name, master).locator("select");
    if (await select.inputValue() === only_if.value) return;
    await select.selectOption(String(only_if.value));
    // A link names what differs from its default.
    const named = only_if.value === master.default ? null : String(only_if.value);
    await inLink(page, `${name}.${master.name}`, named);
  };
  const before = async () => {
    await meet(page, name, row.needs);
    await free(spec);
  };
  if (spec.kind === "switch") {
    await before();
    await showAll(page);
    await control(page, name, spec).locator("input").click();
    await inLink(page, `${name}.${spec.name}`, String(spec.default !== true));
    await runsWell(page, errors, `${row.id}, ${spec.name} switched`);
    return 1;
  }
  const others = (spec.choices ?? []).filter(({ id }) => id !== spec.default);
  for (const { id, needs } of others) {
    await before();
    await meet(page, name, [...row.needs, ...needs]);
    await showAll(page);
    await control(page, name, spec).locator("select").selectOption(id);
    await inLink(page, `${name}.${spec.name}`, id);
    await runsWell(page, errors, `${row.id}, ${spec.name} = ${id}`);
  }
  return others.length;
}

/** Where a row is from stands beside its menu, and what it is called where it runs. */
async function saysWhereFrom(page: Page, name: ChoiceName, row: Citation): Promise<void> {
  const about = page.locator(`[data-group=${name}] .about`);
  if (row.source === "") return about.waitFor({ state: "hidden" });
  await page.locator(`[data-group=${name}] .about:visible`, { hasText: row.source }).waitFor();
  const said = row.production === undefined ? [] : [row.production.switch];
  const words = await about.locator("pre").allInnerTexts();
  assert.deepEqual(words.map((text) => text.split("\n")[0]), said, row.source);
}

for (const name of CHOICES) {
  test(`every ${name}, with every switch and choice that it has`, async () => {
    const { page, errors } = await open();
    const rows = tables[TABLES[name]];
    const shown = await menu(page, name).locator("option").evaluateAll((options) =>
      options.map((option) => (option as HTMLOptionElement).value));
    assert.deepEqual(shown.toSorted(), rows.map((row) => row.id).toSorted());
    let pressed = 0;
    for (const row of rows) {
      await meet(page, name, row.needs);
      await choose(page, name, row.id);
      await runsWell(page, errors, row.id);
      await saysWhereFrom(page, name, row);
      for (const spec of row.params) pressed += await pressValues(page, errors, name, row, spec);
      pressed += 1;
    }
    assert.ok(pressed >= rows.length);
    await page.context().close();
  });
}

test("every choice among the settings, and every model", async () => {
  const { page, errors } = await open();
  for (const spec of tables.settings.filter(({ role }) => role !== "reading")) {
    for (const { id } of spec.choices ?? []) {
      const select = page.locator(`[data-param="${spec.name}"] select`);
      if (await select.inputValue() === id) continue;
      await select.selectOption(id);
      await inLink(page, spec.name, id);
      await runsWell(page, errors, `${spec.name} = ${id}`);
    }
  }
  // The clock names the model by which a capacity in bytes is read.
  const { spec } = tables.clocks.filter((row) => row.id === "logical")
    .flatMap((row) => row.params.map((spec) => ({ row, spec })))
    .find(({ spec }) => spec.name === "model")!;
  assert.equal(spec.choices?.length, tables.models.length);
  for (const { id } of tables.models) {
    await showAll(page);
    await control(page, "clock", spec).locator("select").selectOption(id);
    if (id !== spec.default) await inLink(page, "clock.model", id);
    await page.locator('[data-param="capacity_blocks"] .note', { hasText: /a node/ }).waitFor();
  }
  assert.deepEqual(errors, []);
  await page.context().close();
});

/** Sessions of four rows, whose ids and whose growing prompts can be read in every way. */
const sessions = (): string => Array.from({ length: 20_000 }, (_, i) => JSON.stringify({
  session_id: `s${i >> 2}`, timestamp: 100 * i, input_length: 512 * (1 + i % 4),
  output_length: 10, hash_ids: Array.from({ length: 1 + i % 4 }, (_, k) => (i >> 2) % 500 * 4 + k),
})).join("\n");

test("every way to read a trace of one's own", async () => {
  const { page, errors } = await open();
  await openTab(page, "trace");
  await drop(page, scratchFile("sessions.jsonl", sessions()));
  await runsWell(page, errors, "the trace as it was read");
  let pressed = 0;
  for (const spec of tables.settings.filter(({ role }) => role === "reading")) {
    for (const { id, needs } of spec.choices ?? []) {
      await meet(page, "router", needs);
      const select = page.locator(`[data-param="${spec.name}"] select`);
      if (await select.inputValue() === id) continue;
      await select.selectOption(id);
      await inLink(page, spec.name, id);
      await runsWell(page, errors, `${spec.name} = ${id}`);
      pressed += 1;
    }
  }
  assert.ok(pressed >= 10, `${pressed}`);
  await page.context().close();
});

test("every workload and lesson of the menu of traces", async () => {
  const { page, errors } = await open();
  const entries = page.locator("[data-part=samples] .sample");
  const rows = [...tables.workloads, ...tables.presets];
  assert.equal(await entries.count(), rows.length);
  for (const [i, row] of rows.entries()) {
    await part(page, "trace-chip").click();
    await entries.nth(i).click();
    await runsWell(page, errors, row.id);
    if (!("lesson" in row)) continue;
    assert.equal(await page.locator("[data-part=notice] p").innerText(), row.lesson);
    assert.equal(await menu(page, "router").inputValue(), row.config.router?.id);
  }
  await page.context().close();
});

test("every study of the view Learn", async () => {
  const { page, errors } = await open();
  await page.locator("[data-view-of=learn]").click();
  const entries = page.locator("[data-view=learn] [data-study]");
  await entries.first().waitFor();
  const offered = await entries.evaluateAll((all) => all.map((one) =>
    (one as HTMLElement).dataset["study"]!));
  assert.deepEqual(offered.toSorted(), tables.studies.map(({ id }) => id).toSorted());
  for (const id of offered) {
    await page.locator(`[data-study=${id}]`).click();
    const study = part(page, "study");
    await study.locator("[data-phase=done]").waitFor({ timeout: 120_000 });
    assert.ok(await part(page, "study-result").locator("tbody tr").count() > 0, id);
    await part(page, "study-close").click();
    assert.deepEqual(errors, [], id);
  }
  await page.context().close();
});

test("every entry of the menu that shares, every tab, every theme, the keys", async () => {
  const { page, errors } = await open();
  await page.locator("[data-part=share-menu] .sample").first().waitFor({ state: "attached" });
  const entries = await page.locator("[data-part=share-menu] .sample").evaluateAll((all) =>
    all.map((entry) => (entry as HTMLElement).dataset["part"]!));
  for (const id of entries) {
    await part(page, "share").click();
    const saves = id.startsWith("save-") ? page.waitForEvent("download") : null;
    await part(page, id).click();
    if (saves !== null) assert.equal(await (await saves).failure(), null, id);
    await runsWell(page, errors, id);
  }
  const tabs = await page.locator('[role="tab"]').evaluateAll((all) =>
    all.map((tab) => (tab as HTMLElement).dataset["tab"]!));
  assert.deepEqual(tabs, TABS, "links know every tab");
  for (const id of tabs) {
    await openTab(page, id);
    assert.ok(await page.locator(`[data-panel=${id}]`).isVisible(), id);
    await runsWell(page, errors, id);
  }
  for (const theme of ["light", "dark", "system"]) {
    await part(page, "theme").click();
    await page.locator(`[data-part=theme][data-theme-choice=${theme}]`).waitFor();
    await runsWell(page, errors, theme);
  }
  await part(page, "help-open").click();
  await part(page, "help-close").click();
  await runsWell(page, errors, "the sheet of keys");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("on a phone the bar at the top stands still when something was copied", async () => {
  const { page, errors } = await openPage(browser, served.address + START, PHONE);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const height = async () => (await page.locator("header.top").boundingBox())!.height;
  const before = await height();
  for (const entry of ["copy-link", "copy-embed"]) {
    await part(page, "share").click();
    await part(page, entry).click();
    await part(page, "share").filter({ hasText: "Copied" }).waitFor();
    assert.equal(await height(), before, entry);
  }
  assert.deepEqual(errors, []);
  await page.context().close();
});
