/** What the page costs its machine. */
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";

/** Processor seconds and most memory of the page's process, worker included. */
export async function spent(browser: Browser): Promise<{ busy_s: number; peak_mb: number | null }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  // The page's, and not that of the browser's own surroundings.
  const page = renderers.toSorted((a, b) => b.cpuTime - a.cpuTime)[0];
  if (page === undefined) return { busy_s: 0, peak_mb: null };
  try {
    const line = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${page.id}/status`, "utf8"));
    return { busy_s: page.cpuTime, peak_mb: line === null ? null : Number(line[1]) / 1000 };
  } catch {
    return { busy_s: page.cpuTime, peak_mb: null };
  }
}
