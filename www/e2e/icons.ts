/** Draws the icons of the installed app from the one SVG: `npm run icons`. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "./harness.ts";

const here = (path: string) => fileURLToPath(new URL(`../public/${path}`, import.meta.url));
const svg = readFileSync(here("icon.svg"), "utf8");
/** A mask may cut away a fifth on each side: the picture is inside, its ground fills the rest. */
const MASKABLE_SCALE = 0.62;

const browser = await launch();
try {
  for (const [name, size, scale] of [["icon-192.png", 192, 1], ["icon-512.png", 512, 1],
    ["icon-512-maskable.png", 512, MASKABLE_SCALE]] as const) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const side = Math.round(size * scale);
    const ground = scale < 1 ? "#00224e" : "transparent";
    await page.setContent(`<style>body { margin: 0; background: ${ground}; display: grid;
      place-items: center; height: 100vh } svg { width: ${side}px; height: ${side}px }</style>
      ${svg}`);
    writeFileSync(here(name), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
