/** Single keys, as long as the person wants them. */
import type { App } from "../app/app.ts";
import type { View } from "../panel/view.ts";
import { keep, recall } from "./storage.ts";

const STORED = "kvscope-keys";

export function listenForKeys(app: App, view: View): void {
  view.keysOn = recall("visits", STORED) !== "off";
  view.onKeysChange = (on) => {
    view.keysOn = on;
    keep("visits", STORED, on ? "on" : "off");
  };
  const acts: Record<string, () => void> = {
    " ": () => app.run.togglePlay(),
    ".": () => app.run.step(),
    r: () => app.run.restart(),
    m: () => app.whatIf.toggleMoment(),
    o: () => view.chooseFile(),
    "?": () => view.openHelp(),
    Escape: () => app.whatIf.choose(null),
  };
  addEventListener("keydown", (event) => {
    const act = acts[event.key];
    if (act === undefined || !view.keysOn || isCovered(view)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || takesKey(event.target, event.key)) return;
    // It closes whatever else is open, too.
    if (event.key !== "Escape") event.preventDefault();
    act();
  });
}

/** A sheet over the page has the keys to itself. */
function isCovered({ root }: View): boolean {
  return root.querySelector("dialog[open]") !== null;
}

/** Fields take letters, and what can be pressed takes the space bar; the open tab, which nothing
 *  more can be done to, leaves it to the run. */
function takesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input:not([type=range], [type=checkbox]), select, textarea")) return true;
  return key === " "
    && target.matches("button:not([aria-selected=true]), summary, a, input[type=checkbox]");
}
