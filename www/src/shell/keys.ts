/** Single keys, and the sheet that lists them; they can be switched off there (WCAG 2.1.4). */
import type { App } from "../app/app.ts";
import { byId, h } from "../panel/dom.ts";

const STORED = "kvscope-keys";

const KEYS: [key: string, does: string][] = [
  ["Space", "Play or pause"],
  [".", "Serve one request"],
  ["r", "Restart from the beginning"],
  ["o", "Open a trace"],
  ["← →", "On the cluster: read one node after another"],
  ["?", "This sheet"],
];

export function listenForKeys(app: App): void {
  const sheet = byId<HTMLDialogElement>("help");
  const on = h("input", { type: "checkbox", role: "switch", class: "switch", id: "keys-on",
    change: () => localStorage.setItem(STORED, on.checked ? "on" : "off") });
  on.checked = localStorage.getItem(STORED) !== "off";
  byId("keys").append(
    ...KEYS.flatMap(([key, does]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, does)]));
  byId("keys-switch").append(on, " Single keys are on");
  byId("help-open").addEventListener("click", () => sheet.showModal());
  byId("help-close").addEventListener("click", () => sheet.close());
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet) sheet.close();
  });

  const acts: Record<string, () => void> = {
    " ": () => app.togglePlay(),
    ".": () => app.step(),
    r: () => app.restart(),
    o: () => byId("open").click(),
    "?": () => sheet.showModal(),
  };
  addEventListener("keydown", (event) => {
    const act = acts[event.key];
    if (act === undefined || !on.checked || sheet.open) return;
    if (event.ctrlKey || event.metaKey || event.altKey || takesKey(event.target, event.key)) return;
    event.preventDefault();
    act();
  });
}

/** Fields take letters, and what can be pressed takes the space bar; the open tab, which nothing
 *  more can be done to, leaves it to the run. */
function takesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input:not([type=range], [type=checkbox]), select, textarea")) return true;
  return key === " "
    && target.matches("button:not([aria-selected=true]), summary, a, input[type=checkbox]");
}
