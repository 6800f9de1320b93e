/** Pictures of the built page: `npm run screenshots -- FOLDER`. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { part } from "./actions.ts";
import { DESKTOP, PHONE, launch, openPage, serve } from "./harness.ts";

const folder = process.argv[2] ?? "screenshots";
mkdirSync(folder, { recursive: true });
const served = await serve();
const browser = await launch();

for (const [size, options] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    const { page, errors } = await openPage(browser, served.address, { ...options, colorScheme });
    const shoot = (state: string, fullPage = false) =>
      page.screenshot({ path: join(folder, `${size}-${colorScheme}-${state}.png`), fullPage });
    await page.waitForTimeout(7000);
    // A ribbon is on the picture for a moment after a migration.
    const count = () => document.querySelector("[data-tab=migrations] em")?.textContent;
    const before = await page.evaluate(count);
    const news = (old: string | null | undefined) =>
      document.querySelector("[data-tab=migrations] em")?.textContent !== old;
    await page.waitForFunction(news, before, { timeout: 8000 }).catch(() => undefined);
    await page.waitForTimeout(500);
    await shoot("running");
    await part(page, "speed").fill("1");
    await page.locator('[data-part=play][data-state="done"]').waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1500);
    await shoot("finished");
    await page.locator("[data-tab=decision]").click();
    await part(page, "speed").fill("0.5");
    await part(page, "restart").click();
    await page.waitForTimeout(2500);
    await part(page, "play").click();
    await part(page, "step").click();
    await page.waitForTimeout(1200);
    await shoot("decision", size === "phone");
    if (size === "phone") {
      await shoot("full", true);
      await part(page, "controls-open").click();
      await page.waitForTimeout(400);
      await shoot("controls");
      await part(page, "controls-close").click();
    }
    await part(page, "compare-with").click();
    await part(page, "speed").fill("0.75");
    await page.waitForTimeout(9000);
    await shoot("compare", size === "phone");
    for (const error of errors) console.error(`${size} ${colorScheme}: ${error}`);
    await page.context().close();
  }
}

await browser.close();
await served.close();
