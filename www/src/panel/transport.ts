/** Restart, play, one step, where the run is, and how fast it goes. */
import type { App } from "../app/app.ts";
import { h, icon, part, setAttribute, setFill, setText, uniqueId } from "./dom.ts";
import * as format from "../text/format.ts";
import { Marks } from "./marks.ts";
import { Scrubber } from "./scrub.ts";
import { FASTEST, positionOfSpeed, speedAt } from "./controls/scale.ts";
import { runOf, wholeTrace, type State } from "../state/state.ts";

const ICONS = {
  restart: "M3.2 8a4.8 4.8 0 1 0 1.5-3.5M4.9 1.6v3.1h3.1",
  play: "M4.5 2.8v10.4L13 8z",
  pause: "M4.5 3v10M11.5 3v10",
  step: "M3.5 3v10L10 8zM12.5 3v10",
  keep: "M5 2.5h6v11L8 10.8l-3 2.7z",
};

export class Transport {
  readonly #play: HTMLButtonElement;
  readonly #step: HTMLButtonElement;
  readonly #keep: HTMLButtonElement;
  readonly #drawnIcon = { name: "" };
  readonly #now = h("b", { "data-figure": "position" });
  readonly #time = h("small", { title: "Since the trace's first request, as the trace has it" });
  readonly #end = h("span", { class: "end" });
  readonly #done = h("i", {});
  readonly #read = h("em", {});
  readonly #marks = new Marks();
  readonly #bar: HTMLElement;
  readonly #slider: HTMLInputElement;
  readonly #speed: HTMLOutputElement;
  readonly #scrub: Scrubber;

  constructor(app: App, root: HTMLElement) {
    const { run, whatIf } = app;
    const button = (name: "restart" | "step" | "keep", label: string, act: () => void) =>
      h("button", { type: "button", class: "round", "data-part": name, "aria-label": label,
        title: label, click: act }, icon(ICONS[name]));
    this.#play = h("button", { type: "button", class: "round main", "data-part": "play",
      click: () => run.togglePlay() });
    this.#step = button("step", "Serve one request (.)", () => run.step());
    this.#keep = button("keep", "Keep this moment (m)", () => whatIf.toggleMoment());
    this.#bar = h("div", { class: "timeline", role: "slider", tabindex: 0, "data-part": "moment",
      "aria-label": "Moment of the run, in requests served", "aria-valuemin": 0 },
    this.#read, this.#done, this.#marks.element, h("b", {}));
    this.#scrub = new Scrubber(this.#bar, (to) => run.seek(to));
    this.#slider = h("input", { "data-part": "speed", id: uniqueId("speed"), type: "range", min: 0,
      max: 1, step: 0.005, "aria-label": "Speed",
      input: () => run.setSpeed(speedAt(Number(this.#slider.value))) });
    this.#speed = h("output", { for: this.#slider.id });
    part(root, "transport").prepend(
      button("restart", "Restart (r)", () => run.restart()), this.#play, this.#step,
      h("span", { class: "now" }, this.#now, this.#time), this.#bar, this.#end, this.#keep,
      h("label", { class: "speed" }, h("span", {}, "Speed"), this.#slider, this.#speed),
    );
  }

  render(state: State): void {
    const { playing, setup, engine } = state;
    const { frame } = runOf(state);
    this.#button(playing && !frame?.done, frame?.done ?? false);
    for (const control of [this.#play, this.#step]) control.disabled = engine === "starting";
    const served = frame?.requests ?? 0;
    const total = wholeTrace(state);
    setText(this.#now, format.integer(served));
    setAttribute(this.#now, "data-value", String(served));
    setText(this.#time, frame === null ? "" : format.clock(frame.time_s));
    setText(this.#end, total === null ? "requests"
      : `${total.exact ? "" : "≈ "}${total.exact ? format.integer(total.requests)
        : format.compact(total.requests)}`);
    const whole = Math.max(total?.requests ?? served, served, 1);
    this.#done.style.setProperty("width", `${(100 * served) / whole}%`);
    const read = served + (frame?.waiting ?? 0);
    this.#read.style.setProperty("width", `${Math.min((100 * read) / whole, 100)}%`);
    setAttribute(this.#bar, "aria-valuemax", String(whole));
    setAttribute(this.#bar, "aria-valuenow", String(served));
    setAttribute(this.#bar, "aria-valuetext", `request ${format.integer(served)} of ${
      format.integer(whole)}`);
    this.#bar.style.setProperty("--at", `${(100 * served) / whole}%`);
    this.#scrub.update(served, whole, runOf(state).load?.kept ?? false);
    this.#marks.render(state, whole);
    this.#keepButton(state, served);
    this.#speedReading(setup.speed);
  }

  #button(playing: boolean, done: boolean): void {
    const name = playing ? "pause" : done ? "again" : "play";
    if (name === this.#drawnIcon.name) return;
    this.#drawnIcon.name = name;
    const label = { pause: "Pause (space)", play: "Play (space)", again: "Play again (space)" };
    setAttribute(this.#play, "aria-label", label[name]);
    setAttribute(this.#play, "title", label[name]);
    setAttribute(this.#play, "data-state", playing ? "playing" : done ? "done" : "paused");
    this.#play.replaceChildren(icon(ICONS[name === "pause" ? name : "play"]));
  }

  #keepButton({ setup }: State, served: number): void {
    const kept = setup.moments.includes(served);
    setAttribute(this.#keep, "aria-pressed", String(kept));
    const label = kept ? "Let go of this moment (m)" : "Keep this moment (m)";
    setAttribute(this.#keep, "aria-label", label);
    setAttribute(this.#keep, "title", label);
    this.#keep.disabled = served === 0;
  }

  #speedReading(speed: number): void {
    if (speedAt(Number(this.#slider.value)) !== speed) {
      this.#slider.value = String(positionOfSpeed(speed));
    }
    setFill(this.#slider);
    const text = speed === FASTEST ? "max" : `${format.compact(speed)}/s`;
    setText(this.#speed, text);
    setAttribute(this.#slider, "aria-valuetext",
      speed === FASTEST ? "as fast as possible" : `${format.integer(speed)} requests a second`);
  }
}
