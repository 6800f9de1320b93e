/**
 * What the page does when its core breaks: by a panic of Rust, and by a trap of WebAssembly. The
 * page is the one that is shown; its core is the package whose runs of two seeds break on purpose
 * (src/wasm/crash.rs), which `cargo xtask wasm` makes.
 */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { drop, figure, openTab, part, runs, servers } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { launch, openPage, serve, type Served } from "./harness.ts";

let browser: Browser;
let served: Served;
before(async () => {
  const outDir = mkdtempSync(join(tmpdir(), "kvscope-crash-"));
  const root = fileURLToPath(new URL("..", import.meta.url));
  await build({ root, mode: "crash-test", logLevel: "error", build: { outDir } });
  [browser, served] = await Promise.all([launch(), serve({}, outDir)]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

/** Seeds that the package knows. */
const PANIC = { seed: 13, says: /panicked at .*broken on purpose after \d+ requests/s };
const TRAP = { seed: 14, says: /unreachable/ };

/** Lets a run break; from then on the next crash is far enough away to see a run begin. */
async function breakRun(page: Page, { seed, says }: typeof PANIC): Promise<void> {
  await page.evaluate((link) => {
    location.hash = link;
    // Slow enough that some of it is shown before it breaks.
  }, `#v=1&speed=1000&nodes=3&seed=${seed}`);
  await page.locator('[data-notice="crashed"]').waitFor();
  assert.match(await part(page, "notice").innerText(), says);
  assert.equal((await servers(page)).length, 0, "the broken worker is gone");
  await part(page, "speed").fill("0.3");
}

async function crashed(how: typeof PANIC): Promise<Page> {
  const { page } = await openPage(browser, `${served.address}#v=1&speed=50&seed=1`);
  await breakRun(page, how);
  return page;
}

const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';

/** What a person may do next. Each is a run with a new worker. */
const CHOICES: Record<string, (page: Page) => Promise<unknown>> = {
  "the button of the notice": (page) => part(page, "recover").click(),
  "the button that plays": (page) => part(page, "play").click(),
  "the button that restarts": (page) => part(page, "restart").click(),
  "the space bar": (page) => page.keyboard.press(" "),
  "the key r": (page) => page.keyboard.press("r"),
  "a router": (page) => page.locator("[data-choice=router]").selectOption({ index: 1 }),
  "an eviction policy": (page) => page.locator("[data-choice=eviction]").selectOption({ index: 1 }),
  "a clock": (page) => page.locator("[data-choice=clock]").selectOption("timed"),
  "a setting": async (page) => {
    await page.locator('[data-param="nodes"] .number').fill("5");
    await page.locator('[data-param="nodes"] .number').press("Enter");
  },
  "a new seed": (page) => part(page, "new-seed").click(),
  "a workload": async (page) => {
    await part(page, "trace-chip").click();
    await page.locator("[data-part=samples] .sample").nth(1).click();
  },
  "a lesson": async (page) => {
    await part(page, "trace-chip").click();
    await page.locator("[data-part=samples] .sample").last().click();
  },
  "a trace": (page) => drop(page, scratchFile("after.jsonl", line.repeat(5000))),
  "a link": (page) => page.evaluate(() => {
    location.hash = "#v=1&speed=50&seed=1";
  }),
};

async function begins(page: Page): Promise<void> {
  await page.locator('[data-notice="crashed"]').waitFor({ state: "detached" });
  await page.locator('[data-part=play][data-state="playing"]').waitFor();
  await runs(page);
  assert.equal((await servers(page)).length, 1);
}

test("after a panic, whatever is chosen starts the engine again", async () => {
  const page = await crashed(PANIC);
  for (const [what, choose] of Object.entries(CHOICES)) {
    await choose(page);
    await begins(page).catch((error: unknown) => {
      throw new Error(`${what} starts nothing: ${String(error)}`);
    });
    await breakRun(page, PANIC);
  }
  await page.context().close();
});

test("after a trap the same, and it may break again", async () => {
  const page = await crashed(TRAP);
  await part(page, "recover").click();
  await begins(page);
  await part(page, "speed").fill("1");
  await page.locator('[data-notice="crashed"]').waitFor();
  await part(page, "speed").fill("0.3");
  await page.locator("[data-choice=router]").selectOption({ index: 2 });
  await begins(page);
  await page.context().close();
});

test("after a crash one request can be served, and then another", async () => {
  const page = await crashed(PANIC);
  await page.keyboard.press(".");
  await page.locator('[data-figure="position"][data-value="1"]').waitFor();
  await page.keyboard.press(".");
  await page.locator('[data-figure="position"][data-value="2"]').waitFor();
  await page.context().close();
});

test("the figures of a run that broke are named as such, and are not the next run's", async () => {
  const page = await crashed(PANIC);
  assert.equal(await part(page, "so-far").textContent(), "Until it stopped");
  assert.ok(await figure(page, "position") > 0);
  await part(page, "share").click();
  assert.equal(await part(page, "save-json").isDisabled(), true);
  assert.match(await part(page, "save-json").innerText(), /has stopped/);
  await page.keyboard.press("Escape");
  await openTab(page, "nodes");
  await page.locator("[data-choice=router]").selectOption({ index: 1 });
  await begins(page);
  assert.equal(await part(page, "so-far").textContent(), "So far");
  assert.ok(await figure(page, "position") < 400, "the figures before the crash are gone");
  await page.context().close();
});
