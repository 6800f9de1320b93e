/** At most three controls: play, the timeline, the table behind the picture. */
import type { LiveApp } from "../app/live.ts";
import { h, icon, setAttribute, setText } from "../panel/dom.ts";
import { Marks } from "../panel/marks.ts";
import { Scrubber } from "../panel/scrub.ts";
import { isLoading } from "../state/run.ts";
import { runOf, wholeTrace, type State } from "../state/state.ts";
import * as format from "../text/format.ts";
import type { ControlName } from "./attributes.ts";

const ICONS = {
  play: "M5 3.5v9l7-4.5z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  table: "M2.5 3h11v10h-11zM2.5 6.5h11M2.5 9.75h11M6.5 3v10",
};

const LABELS = { pause: "Pause", play: "Play", again: "Play again" };

export class Controls {
  readonly #play: HTMLButtonElement;
  readonly #table: HTMLButtonElement;
  readonly #bar: HTMLElement;
  readonly #done = h("i", {});
  readonly #read = h("em", {});
  readonly #marks = new Marks();
  readonly #reading = h("output", { class: "reading", part: "reading" });
  readonly #scrub: Scrubber;
  #state = "";

  constructor(app: LiveApp, host: HTMLElement, showTable: (on: boolean) => void) {
    this.#play = h("button", { type: "button", class: "round main", part: "play",
      click: () => app.run.togglePlay() });
    this.#bar = h("div", { class: "timeline", part: "timeline", role: "slider", tabindex: 0,
      "aria-label": "Moment of the run, in requests served", "aria-valuemin": 0 },
    this.#read, this.#done, this.#marks.element, h("b", {}));
    this.#scrub = new Scrubber(this.#bar, (to) => app.run.seek(to));
    this.#table = h("button", { type: "button", class: "round", part: "table-button",
      "aria-label": "Table", title: "The picture as a table", "aria-pressed": "false",
      click: () => {
        const on = this.#table.getAttribute("aria-pressed") !== "true";
        setAttribute(this.#table, "aria-pressed", String(on));
        showTable(on);
      } }, icon(ICONS.table));
    host.append(this.#play, this.#bar, this.#reading, this.#table);
  }

  /** Which of them are there. */
  choose(names: ReadonlySet<ControlName>): void {
    this.#play.hidden = !names.has("play");
    this.#bar.hidden = !names.has("seek");
    this.#reading.hidden = !names.has("seek");
    this.#table.hidden = !names.has("table");
  }

  render(state: State): void {
    const run = runOf(state);
    const { frame } = run;
    const served = frame?.requests ?? 0;
    this.#button(state.playing && !frame?.done ? "pause" : frame?.done ? "again" : "play");
    const total = wholeTrace(state);
    const whole = Math.max(total?.requests ?? served, served, 1);
    const part = (requests: number) => `${Math.min((100 * requests) / whole, 100)}%`;
    this.#done.style.setProperty("width", part(served));
    this.#read.style.setProperty("width", part(isLoading(run) ? served + (frame?.waiting ?? 0)
      : 0));
    this.#bar.style.setProperty("--at", part(served));
    for (const [name, value] of [["aria-valuemax", String(whole)], ["aria-valuenow",
      String(served)], ["aria-valuetext", `request ${format.integer(served)} of ${
      format.integer(whole)}`]] as const) setAttribute(this.#bar, name, value);
    setText(this.#reading, `${format.integer(served)} of ${total === null ? "…"
      : `${total.exact ? "" : "≈ "}${format.integer(total.requests)}`}`);
    this.#scrub.update(served, whole, run.load?.kept ?? false);
    this.#marks.render(state, whole);
  }

  #button(name: keyof typeof LABELS): void {
    if (name === this.#state) return;
    this.#state = name;
    setAttribute(this.#play, "aria-label", LABELS[name]);
    setAttribute(this.#play, "title", LABELS[name]);
    setAttribute(this.#play, "data-state", name);
    this.#play.replaceChildren(icon(name === "pause" ? ICONS.pause : ICONS.play));
  }
}
