/**
 * How long the page's answers take: `node --import tsx e2e/plan.ts TRACE GRID POLICY,...`. Opens
 * the view Plan, which reads the trace and draws the curves of the policies, then runs the sweep;
 * prints, a line each: name, seconds by the clock and of the processor, what was counted. Not a
 * test.
 */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { finished } from "./actions.ts";
import { launch, openPage, serve } from "./harness.ts";
import { spent } from "./spent.ts";

const PATIENCE_MS = 600_000;

interface Grid {
  base: Record<string, number>;
  axes: Record<string, (string | number)[]>;
  seeds: number[];
}

const [trace, path, policies] = process.argv.slice(2);
if (trace === undefined || path === undefined || policies === undefined) {
  throw new Error("which trace, which grid, which policies?");
}
const grid = JSON.parse(readFileSync(path, "utf8")) as Grid;
const settings = new URLSearchParams({ v: "1", trace: "trace.jsonl", speed: "max",
  router: "round_robin", seed: String(grid.seeds[0]), curve: policies.split(",").join("*"),
  ...Object.fromEntries(Object.entries(grid.base).map(([name, value]) => [name, String(value)])),
  ...Object.fromEntries(Object.entries(grid.axes).map(([name, values]) =>
    [`vary.${name}`, values.join("*")])) });
const served = await serve({ "/trace.jsonl": trace });
const browser = await launch();
try {
  const { page, errors } = await openPage(browser, `${served.address}#${settings.toString()}`);
  await finished(page);
  for (const [name, button, block, part] of [
    ["curve", "[data-view-of=plan]", "[data-block=curve]", "td[data-value]"],
    ["sweep", "[data-act=sweep]", "[data-block=sweep]", "tr[data-cell]"],
  ] as const) {
    const before = await spent(browser);
    const took = await seconds(page, button, block);
    const { busy_s } = await spent(browser);
    const counted = `${await page.locator(`${block} ${part}`).count()} figures`;
    tell(`answers/${name}_s`, took, counted);
    tell(`answers/${name}_busy_s`, busy_s - before.busy_s, counted);
  }
  if (errors.length > 0) throw new Error(errors.join("; "));
} finally {
  await browser.close();
  await served.close();
}

/** From the click until all of the answer is on the page, on its own clock. */
async function seconds(page: Page, button: string, block: string): Promise<number> {
  await page.evaluate(`void (window.took = new Promise((resolve) => {
    const begun = performance.now();
    // A view comes when it is opened for the first time.
    const look = () => {
      const phase = document.querySelector("${block} .status")?.dataset.phase;
      if (phase !== "done") return requestAnimationFrame(look);
      resolve((performance.now() - begun) / 1000);
    };
    document.querySelector("${button}").click();
    // What was done before is still there for a moment.
    requestAnimationFrame(() => requestAnimationFrame(look));
  }))`);
  await page.locator(`${block} .status[data-phase=done]`).waitFor({ timeout: PATIENCE_MS });
  return page.evaluate(() => (window as unknown as { took: Promise<number> }).took);
}

function tell(name: string, value: number, counted: string): void {
  process.stdout.write(`${name}\t${value}\t1\t\t${counted}\n`);
}
