/** The address bar: it says what is on the page, and a link in it is restored. */
import type { App } from "../app/app.ts";
import { readMark, writeMark, type FileMark } from "../state/mark.ts";
import { runOf } from "../state/state.ts";
import { keep, recall } from "./storage.ts";

const OPENED = "kvscope-file";

export function keepAddress(app: App, still: boolean): void {
  addEventListener("hashchange", () => app.restore(location.hash, opened()));
  app.store.subscribe((now, before) => {
    const { file } = now.setup;
    if (now.source?.kind === "file" && file !== null && file !== before.setup.file) {
      const mark = new URLSearchParams();
      writeMark(file, mark);
      keep("tab", OPENED, mark.toString());
    }
    const changed = now.setup !== before.setup || now.pending !== before.pending
      || runOf(now).job !== runOf(before).job;
    // A slider that moves is not written down before it rests.
    if (!changed || now.pending || now.tables === null) return;
    const fragment = app.share.fragment();
    if (fragment !== location.hash) history.replaceState(null, "", fragment);
  });
  app.start(location.hash, opened(), still);
}

/** The file that this tab had open: a page that is loaded anew may not read it by itself. */
function opened(): FileMark | null {
  return readMark(new URLSearchParams(recall("tab", OPENED) ?? ""));
}
