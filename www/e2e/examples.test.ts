/** The examples, opened as anybody opens them: from a plain static server, kvscope beside them. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { waitForServers } from "./actions.ts";
import { DESKTOP, launch, serve, type Served } from "./harness.ts";
import { TRACE } from "./host.ts";
import { EXAMPLES, cells, printedCells, withoutReveal } from "./lent.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const DIST = at("../dist");

type Figure = HTMLElement & { snapshot(): Promise<{ requests: number; playing: boolean }> };

let browser: Browser;
let served: Served;
const extra: Record<string, string> = {};
before(async () => {
  for (const name of readdirSync(DIST, { recursive: true, encoding: "utf8" })) {
    if (statSync(join(DIST, name)).isFile()) extra[`/kvscope/${name}`] = join(DIST, name);
  }
  [browser, served] = await Promise.all([launch(), serve(extra, EXAMPLES)]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

async function open(path: string): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext(DESKTOP);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${served.address}${path}`);
  return { page, errors };
}

/** Waits until the figure plays. */
async function plays(page: Page, selector: string): Promise<void> {
  await page.locator(`${selector} [part=play][data-state=pause]`).waitFor({ timeout: 60_000 });
}

test("the post: figures play one after the other, and the reader's trace runs", async () => {
  const { page, errors } = await open("blog.html");
  await plays(page, "[figure=one-node]");
  assert.equal(await page.locator("[figure=one-node] [part=table-button]").isVisible(), false);
  const accent = await page.locator("[figure=one-node]").evaluate((figure) =>
    getComputedStyle(figure.shadowRoot!.querySelector("[part=link]")!).color);
  assert.equal(accent, "rgb(122, 63, 160)", "the post's own colour");
  await page.locator("[figure=hits-and-wait]").scrollIntoViewIfNeeded();
  await plays(page, "[figure=hits-and-wait]");
  await page.locator("#own").scrollIntoViewIfNeeded();
  await page.setInputFiles("#file", TRACE);
  const requests = readFileSync(TRACE, "utf8").trim().split("\n").length;
  await page.locator("#said", { hasText: `${requests} requests, ` }).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("without script the post has its stills", async () => {
  const context = await browser.newContext({ ...DESKTOP, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${served.address}blog.html`);
  const image = page.locator("[figure=one-node] img");
  await image.waitFor();
  assert.ok((await image.boundingBox())!.width > 300);
  await context.close();
});

test("the slides: a figure runs while its slide is shown", { skip: withoutReveal() }, async () => {
  const { page, errors } = await open("lecture.html");
  await page.locator(".reveal.ready").waitFor();
  await page.keyboard.press("ArrowRight");
  await plays(page, "[figure=random]");
  await page.keyboard.press("ArrowRight");
  // It begins at its end, where there is nothing more to play.
  await page.locator("[figure=lfu-lru] .lane-figure [data-value]:not([data-value=''])").first()
    .waitFor();
  await page.keyboard.press("ArrowRight");
  await plays(page, "[figure=node-dies]");
  // The slides before run no more.
  await waitForServers(page, 1);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("the notebook: what its cell prints plays a figure, and runs a trace", async () => {
  extra["/cells.html"] = printedCells();
  const { page, errors } = await open("cells.html");
  const [first, second] = [page.frameLocator("iframe").first(), page.frameLocator("iframe").last()];
  await first.locator("[part=play][data-state=pause]").waitFor({ timeout: 60_000 });
  const requests = readFileSync(TRACE, "utf8").trim().split("\n").length;
  await second.locator("[part=reading]", { hasText: `${requests} of ${requests}` })
    .waitFor({ timeout: 60_000 });
  const inside = page.frames().at(-1)!;
  assert.equal(await inside.evaluate(() => document.querySelectorAll("kv-scope").length), 1);
  const moment = await inside.evaluate(() => document.querySelector<Figure>("kv-scope")!
    .snapshot());
  assert.equal(moment.requests, requests);
  // The other two cells call what the first one defines.
  for (const source of cells().slice(1)) assert.match(source, /HTML\(kvscope\(/);
  assert.deepEqual(errors, []);
  await page.context().close();
});
