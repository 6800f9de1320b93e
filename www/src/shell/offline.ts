/** The page without a network: its files are kept by a service worker (offline-worker.ts). */
import type { App } from "../app/app.ts";

/** What is kept is fetched once the page has what it needs itself. */
const LATER_MS = 4000;

/** Only of the built page, and not where it is a figure on somebody's page. */
export function workOffline(app: App): void {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (!import.meta.env.PROD || window.top !== window || serviceWorker === undefined) return;
  addEventListener("load", () => setTimeout(() => {
    // With a file open, nothing is asked of the network any more; the next visit will do.
    if (app.store.now.source?.kind === "file") return;
    // Refused where storage is, or without https: the page then needs its network.
    serviceWorker.register(new URL("sw.js", document.baseURI)).catch(() => undefined);
  }, LATER_MS));
}
