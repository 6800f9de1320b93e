/** What the page costs its machine. */
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";

/** Processor seconds of the page's process, worker included, and its memory: the most it had, and
 *  what it has. */
export async function spent(browser: Browser)
  : Promise<{ busy_s: number; peak_mb: number | null; now_mb: number | null }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  // The page's, and not that of the browser's own surroundings.
  const page = renderers.toSorted((a, b) => b.cpuTime - a.cpuTime)[0];
  const status = page === undefined ? "" : statusOf(page.id);
  const mb = (name: string) => {
    const line = new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(status);
    return line === null ? null : Number(line[1]) / 1000;
  };
  return { busy_s: page?.cpuTime ?? 0, peak_mb: mb("VmHWM"), now_mb: mb("VmRSS") };
}

/** What Linux tells of a process; "" elsewhere. */
function statusOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/status`, "utf8");
  } catch {
    return "";
  }
}
