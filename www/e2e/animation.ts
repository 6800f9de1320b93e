/**
 * The README's moving picture, from the built page: `npm run animation` writes docs/kvscope.webp,
 * docs/kvscope-dark.webp, and a still for who wants less motion. It is the first view as everybody
 * has it, on a built-in workload. Time on the page goes by the frame, so that a slow machine draws
 * the same; what joins the frames is no dependency: `npm install --no-save sharp`.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page, Worker } from "playwright-core";
import { launch, serve } from "./harness.ts";

const SIZE = { width: 1440, height: 900 };
/** As wide as a README is, about. */
const SCALE = 0.75;
const FRAMES = 64;
/** Of the page's own time, a frame, and how many times it draws meanwhile. */
const FRAME_MS = 125;
const DRAWN = 5;
/** What is on the page when the picture begins. */
const BEGUN = 1500;
/** The last frame stands longer. */
const LAST_MS = 1500;
/** Files over 2 MB are not shown by everybody. */
const MOST_BYTES = 2_000_000;
const QUALITIES = [70, 60, 50, 40, 30];

/** What of sharp is used; its types come with it, and it may not be there. */
interface Image {
  webp(options: { quality: number; effort?: number; loop?: number; delay?: number[];
    minSize?: boolean }): { toBuffer(): Promise<Buffer> };
}
type Sharp = (frames: Buffer | Buffer[], options?: { join: { animated: boolean } }) => Image;

/** In the page and in its painter: animation frames come when `tick` says so, and no sooner. */
const CLOCK = `{
  let now = performance.now();
  let due = [];
  globalThis.requestAnimationFrame = (act) => due.push(act);
  globalThis.tick = (ms) => {
    now += ms;
    const acts = due;
    due = [];
    for (const act of acts) act(now);
  };
}`;

const name = "sharp";
const { default: sharp } = await import(name).catch(() => {
  throw new Error("what joins frames is not installed: npm install --no-save sharp");
}) as { default: Sharp };
const served = await serve();
const browser = await launch();
for (const [scheme, file] of [["light", "kvscope"], ["dark", "kvscope-dark"]] as const) {
  const context = await browser.newContext({ viewport: SIZE, deviceScaleFactor: SCALE,
    colorScheme: scheme, serviceWorkers: "block" });
  const page = await context.newPage();
  await page.addInitScript(CLOCK);
  await page.goto(served.address);
  const painter = await painterOf(page);
  await painter.evaluate(CLOCK);
  const step = () => pass(page, painter, FRAME_MS / DRAWN);
  while (await position(page) < BEGUN) await step();
  const frames: Buffer[] = [];
  while (frames.length < FRAMES) {
    for (let drawn = 0; drawn < DRAWN; drawn += 1) await step();
    frames.push(await page.screenshot({ type: "png" }));
  }
  write(file, await joined(frames));
  if (scheme === "light") write("kvscope-still", await still(frames.at(-1)!));
  process.stdout.write(`${scheme}: ${frames.length} frames up to request ${
    await position(page)}\n`);
  await context.close();
}
await browser.close();
await served.close();

function write(file: string, webp: Buffer): void {
  writeFileSync(fileURLToPath(new URL(`../../docs/${file}.webp`, import.meta.url)), webp);
  process.stdout.write(`${file}.webp: ${webp.length} bytes\n`);
}

/** The worker that draws the clusters. */
async function painterOf(page: Page): Promise<Worker> {
  for (;;) {
    for (const worker of page.workers()) {
      if (await worker.evaluate(() => self.name) === "kvscope-painter") return worker;
    }
    await page.waitForTimeout(20);
  }
}

/** One animation frame of the painter and of the page, and what is answered to it. */
async function pass(page: Page, painter: Worker, ms: number): Promise<void> {
  const tick = (ms: number) => {
    (globalThis as unknown as { tick(ms: number): void }).tick(ms);
    return new Promise((resolve) => setTimeout(resolve, 15));
  };
  await painter.evaluate(tick, ms);
  await page.evaluate(tick, ms);
}

/** Requests served, as the page says. */
async function position(page: Page): Promise<number> {
  return page.evaluate(() => Number(document.querySelector('[data-figure="position"]')
    ?.getAttribute("data-value") ?? 0));
}

async function still(frame: Buffer): Promise<Buffer> {
  return sharp(frame).webp({ quality: QUALITIES[0]! }).toBuffer();
}

/** The best of the qualities that is small enough. */
async function joined(frames: Buffer[]): Promise<Buffer> {
  const delay = frames.map((_, i) => (i === frames.length - 1 ? LAST_MS : FRAME_MS));
  for (const quality of QUALITIES) {
    const webp = await sharp(frames, { join: { animated: true } })
      .webp({ quality, effort: 5, loop: 0, delay, minSize: true }).toBuffer();
    if (webp.length <= MOST_BYTES) return webp;
  }
  throw new Error(`${FRAMES} frames do not fit into ${MOST_BYTES} bytes: fewer, or smaller ones`);
}
