/**
 * The figures as still pictures, from the built page: `npm run stills` writes docs/figures, and
 * `npm run stills -- ID…` some of them. Each is the element itself at the figure's moment, at rest,
 * in the light.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { FIGURES } from "../src/state/scenes.ts";
import { launch, serve } from "./harness.ts";

const SIZE = { width: 960, height: 540 };
/** Strips below the cluster want room. */
const TALL = { width: 960, height: 860 };
const QUALITY = 0.86;

const wanted = process.argv.slice(2);
const folder = fileURLToPath(new URL("../../docs/figures", import.meta.url));
mkdirSync(folder, { recursive: true });
const served = await serve();
const browser = await launch();
let bytes = 0;
for (const { id, link, view } of FIGURES) {
  if (wanted.length > 0 && !wanted.includes(id)) continue;
  const context = await browser.newContext({ viewport: view === "both" ? TALL : SIZE,
    colorScheme: "light", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`${served.address}embed.html#figure=${id}&controls=none`);
  const at = Number(new URLSearchParams(link).get("at"));
  await page.evaluate((at) => new Promise<void>((resolve) => {
    // It is told of a moment once that is drawn, and eases nowhere; what is read stands a little.
    document.querySelector("kv-scope")?.addEventListener("frame", ({ detail }: CustomEventInit<{
      requests: number }>) => {
      if (detail?.requests === at) setTimeout(() => requestAnimationFrame(() => resolve()), 1000);
    });
  }), at);
  const webp = await asWebp(page, await page.screenshot({ type: "png" }));
  bytes += webp.length;
  writeFileSync(join(folder, `${id}.webp`), webp);
  process.stdout.write(`${id}.webp: ${webp.length} bytes\n`);
  await context.close();
}
process.stdout.write(`${bytes} bytes in all\n`);
await browser.close();
await served.close();

/** Playwright knows PNG and JPEG; the browser itself writes WebP. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  const data = await page.evaluate(async ([png, quality]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext("2d")!.drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", quality);
  }, [png.toString("base64"), QUALITY] as const);
  return Buffer.from(data.slice(data.indexOf(",") + 1), "base64");
}
