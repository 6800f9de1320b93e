/** The address bar: it says what is on the page, and a link in it is restored. */
import type { App } from "../app/app.ts";
import { runOf } from "../state/state.ts";

export function keepAddress(app: App, still: boolean): void {
  addEventListener("hashchange", () => app.source.restore(location.hash));
  app.store.subscribe((now, before) => {
    const changed = now.setup !== before.setup || now.pending !== before.pending
      || runOf(now).job !== runOf(before).job;
    // A slider that moves is not written down before it rests.
    if (!changed || now.pending || now.tables === null) return;
    const fragment = app.share.fragment();
    if (fragment !== location.hash) history.replaceState(null, "", fragment);
  });
  app.start(location.hash, still);
}
