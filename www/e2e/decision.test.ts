/** Why a request went where it went, and the run as files. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { finished, openTab, part } from "./actions.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const REQUEST = /^Request ([\d,]+) went to node (\d+)[:,.]/;

async function verdict(page: Page): Promise<{ request: number; node: number }> {
  const text = await page.locator("[data-panel=decision] .verdict").innerText();
  const [, request = "", node = ""] = REQUEST.exec(text) ?? [];
  return { request: Number(request.replace(/,/g, "")), node: Number(node) };
}

/** Serves one request, and waits until its decision is on the page. */
async function stepOnce(page: Page): Promise<void> {
  const before = await page.locator("[data-panel=decision] .verdict").innerText();
  await part(page, "step").click();
  await page.waitForFunction((old) => {
    const now = document.querySelector("[data-panel=decision] .verdict")?.textContent ?? "";
    return now !== old && now.startsWith("Request");
  }, before);
}

for (const nodes of [2, 256]) {
  test(`of ${nodes} nodes the one with the best score is chosen, step by step`, async () => {
    const { page } = await openPage(browser,
      `${served.address}#v=1&speed=200&nodes=${nodes}&router=cache_aware`);
    await part(page, "play").click();
    await openTab(page, "decision");
    // Where the run rests the last decision is there at once.
    await page.locator("[data-panel=decision] .verdict", { hasText: REQUEST }).waitFor();
    await stepOnce(page);
    const first = await verdict(page);
    await stepOnce(page);
    const { request, node } = await verdict(page);
    assert.equal(request, first.request + 1);
    const scores = await page.locator('[data-decision] [data-column="score"]')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-value"))));
    assert.equal(scores.length, nodes);
    assert.equal(scores.indexOf(Math.max(...scores)), node);
    const chosen = page.locator('[data-decision][aria-current="true"]');
    assert.equal(await chosen.getAttribute("data-decision"), String(node));
    assert.match(await chosen.innerText(), /chosen/);
    await page.context().close();
  });
}

test("a router that compares nothing says so", async () => {
  const { page } = await openPage(browser,
    `${served.address}#v=1&speed=200&nodes=3&router=round_robin`);
  await openTab(page, "decision");
  await page.locator("[data-panel=decision] .verdict", { hasText: REQUEST }).waitFor();
  assert.match(await page.locator("[data-panel=decision] .say").innerText(), /compares nothing/);
  assert.equal(await page.locator("[data-decision]").count(), 0);
  await page.context().close();
});

test("figures, series and picture are saved as files", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&speed=max&nodes=2`);
  await finished(page);
  const saved = async (id: string): Promise<[name: string, content: Buffer]> => {
    await part(page, "share").click();
    const [download] = await Promise.all([
      page.waitForEvent("download"), part(page, id).click(),
    ]);
    return [download.suggestedFilename(), readFileSync(await download.path())];
  };
  const [, json] = await saved("save-json");
  const { requests } = JSON.parse(json.toString()) as { requests: number };
  const position = await page.locator('[data-figure="position"]').getAttribute("data-value");
  assert.equal(String(requests), position);
  const [, csv] = await saved("save-csv");
  const last = csv.toString().trimEnd().split("\n").at(-1) ?? "";
  assert.equal(last.split(",")[0], position);
  const [name, png] = await saved("save-png");
  assert.equal(name, "kvscope-cluster.png");
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  await page.context().close();
});
