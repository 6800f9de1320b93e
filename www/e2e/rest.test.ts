/** The first view, and the rest of the page, which comes once somebody is there. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { figure, finished, part } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { DESKTOP, launch, openPage, serve, type Served } from "./harness.ts";

const DIST = new URL("../dist/", import.meta.url);
const LINE = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';
/** Long enough for what is not to be asked for to be asked for. */
const QUIET_MS = 1500;

let browser: Browser;
let served: Served;
before(async () => {
  browser = await launch();
  served = await serve();
});
after(async () => {
  await browser.close();
  await served.close();
});

/** Scripts of the build, and cores, that begin with these words. */
function scripts(...names: string[]): string[] {
  return readdirSync(new URL("assets", DIST)).filter((file) => /\.(js|wasm)$/.test(file)
    && names.some((name) => file.startsWith(`${name}-`))).map((file) => `/assets/${file}`);
}

const REST = scripts("rest", "actions", "live", "kvscope_whole");

/** A page that nobody has touched, and what was asked of the network for it since. */
async function untouched(): Promise<{ page: Page; errors: string[]; asked(): string[] }> {
  const from = served.asked.length;
  const { page, errors } = await openPage(browser, served.address, DESKTOP);
  await page.waitForTimeout(QUIET_MS);
  return { page, errors, asked: () => served.asked.slice(from) };
}

/** Keeps a script from coming until it is let through. */
async function held(page: Page, script: string): Promise<{ free(): void }> {
  let free = (): void => undefined;
  const wait = new Promise<void>((resolve) => {
    free = resolve;
  });
  await page.route(`**${script}`, async (route) => {
    await wait;
    await route.continue();
  });
  return { free };
}

const choose = (page: Page, path: string) => page.setInputFiles("[data-part=file]", path);

const isShut = (page: Page) => page.evaluate(() =>
  document.querySelectorAll('meta[http-equiv="Content-Security-Policy"]').length > 1);

test("until somebody is there, nothing is fetched but what the first view is made of", async () => {
  assert.equal(REST.length, 4);
  const { page, errors, asked } = await untouched();
  const index = readFileSync(new URL("index.html", DIST), "utf8");
  const named = asked().filter((path) => index.includes(`.${path}`) || path === "/");
  const others = asked().filter((path) => !named.includes(path));
  assert.ok(named.some((path) => path.endsWith(".js")) && named.some((path) =>
    path.endsWith(".css")));
  const [core, ...more] = others.map((path) => path.replace(/-.*\./, "."));
  assert.deepEqual([core, more], ["/assets/kvscope_first.wasm", []]);
  const before = asked().length;
  await page.mouse.move(400, 400);
  await page.waitForTimeout(QUIET_MS);
  const rest = asked().slice(before);
  for (const script of REST) assert.equal(rest.filter((path) => path === script).length, 1, script);
  for (const script of scripts("views", "answers", "js-yaml")) {
    assert.ok(!rest.includes(script), script);
  }
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a press that is quicker than the rest of the page is done once that is there", async () => {
  const { page, errors } = await untouched();
  const { free } = await held(page, REST.find((path) => path.includes("rest-"))!);
  await part(page, "share").click();
  await page.locator('[data-part=share][aria-busy="true"]').waitFor();
  assert.equal(await part(page, "share-menu").isVisible(), false, "no menu before it has entries");
  free();
  await part(page, "copy-link").waitFor();
  assert.equal(await part(page, "share").getAttribute("aria-busy"), null);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await part(page, "keys").waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a file waits for the rest of the page, and nothing is fetched from then on", async () => {
  const { page, errors, asked } = await untouched();
  const { free } = await held(page, REST.find((path) => path.includes("live-"))!);
  const before = asked().length;
  // Two members: no decompressor of the browser's own reads them.
  await choose(page, scratchFile("two.gz", Buffer.concat([gzipSync(LINE), gzipSync(LINE)])));
  await page.waitForTimeout(QUIET_MS);
  assert.equal(await isShut(page), false, "the page shuts once all of it is there");
  assert.notEqual(await part(page, "trace-name").textContent(), "two.gz");
  free();
  await page.locator("[data-part=trace-name]", { hasText: "two.gz" }).waitFor();
  const fetched = asked().length;
  const isOfRest = (path: string) => REST.includes(path) || /\/(rest|repeat|decision|requests)-/
    .test(path);
  assert.deepEqual(asked().slice(before).filter((path) => !isOfRest(path)), []);
  assert.equal(await isShut(page), true);
  await part(page, "speed").fill("1");
  await finished(page);
  assert.equal(await figure(page, "position"), 2);
  await part(page, "share").click();
  await part(page, "copy-link").waitFor();
  assert.deepEqual(asked().slice(fetched), []);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("without the rest of the page no file is read, and the page says why", async () => {
  const { page } = await untouched();
  await page.route("**/assets/live-*.js", (route) => route.abort());
  await choose(page, scratchFile("plain.jsonl", LINE));
  const said = page.locator('[data-notice="unloaded"]');
  await said.waitFor();
  assert.match(await said.innerText(), /^The rest of the page could not be loaded: .*again$/s);
  assert.equal(await isShut(page), false);
  assert.notEqual(await part(page, "trace-name").textContent(), "plain.jsonl");
  await page.unroute("**/assets/live-*.js");
  await Promise.all([page.waitForEvent("load"), said.getByRole("button").click()]);
  await page.context().close();
});
