/**
 * How the page takes a large trace: `node --import tsx e2e/drop.ts FILE`. Drops it on a run of 16
 * nodes at full speed and prints, a line each: name, value, what was counted. Not a test.
 */
import type { Page } from "playwright-core";
import { drop, figure } from "./actions.ts";
import { launch, openPage, serve } from "./harness.ts";
import { spent } from "./spent.ts";

const SETTINGS = { v: "1", workload: "uniform", requests: "100", speed: "max", nodes: "16",
  router: "cache_aware", eviction: "lru" };
/** What a person feels as a stutter. */
const LONG_MS = 50;
const PATIENCE_MS = 600_000;

interface Felt {
  frames_ms: number[];
  tasks_ms: number[];
}

/** As text, since what compiles this file calls helpers that the page does not have. */
const WATCH = `
  window.felt = { frames_ms: [], tasks_ms: [] };
  new PerformanceObserver((list) => {
    window.felt.tasks_ms.push(...list.getEntries().map((entry) => entry.duration));
  }).observe({ entryTypes: ["longtask"] });
  let last = performance.now();
  requestAnimationFrame(function tick(now) {
    window.felt.frames_ms.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  });
`;

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("which file?");
const served = await serve();
const browser = await launch();
try {
  const url = `${served.address}#${new URLSearchParams(SETTINGS).toString()}`;
  const { page, errors } = await openPage(browser, url);
  await page.locator('[data-part=play][data-state="done"]').waitFor();
  await page.evaluate(WATCH);
  const before = await spent(browser);
  const start = performance.now();
  await drop(page, path);
  // The run before is done as well: first the trace must have begun.
  await page.locator('[data-part=play][data-state="playing"]').waitFor();
  await page.locator('[data-part=play][data-state="done"]').waitFor({ timeout: PATIENCE_MS });
  const seconds = (performance.now() - start) / 1000;
  const after = await spent(browser);
  const { frames_ms, tasks_ms } = await felt(page);
  const counted = `${await figure(page, "position")} requests`;
  if (errors.length > 0) throw new Error(errors.join("; "));
  tell("drop/seconds", seconds, counted);
  tell("drop/busy_s", after.busy_s - before.busy_s, counted);
  tell("drop/frame_p99_ms", quantile(frames_ms, 0.99), counted);
  tell("drop/long_tasks", tasks_ms.filter((ms) => ms > LONG_MS).length, counted);
  tell("drop/longest_task_ms", Math.max(0, ...tasks_ms), counted);
  tell("drop/memory_mb", after.peak_mb, counted);
} finally {
  await browser.close();
  await served.close();
}

function tell(name: string, value: number | null, counted: string): void {
  const measured = value === null ? "none\tthis system does not tell" : `${value}\t1\t\t${counted}`;
  process.stdout.write(`${name}\t${measured}\n`);
}

/** Every frame and every long task since the watch began. */
function felt(page: Page): Promise<Felt> {
  return page.evaluate(() => (window as unknown as { felt: Felt }).felt);
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
