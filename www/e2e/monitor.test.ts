/** A cluster that watches itself: alerts, changes of weights, and configurations as files. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { drop, finished, inLink, openTab, part } from "./actions.ts";
import { kvscope, withoutCli } from "./cli.ts";
import { scratchFile } from "./data.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const SHARED = "#v=1&workload=toolagent&requests=3000&speed=max&nodes=4&capacity_blocks=800&seed=7";
/** All land on one node, so that there is something to warn of, and to tune away. */
const CROWDED = `${SHARED}&router=cache_aware&router.load_weight=0.5&eviction=lru`;
const PRODUCTION = fileURLToPath(new URL("../../tests/data/production.yaml", import.meta.url));

const hitsOf = async (page: Page) =>
  (await page.locator('[data-figure="hit_rate"]').first().getAttribute("data-value"))!;

interface Told {
  monitoring: {
    alerts: { raised: number; cleared: number | null }[];
    tuned: { request: number }[];
  };
}

const listed = (page: Page, list: string) => page.locator(`[data-list="${list}"] > li`);

test("alerts and changes of weights are the command line's, and lead to their moments",
  { skip: withoutCli("alerts") }, async () => {
    const { page, errors } = await openPage(browser,
      `${served.address}${CROWDED}&auto_tuning_enabled=true`);
    await finished(page);
    await openTab(page, "alerts");
    const trace = scratchFile("monitor.jsonl",
      kvscope("synth", "toolagent", "--seed", "7", "--requests", "3000"));
    const told = (how: string) => kvscope("run", trace, "--nodes", "4", "--capacity", "800",
      "--seed", "7", "--router", "cache_aware:load_weight=0.5", "--eviction", "lru",
      "--auto-tuning", how);
    const { monitoring } = JSON.parse(told("--json")) as Told;
    assert.ok(monitoring.alerts.length > 0 && monitoring.tuned.length > 0);
    await listed(page, "alerts").nth(monitoring.alerts.length - 1).waitFor();
    await listed(page, "tuned").nth(Math.min(monitoring.tuned.length, 200) - 1).waitFor();
    assert.equal(await listed(page, "alerts").count(), monitoring.alerts.length);
    const up = monitoring.alerts.filter(({ cleared }) => cleared === null).length;
    const open = (when: string) =>
      listed(page, "alerts").filter({ hasText: `not cleared ${when}` });
    assert.equal(await open("by the end").count(), up);
    const [download] = await Promise.all([page.waitForEvent("download"),
      part(page, "save-events").click()]);
    assert.equal(readFileSync(await download.path(), "utf8"), told("--events"));
    await page.locator('.timeline [data-mark="alert"]').first().waitFor();
    await page.locator('.timeline [data-mark="tuned"]').first().waitFor();
    // The first stands last in the list.
    await listed(page, "alerts").last().locator("button.link").first().click();
    await page.waitForFunction((at) => document.querySelector('[data-figure="position"]')
      ?.getAttribute("data-value") === String(at), monitoring.alerts[0]!.raised);
    await open("yet").first().waitFor();
    assert.deepEqual(errors, []);
    await page.context().close();
  });

test("a configuration that is dropped runs, and is saved as one", async () => {
  const { page, errors } = await openPage(browser, served.address + SHARED);
  await drop(page, PRODUCTION);
  await inLink(page, "auto_tuning_enabled", "true");
  await page.locator("[data-part=notice]", { hasText: "production.yaml" }).waitFor();
  assert.equal(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("workload"), "toolagent");
  await part(page, "speed").fill("1");
  await finished(page);
  const hits = await hitsOf(page);
  await part(page, "share").click();
  const [download] = await Promise.all([page.waitForEvent("download"),
    part(page, "save-config").click()]);
  const saved = scratchFile("kvscope-config.json", readFileSync(await download.path(), "utf8"));
  // Dropped again, after something else was chosen, it is the same run.
  await page.locator("[data-choice=eviction]").selectOption("fifo");
  await inLink(page, "eviction", "fifo");
  await drop(page, saved);
  await inLink(page, "eviction", "batch");
  await finished(page);
  await page.locator(`[data-figure="hit_rate"][data-value="${hits}"]`).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a configuration that cannot run says every reason, and what runs goes on", async () => {
  const { page } = await openPage(browser, served.address + SHARED);
  const broken = scratchFile("broken.yaml",
    "scheduling:\n  polcy: cache_aware\ncaching:\n  eviction_batch_size: 0\nnodes: many\n"
    + "monitoring:\n  alert_thresholds:\n    concentration_mx: 0.7\n");
  await drop(page, broken);
  const notice = page.locator("[data-part=notice]", { hasText: "cannot be taken" });
  await notice.waitFor();
  const said = await notice.innerText();
  const wrong = ["polcy", "eviction_batch_size", "nodes", "concentration_mx"];
  for (const name of wrong) assert.ok(said.includes(name), `${name} in ${said}`);
  assert.equal(await notice.locator("li").count(), wrong.length, "each in a line of its own");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForFunction(() =>
    document.querySelector("[data-notice=link]")!.getBoundingClientRect().right <= innerWidth);
  assert.equal(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("nodes"), "4");
  await page.context().close();
});

test("a broken configuration is refused by line and column, and what runs goes on", async () => {
  const { page, errors } = await openPage(browser, served.address + SHARED);
  for (const [name, text, why] of [
    ["comma.json", '{\n  "nodes": 7,\n}\n', "Line 3, column 1: found “}”, expected no comma"],
    ["cut.json", '{"nodes": 7, "rou', "Line 1, column 18: found the end of the file, expected"],
    ["bare.json", "{nodes: 7}", "Line 1, column 2: found “nodes”, expected a name in double"],
    ["open.yaml", "nodes: [1,2\n", "Line 2, column 1: what was opened before it"],
  ] as const) {
    await drop(page, scratchFile(name, text));
    const notice = page.locator("[data-part=notice]", { hasText: `“${name}” cannot be taken` });
    await notice.waitFor();
    const said = await notice.innerText();
    assert.ok(said.includes(why) && !said.includes("---"), said);
    const link = new URLSearchParams(new URL(page.url()).hash.slice(1));
    assert.deepEqual([link.get("workload"), link.get("nodes")], ["toolagent", "4"], name);
  }
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a broken configuration that comes with a trace is told, and the trace runs", async () => {
  const { page, errors } = await openPage(browser, served.address + SHARED);
  const trace = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';
  const broken = scratchFile("with.json", '{"nodes": ');
  await drop(page, scratchFile("comes.jsonl", trace.repeat(5)), broken);
  await part(page, "notice").filter({ hasText: "“with.json” cannot be taken" }).waitFor();
  await page.locator('[data-figure="position"][data-value="5"]').waitFor({ state: "attached" });
  assert.match(await part(page, "notice").innerText(), /“with\.json” cannot be taken/);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a session of a trace in a file .json is a trace, with a configuration's word", async () => {
  const { page, errors } = await openPage(browser, served.address + SHARED);
  const session = { id: "a", block_size: 64, requests: [{ t: 0, in: 64, out: 1, hash_ids: [1] }] };
  await drop(page, scratchFile("session.json", JSON.stringify(session)));
  await finished(page);
  await page.locator('[data-figure="position"][data-value="1"]').waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("batches that leave nothing of a cache are told beside their size", async () => {
  const { page, errors } = await openPage(browser, `${served.address}#v=1&workload=toolagent`
    + "&requests=500&nodes=2&eviction=batch&capacity_blocks=40");
  const note = page.locator('.group:has([data-choice=eviction]) [data-param="batch_size"] .note');
  await note.getByText("a node holds 40 blocks and 50 are evicted at once")
    .waitFor({ state: "attached" });
  await page.evaluate(() => { location.hash = location.hash.replace("=40", "=60"); });
  await inLink(page, "capacity_blocks", "60");
  await note.getByText("a node holds").waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await page.context().close();
});
