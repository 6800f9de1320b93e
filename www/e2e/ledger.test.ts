/** The ledger: what ends becomes a row, rows are held to one of them, and become runs again. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { finished, part } from "./actions.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const LINK = "#v=1&workload=toolagent&requests=2000&speed=max&nodes=4&capacity_blocks=800&seed=7"
  + "&router=round_robin&eviction=lru";

async function open(page: Page, view: string): Promise<void> {
  await page.locator(`[data-view-of=${view}]`).click();
}

const row = (page: Page, name: string): Locator => page.locator(`tr[data-row="${name}"]`);

/** Waits for the rows, the latest first. */
async function rows(page: Page, ...names: string[]): Promise<void> {
  await page.waitForFunction((wanted) => [...document.querySelectorAll("tr[data-row]")]
    .map((it) => it.getAttribute("data-row")).join() === wanted, names.join());
}

async function exact(page: Page, name: string, figure: string): Promise<number> {
  const text = await row(page, name).locator(`[data-figure=${figure}]`).getAttribute("data-value");
  return text === "" || text === null ? Number.NaN : Number(text);
}

test("what ends stays as a row: over other views, other runs and another trace", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${LINK}&view=ledger`);
  await rows(page, "1");
  assert.ok(await exact(page, "1", "hit_rate") > 0);
  assert.equal(await row(page, "1").locator("[data-figure=ttft_mean_s]").innerText(), "–");
  assert.equal(await exact(page, "1", "ttft_p99_s"), Number.NaN, "without time there is none");
  // The same run again is the same row; one that is changed on the way is another.
  await open(page, "run");
  await finished(page);
  const shown = await page.locator('[data-figure="hit_rate"]').first().getAttribute("data-value");
  const [hits, tokens] = shown!.split("/").map(Number);
  await part(page, "restart").click();
  await finished(page);
  await page.goto(`${served.address}${LINK}&perturb=add:1@1000&view=ledger`);
  await rows(page, "2", "1");
  assert.equal(await exact(page, "1", "hit_rate"), hits! / tokens!);
  assert.match(await row(page, "2").innerText(),
    /changed on the way\s+A node joins before request 1,000/);
  await part(page, "trace-chip").click();
  await page.locator(".sample", { hasText: "Conversation" }).first().click();
  await row(page, "1").locator("em", { hasText: "another trace" }).waitFor();
  assert.match(await row(page, "1").innerText(), /Tool.*seed 7/);
  await rows(page, "3", "2", "1");
  assert.doesNotMatch(page.url(), /ledger=|rows/);
  await page.locator("[data-act=clear-ledger]").click();
  await part(page, "ledger-empty").waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("lanes are rows, one is the baseline, and the file says what the page says", async () => {
  const { page, errors } = await openPage(browser,
    `${served.address}${LINK}&clock=timed&b.router=cache_aware&view=ledger`);
  await rows(page, "1B", "1A");
  await part(page, "ledger-say").filter({ hasText: "has ended: rows 1A, 1B." }).waitFor();
  const first = row(page, "1A").locator("input[type=radio]");
  await first.check();
  await row(page, "1A").and(page.locator("[aria-current=true]")).waitFor();
  assert.ok(await first.evaluate((it) => it === document.activeElement), "it keeps the keyboard");
  const away = await row(page, "1B").locator("[data-figure=ttft_mean_s] small").innerText();
  assert.match(away, /^[+−±]/);
  const [download] = await Promise.all([page.waitForEvent("download"),
    page.locator("[data-act=ledger-csv]").click()]);
  const [head, one, other] = readFileSync(await download.path(), "utf8").split("\n")
    .map((line) => line.split(","));
  const cell = (line: string[], name: string) => line[head!.indexOf(name)];
  assert.deepEqual([cell(one!, "router"), cell(other!, "router")], ["round_robin", "cache_aware"]);
  for (const figure of ["hit_rate", "gap_to_ceiling", "top_share", "ttft_mean_s", "ttft_p99_s"]) {
    const [mine, its] = [await exact(page, "1A", figure), await exact(page, "1B", figure)];
    assert.ok(mine > 0, figure);
    assert.equal(Number(cell(other!, figure)), its);
    assert.equal(Number(cell(other!, `less_${figure}`)), its - mine);
    assert.equal(cell(one!, `less_${figure}`), "");
  }
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a row becomes the run, or a lane of it where it can", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${LINK}&view=ledger`);
  await rows(page, "1");
  await open(page, "run");
  await page.locator('[data-choice="router"]').selectOption("cache_aware");
  await page.locator("[data-view-of=ledger] em", { hasText: "2" }).waitFor();
  await open(page, "ledger");
  await row(page, "1").getByText("+ lane").click();
  await page.locator('[data-chip="B"][aria-pressed="true"]').waitFor();
  await page.waitForFunction(() => location.hash.includes("b.router=round_robin"));
  // Both are there already, and stand there once.
  await finished(page);
  await open(page, "ledger");
  await rows(page, "2", "1");
  await row(page, "1").getByText("Open", { exact: true }).click();
  await page.waitForFunction(() => location.hash.includes("router=round_robin")
    && !location.hash.includes("b.router"));
  await page.locator('[data-choice="clock"]').selectOption("timed");
  await page.locator("[data-view-of=ledger] em", { hasText: "3" }).waitFor();
  await open(page, "ledger");
  await row(page, "1").getByText("+ lane").click();
  await page.locator("[data-view=ledger] .reasons", { hasText: "differs from what runs in clock" })
    .waitFor();
  await row(page, "3").getByLabel("Take run 3 out").click();
  await rows(page, "2", "1");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("before anything has ended it says what will be there, and what runs", async () => {
  const { page } = await openPage(browser,
    `${served.address}${LINK.replace("speed=max", "speed=20")}&view=ledger`);
  await part(page, "ledger-empty").waitFor();
  await part(page, "ledger-say")
    .filter({ hasText: /becomes a row once it has ended: [\d,]+ of 2,000/ }).waitFor();
  await page.context().close();
});
