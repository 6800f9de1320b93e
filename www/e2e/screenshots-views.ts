/** Pictures of the views beside the run: `node --import tsx e2e/screenshots-views.ts FOLDER`, of
 *  the real trace where this machine has it. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { tracePath } from "./data.ts";
import { DESKTOP, PHONE, launch, serve } from "./harness.ts";

const folder = process.argv[2] ?? "screenshots";
mkdirSync(folder, { recursive: true });
const real = existsSync(tracePath());
const served = await serve(real ? { "/trace.jsonl": tracePath() } : {});
const browser = await launch();
const LINK = `#v=1&speed=max&nodes=8&capacity_blocks=2000&router=cache_aware&eviction=lru&seed=7${
  real ? "&trace=trace.jsonl" : "&workload=conversation"}&clock=timed&view=plan&curve=fifo*lfu`
  + "&vary.router=round_robin*cache_aware*conductor&vary.capacity_blocks=1000*4000*16000&seeds=2"
  + "&advice.seeds=2&advice.requests=500";

/** Clicks, and waits until that is done. */
async function ask(page: Page, block: string, phase = "done"): Promise<void> {
  const button = page.locator(`[data-block=${block}] [data-act=${block}]`);
  if (await button.count() > 0) await button.click();
  await page.locator(`[data-block=${block}] .status[data-phase=${phase}]`)
    .waitFor({ timeout: 300_000 });
}

for (const [size, options] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    const context = await browser.newContext({ ...options, colorScheme });
    const page = await context.newPage();
    page.on("pageerror", (error) => console.error(`${size} ${colorScheme}: ${error.message}`));
    const shoot = async (block: string, state: string) => {
      await page.locator(`[data-block=${block}]`).evaluate((element) => element.scrollIntoView());
      await page.screenshot({ path: join(folder, `${size}-${colorScheme}-${block}-${state}.png`) });
    };
    await page.goto(served.address + LINK);
    await ask(page, "curve");
    await shoot("curve", "done");
    for (const block of ["sweep", "limits", "advice"]) {
      await shoot(block, "empty");
      await ask(page, block, "running");
      await shoot(block, "running");
      // What is quick may have ended by now.
      await page.locator(`[data-block=${block}] [data-act=cancel]`).click({ timeout: 3000 })
        .then(() => shoot(block, "cancelled"))
        .then(() => page.locator(`[data-block=${block}] [data-act=again]`).click())
        .catch(() => console.error(`${block}: it had ended before it could be cancelled`));
      await page.locator(`[data-block=${block}] .status[data-phase=done]`)
        .waitFor({ timeout: 600_000 });
      await shoot(block, "done");
    }
    await page.screenshot({ path: join(folder, `${size}-${colorScheme}-plan.png`) });
    await page.locator('[data-axis="capacity_blocks"] input').fill("x, 0");
    await page.locator('[data-axis="capacity_blocks"] input').blur();
    for (const block of ["sweep", "limits"]) {
      await ask(page, block, "failed");
      await shoot(block, "failed");
    }
    await page.locator("[data-view-of=requests]").click();
    await page.locator("tr[data-request]").first().waitFor({ timeout: 60_000 });
    await page.locator("[data-act=story]").click();
    await page.locator(".story li").nth(19).waitFor({ timeout: 60_000 });
    await page.screenshot({ path: join(folder, `${size}-${colorScheme}-requests.png`) });
    await page.locator("[data-view-of=ledger]").click();
    await page.locator("tr[data-row]").first().waitFor({ timeout: 60_000 });
    await page.screenshot({ path: join(folder, `${size}-${colorScheme}-ledger.png`) });
    await context.close();
  }
}

await browser.close();
await served.close();
