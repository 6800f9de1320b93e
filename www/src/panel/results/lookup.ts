/** Decisions looked up by number, by time or by family, and the first ones as a story. */
import type { App } from "../../app/app.ts";
import type { Step, Wanted } from "../../engine/protocol.ts";
import type { State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h, setText } from "../dom.ts";
import { Status } from "../views/status.ts";

/** What a decision is found by: what the box takes, and what is asked. */
const KINDS: Record<string, { label: string; least: number; title(value: number): string;
  wanted(value: number): Wanted }> = {
  number: { label: "Number", least: 1, title: (it) => `Request ${format.integer(it)}`,
    wanted: (number) => ({ number }) },
  time: { label: "Seconds", least: 0,
    title: (it) => `The first request from ${it} s after the trace's first on`,
    wanted: (at_s) => ({ at_s }) },
  family: { label: "Family of block", least: 0,
    title: (it) => `The first request in the family of block ${format.integer(it)}`,
    wanted: (family) => ({ family, from: 1 }) },
};

export class Lookup {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #kind: HTMLSelectElement;
  readonly #value: HTMLInputElement;
  readonly #count: HTMLInputElement;
  readonly #status: Status;
  readonly #title = h("h3", {});
  readonly #list = h("ol", { class: "story" });
  readonly #box: HTMLElement;
  #drawn: Step[] | null = null;

  constructor(app: App) {
    this.#app = app;
    const names = Object.entries(KINDS).map(([id, { label }]) => h("option", { value: id }, label));
    this.#kind = h("select", { "aria-label": "Find by" }, ...names);
    this.#value = h("input", { type: "number", min: 0, step: "any", value: 1, "data-find": "",
      "aria-label": "Which" });
    this.#count = h("input", { type: "number", min: 1, max: 1000, step: 1, value: 1,
      "data-find-count": "" });
    this.#status = new Status({ unit: "request", again: "Once more", act: () => this.#find(),
      cancel: () => app.analysis.cancel("decisions") });
    this.#box = h("div", { class: "scroll", tabindex: 0, role: "region", hidden: true,
      "aria-label": "Decisions found" }, this.#title, this.#list);
    this.element = h("form", { class: "lookup", submit: (event) => {
      event.preventDefault();
      this.#find();
    } }, h("div", { class: "picks-row" }, this.#kind, this.#value,
      h("label", {}, "How many ", this.#count),
      h("button", { type: "submit", class: "button", "data-act": "find" }, "Find"),
      h("button", { type: "button", class: "button", "data-act": "story",
        click: () => void app.decisions.story() }, "The story")),
    this.#status.element, this.#box);
  }

  render({ analysis: { decisions } }: State): void {
    const { work, steps, title } = decisions;
    this.#status.element.hidden = work.phase === "idle";
    this.#status.render(work, "Found in a run of its own.");
    if (steps === this.#drawn) return;
    this.#drawn = steps;
    this.#box.hidden = steps.length === 0;
    setText(this.#title, title);
    this.#list.replaceChildren(...steps.map((step) => h("li", { "data-step": step.request },
      step.why, " ", h("em", {}, `Largest node: ${format.share(step.largest_share_of_requests)} of `
        + `requests, ${format.share(step.largest_share_of_work)} of work.`))));
  }

  #find(): void {
    const kind = KINDS[this.#kind.value] ?? KINDS["number"]!;
    const given = Number(this.#value.value);
    const value = this.#kind.value === "time" ? Math.max(given, 0)
      : Math.max(Math.round(given), kind.least);
    const count = Math.min(Math.max(Math.round(Number(this.#count.value)), 1), 1000) || 1;
    void this.#app.decisions.find(kind.wanted(value), count, kind.title(value));
  }
}
