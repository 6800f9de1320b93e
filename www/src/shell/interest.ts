/**
 * The first view is small, and the rest of the page is fetched at the first sign that somebody is
 * there: a hand reaches its button later than the rest does. Whoever is quicker waits for it, and
 * what they pressed is then pressed for them.
 */
import type { App } from "../app/app.ts";

const SIGNS = ["pointermove", "pointerdown", "touchstart", "wheel", "keydown", "dragenter",
  "focusin", "click", "hashchange", "popstate"] as const;

export function fetchRest(app: App, root: HTMLElement): void {
  const act = new AbortController();
  for (const sign of SIGNS) {
    addEventListener(sign, () => {
      act.abort();
      // Whoever needs it tries again, and says why it is not there.
      app.rest.get().catch(() => undefined);
    }, { capture: true, passive: true, signal: act.signal });
  }
  root.addEventListener("click", (event) => {
    if (app.rest.there || !(event.target instanceof Element)) return;
    const control = event.target.closest<HTMLElement>("[data-later]");
    if (control === null) return;
    event.preventDefault();
    event.stopPropagation();
    control.ariaBusy = "true";
    void app.need(() => control.click()).finally(() => control.removeAttribute("aria-busy"));
  }, { capture: true });
}
