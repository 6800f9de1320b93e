/** The view Requests: why did it go there? A table of requests, and the record of one of them. */
import "../../style/requests.css";
import type { WholeApp } from "../../app/actions.ts";
import type { Step, Wanted } from "../../engine/protocol.ts";
import type { DecisionsState, RequestsState } from "../../state/analysis.ts";
import { letterOf } from "../../state/lanes.ts";
import { PAGE, isOfLanes } from "../../state/requests.ts";
import { served } from "../../state/run.ts";
import { isCompared, runOf, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { shortName } from "../compare/multiples.ts";
import { h, setAttribute, setText, setValue } from "../dom.ts";
import { RequestRecord } from "./requests-record.ts";
import { RequestsTable } from "./requests-table.ts";
import { Status } from "./status.ts";

/** What a request is found by beside its number: what is asked, and how that is said. */
const FOUND: Record<string, { label: string; wanted(value: number): Wanted;
  title(value: number): string }> = {
  time: { label: "Seconds", wanted: (at_s) => ({ at_s }),
    title: (it) => `The first request from ${it} s after the trace's first on` },
  family: { label: "Family of block", wanted: (family) => ({ family, from: 1 }),
    title: (it) => `The first request in the family of block ${format.integer(it)}` },
};

export class RequestsView {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #kind: HTMLSelectElement;
  readonly #value: HTMLInputElement;
  readonly #before: HTMLButtonElement;
  readonly #after: HTMLButtonElement;
  readonly #status: Status;
  readonly #found: Status;
  readonly #table: RequestsTable;
  readonly #record: RequestRecord;
  readonly #body: HTMLElement;
  readonly #heading = h("h2", {});
  readonly #steps = h("ol", { class: "story" });
  readonly #story = h("section", { class: "panel figure", "data-part": "story", hidden: true },
    this.#heading, this.#steps);
  #told: Step[] | null = null;
  /** The number that the box says is chosen. */
  #written = 0;

  constructor(app: WholeApp) {
    this.#app = app;
    this.#kind = h("select", { "aria-label": "Go by" }, h("option", { value: "number" }, "Number"),
      ...Object.entries(FOUND).map(([id, { label }]) => h("option", { value: id }, label)));
    this.#value = h("input", { type: "number", min: 0, step: "any", value: 1, "data-go": "",
      "aria-label": "Which" });
    const button = (act: string, text: string, title: string, does: () => void) =>
      h("button", { type: "button", class: "button", "data-act": act, title, click: does }, text);
    this.#before = button("page-before", "←", `The ${PAGE} before`, () => this.#turn(-1));
    this.#before.setAttribute("aria-label", `The ${PAGE} requests before`);
    this.#after = button("page-after", "→", `The ${PAGE} after`, () => this.#turn(1));
    this.#after.setAttribute("aria-label", `The ${PAGE} requests after`);
    this.#status = new Status({ unit: "request", again: "Once more",
      act: () => void app.requests.look(app.store.now.analysis.requests.from),
      cancel: () => app.analysis.cancel("requests") });
    this.#found = new Status({ unit: "request", again: "Once more", act: () => this.#go(),
      cancel: () => app.analysis.cancel("decisions") });
    this.#table = new RequestsTable((number) => void app.requests.go(number));
    this.#record = new RequestRecord((number) => {
      app.run.seek(number);
      app.open("run");
    });
    this.#body = h("div", { class: "requests-body", hidden: true },
      h("section", { class: "panel figure" }, this.#table.element), this.#record.element);
    this.element = h("main", { class: "view", "data-view": "requests", tabindex: -1,
      "aria-label": "Why requests went where they went" },
    h("form", { class: "picks-row", submit: (event) => {
      event.preventDefault();
      this.#go();
    } }, h("label", {}, "Go to ", this.#kind), this.#value,
    h("button", { type: "submit", class: "button primary", "data-act": "go" }, "Go"),
    button("go-run", "Where the run is", "The request that the run served last", () =>
      void app.requests.go(Math.max(1, served(runOf(app.store.now))))),
    h("span", { class: "pages" }, this.#before, this.#after),
    button("story", "The story", "The first decisions of the lane that is selected, in sentences",
      () => void app.decisions.story())), this.#status.element, this.#found.element, this.#body,
    this.#story);
  }

  render(state: State): void {
    const { source, analysis: { requests, decisions } } = state;
    const { work, rows, total, from, chosen } = requests;
    const of = total === null ? "" : ` of ${format.integer(total)}`;
    const last = rows.at(-1)?.number ?? from;
    const who = isCompared(state) ? "the lanes serve" : "the run serves";
    const which = `${format.integer(from)} to ${format.integer(last)}`;
    this.#status.render(work,
      `${instead(requests)}Requests ${which}${of}, as ${who} them from the first on.`);
    this.#status.element.hidden = work.phase === "idle";
    this.#found.element.hidden = decisions.work.phase === "idle"
      || decisions.work.phase === "done";
    this.#found.render(decisions.work, "");
    if (chosen !== this.#written && this.#kind.value === "number") this.#write(chosen);
    const mine = isOfLanes(state) && source !== null;
    this.#body.hidden = rows.length === 0 || !mine;
    this.#before.disabled = from <= 1 || !mine;
    this.#after.disabled = !mine || (total !== null && last >= total);
    if (!this.#body.hidden) {
      this.#table.render(rows, chosen, total);
      const row = rows.find(({ number }) => number === chosen);
      // On the way to another page the one before stays.
      setAttribute(this.#body, "aria-busy", row === undefined ? "true" : null);
      const run = runOf(state);
      if (row !== undefined) {
        this.#record.render(row, row.lanes.map((_, lane) => shortName(state, lane)),
          run.load?.kept === true || row.number > served(run));
      }
    }
    this.#tell(decisions, state);
  }

  /** The box says which request is chosen, but for somebody who types another. */
  #write(chosen: number): void {
    this.#written = chosen;
    setValue(this.#value, chosen);
  }

  #turn(by: number): void {
    const { from } = this.#app.store.now.analysis.requests;
    void this.#app.requests.go(Math.max(from + by * PAGE, 1));
  }

  #go(): void {
    const typed = Number(this.#value.value) || 0;
    const given = Math.max(typed, 0);
    const { [this.#kind.value]: found } = FOUND;
    if (found === undefined) void this.#app.requests.go(typed);
    else {
      const value = this.#kind.value === "time" ? given : Math.round(given);
      void this.#app.requests.find(found.wanted(value), found.title(value));
    }
  }

  /** More than one decision is a story, as long as its lane is there; each leads to its request. */
  #tell({ steps, title, config }: DecisionsState, { lanes }: State): void {
    const lane = lanes.findIndex((run) => JSON.stringify(run.config) === JSON.stringify(config));
    this.#story.hidden = steps.length < 2 || lane < 0;
    setText(this.#heading, lanes.length > 1 ? `${title}, lane ${letterOf(lane)}` : title);
    if (steps === this.#told) return;
    this.#told = steps;
    this.#steps.replaceChildren(...steps.map((step) => h("li", { "data-step": step.request },
      h("button", { type: "button", class: "link", title: "Its record",
        click: () => void this.#app.requests.go(step.request) }, step.why), " ",
      h("em", {}, `Largest node: ${format.share(step.largest_share_of_requests)} of requests, `
        + `${format.share(step.largest_share_of_work)} of work.`))));
  }
}

/** Why another request is shown than the one that was asked for; empty where it is not. */
function instead({ missing, chosen, total }: RequestsState): string {
  if (missing === null) return "";
  const which = chosen === total ? "the last" : missing < 1 ? "the first" : `request ${chosen}`;
  const found = Number.isInteger(missing) ? format.integer(missing) : String(missing);
  return `There is no request ${found}: this is ${which}. `;
}
