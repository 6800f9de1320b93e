/** Back and Forward: which steps the browser's history has, and what each restores. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { drop, figure, finished, inLink, part } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { launch, openPage, serve, type Served } from "./harness.ts";
import { hosts, open, until } from "./host.ts";

const RUN = "#v=1&workload=toolagent&requests=4000&nodes=4&speed=1";
const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';

const made = hosts();
let browser: Browser;
let served: Served;
before(async () => {
  [browser, served] = await Promise.all([launch(), serve()]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

const steps = (page: Page): Promise<number> => page.evaluate(() => history.length);

/** The view that is marked as open, once it is this one. */
async function at(page: Page, view: string): Promise<void> {
  await page.locator(`[data-view-of=${view}][aria-current=page]`).waitFor();
}

async function rested(page: Page, position: number): Promise<void> {
  await page.locator(`[data-figure="position"][data-value="${position}"]`)
    .waitFor({ state: "attached" });
}

test("Back and Forward go through the views, and the run stays where it is", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${RUN}&at=700`);
  await rested(page, 700);
  const first = await steps(page);
  for (const view of ["plan", "trace", "trace", "learn"]) {
    await page.locator(`[data-view-of=${view}]`).click();
    await at(page, view);
  }
  assert.equal(await steps(page), first + 3, "a view that is open already is no step");
  for (const view of ["trace", "plan", "run"]) {
    await page.goBack();
    await at(page, view);
  }
  assert.equal(await figure(page, "position"), 700);
  await page.goForward();
  await at(page, "plan");
  await page.goBack();
  await at(page, "run");
  assert.equal(await figure(page, "position"), 700);
  assert.equal(await part(page, "play").getAttribute("data-state"), "paused");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("what is changed on the way is no step, and is not taken back", async () => {
  const { page } = await openPage(browser, `${served.address}${RUN}`);
  const first = await steps(page);
  await page.locator("[data-choice=eviction]").selectOption("fifo");
  await inLink(page, "eviction", "fifo");
  await part(page, "speed").fill("1");
  await inLink(page, "speed", "max");
  assert.equal(await steps(page), first);
  // A choice that has not come to rest is written down all the same.
  await page.evaluate(() => {
    const menu = document.querySelector<HTMLSelectElement>("[data-choice=eviction]")!;
    menu.value = "lfu";
    menu.dispatchEvent(new Event("change", { bubbles: true }));
    document.querySelector<HTMLElement>("[data-view-of=plan]")!.click();
  });
  await at(page, "plan");
  await inLink(page, "view", "plan");
  await page.goBack();
  await at(page, "run");
  await inLink(page, "eviction", "lfu");
  await page.context().close();
});

test("a link just opened is not written over before the browser speaks of it", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${RUN}&at=700`);
  await rested(page, 700);
  await page.evaluate(() => {
    location.hash = "#v=1&workload=toolagent&requests=900&nodes=3&speed=max";
    document.querySelector<HTMLElement>("[data-tab=nodes]")!.click();
  });
  await inLink(page, "nodes", "3");
  await finished(page);
  assert.equal(await figure(page, "position"), 900);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("another trace is a step, and Back has the run before at its moment", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${RUN}&at=700`);
  await rested(page, 700);
  const first = await steps(page);
  const mine = scratchFile("mine-history.jsonl", line.repeat(300));
  await drop(page, mine);
  await inLink(page, "file", "mine-history.jsonl");
  await part(page, "speed").fill("1");
  await finished(page);
  assert.equal(await steps(page), first + 1);
  await page.goBack();
  await part(page, "trace-name").filter({ hasText: "Tool" }).waitFor();
  await rested(page, 700);
  await page.goForward();
  await part(page, "trace-name").filter({ hasText: "mine-history" }).waitFor();
  await rested(page, 300);
  assert.equal(await page.locator('[data-notice="awaited"]').count(), 0, "it has the file still");
  await part(page, "trace-chip").click();
  await page.locator(".sample", { hasText: "Uniform" }).first().click();
  await inLink(page, "workload", "uniform");
  assert.equal(await steps(page), first + 2);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a lesson, a figure and a study are steps; closing a study is the step back", async () => {
  const { page } = await openPage(browser, `${served.address}${RUN}&view=learn`);
  const first = await steps(page);
  await page.locator("[data-study]").first().click();
  await page.locator("dialog[data-part=study][open]").waitFor();
  assert.equal(await steps(page), first + 1);
  await page.goBack();
  await page.locator("dialog[data-part=study]:not([open])").waitFor({ state: "attached" });
  await page.locator("[data-study]").nth(1).click();
  await page.locator("dialog[data-part=study][open]").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !location.hash.includes("study="));
  assert.equal(await steps(page), first + 1, "the closed one lies ahead");
  await page.locator("[data-block=figures] a.idea").first().click();
  await at(page, "run");
  await page.locator('[data-figure="position"]:not([data-value="0"])')
    .waitFor({ state: "attached" });
  await page.goBack();
  await at(page, "learn");
  await inLink(page, "requests", "4000");
  await page.context().close();
});

test("figures in somebody's page leave that page's history alone", async () => {
  const { page, errors } = await open(made, `<kv-scope figure="one-node"></kv-scope>
    <iframe src="${served.address}embed.html${RUN}" title="x" width="720" height="520"></iframe>`);
  await until(page, 0, "moves", 1);
  const frame = page.frames()[1]!;
  await frame.locator("kv-scope canvas").first().waitFor({ state: "attached" });
  const of = () => Promise.all([page, frame].map((where) => where.evaluate(() =>
    [history.length, location.href, JSON.stringify(history.state)])));
  const before = await of();
  for (const where of [page, frame]) {
    await where.evaluate(() => {
      const figure = document.querySelector("kv-scope")!;
      figure.setAttribute("router", "random");
      figure.setAttribute("figure", "hot-prefix");
      figure.setAttribute("view", "strips");
    });
  }
  await until(page, 0, "moves", 3000);
  assert.deepEqual(await of(), before);
  assert.deepEqual(errors, []);
  await page.context().close();
});
