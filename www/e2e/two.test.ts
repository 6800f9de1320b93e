/** Two apps on one page: neither knows of the other, nor of the page. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { build } from "vite";
import { servers } from "./actions.ts";
import { DESKTOP, launch, serve, type Served } from "./harness.ts";

let browser: Browser;
let served: Served;
before(async () => {
  const outDir = mkdtempSync(join(tmpdir(), "kvscope-two-"));
  const root = fileURLToPath(new URL("..", import.meta.url));
  const input = join(root, "e2e/two/index.html");
  await build({ root, logLevel: "error", build: { outDir, rolldownOptions: { input } } });
  [browser, served] = await Promise.all([launch(), serve({}, outDir)]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

async function open(): Promise<{ page: Page; apps: [Locator, Locator]; errors: string[] }> {
  const context = await browser.newContext(DESKTOP);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${served.address}e2e/two/index.html`);
  const apps: [Locator, Locator] =
    [page.locator("[data-kvscope]").first(), page.locator("[data-kvscope]").last()];
  for (const app of apps) {
    await app.locator('[data-figure="position"]:not([data-value="0"])').waitFor();
  }
  return { page, apps, errors };
}

const position = async (app: Locator): Promise<number> =>
  Number(await app.locator('[data-figure="position"]').getAttribute("data-value"));
const caption = (app: Locator): Promise<string> =>
  app.locator('[data-part="caption"]').innerText();

test("each runs what it was started with, in a worker of its own", async () => {
  const { page, apps: [a, b], errors } = await open();
  assert.match(await caption(a), /^4 prefill nodes .* routed by Round robin/);
  assert.match(await caption(b), /^6 prefill nodes .* routed by Cache aware/);
  assert.equal((await servers(page)).length, 2);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("what is chosen in one leaves the other alone", async () => {
  const { page, apps: [a, b], errors } = await open();
  const said = await caption(b);
  await a.locator('[data-part="play"]').click();
  await a.locator('[data-part="play"][data-state="paused"]').waitFor();
  const [before, paused] = [await position(b), await position(a)];
  await a.locator("[data-choice=router]").selectOption({ index: 0 });
  await a.locator('[data-param="nodes"] .number').fill("9");
  await a.locator('[data-param="nodes"] .number').press("Enter");
  await a.locator('[data-part="caption"]', { hasText: /^9 prefill nodes/ }).waitFor();
  await a.locator("[data-tab=nodes]").click();
  await a.locator("[data-node]").nth(8).waitFor();
  assert.equal(await caption(b), said);
  assert.equal(await b.locator("[data-panel=nodes]").isVisible(), false);
  assert.equal(await b.locator("[data-choice=router]").inputValue(), "cache_aware");
  // The other was never restarted, and went on all the time.
  assert.ok(await position(b) >= before, `${await position(b)} after ${before}`);
  assert.ok(paused > 0);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("menus and sheets open in the app they belong to", async () => {
  const { page, apps: [a, b] } = await open();
  await b.locator('[data-part="trace-chip"]').click();
  assert.equal(await b.locator('[data-part="samples"]').isVisible(), true);
  assert.equal(await a.locator('[data-part="samples"]').isVisible(), false);
  await page.keyboard.press("Escape");
  await a.locator('[data-part="help-open"]').click();
  assert.equal(await a.locator('[data-part="help"]').isVisible(), true);
  assert.equal(await b.locator('[data-part="help"]').isVisible(), false);
  await page.context().close();
});

test("no id stands twice, labels name what is beside them, and the address stays", async () => {
  const { page, apps: [a] } = await open();
  await a.locator("[data-choice=eviction]").selectOption({ index: 1 });
  await page.waitForTimeout(500);
  const wrong = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
    const named = ["for", "aria-controls", "aria-labelledby", "aria-describedby"];
    const astray = [...document.querySelectorAll("[data-kvscope]")].flatMap((root) =>
      named.flatMap((name) => [...root.querySelectorAll(`[${name}]`)]
        .filter((element) => {
          const id = element.getAttribute(name);
          return root.querySelector(`[id="${id}"]`) === null;
        }).map((element) => `${name} of ${element.outerHTML.slice(0, 80)}`)));
    return [...twice, ...astray];
  });
  assert.deepEqual(wrong, []);
  assert.equal(new URL(page.url()).hash, "");
  await page.context().close();
});
