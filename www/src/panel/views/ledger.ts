/** The view Ledger: runs that have ended, held to one of them, and made runs again. */
import "../../style/ledger.css";
import type { WholeApp } from "../../app/actions.ts";
import { endedOf } from "../../app/ledger.ts";
import { saveText } from "../../app/files.ts";
import type { Tables } from "../../engine/protocol.ts";
import { MOST_LANES } from "../../state/lanes.ts";
import { MOST_ROWS, rowOf, type LedgerRow } from "../../state/ledger.ts";
import { served } from "../../state/run.ts";
import { runOf, wholeTrace, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { swatch } from "../compare/multiples.ts";
import { h, setText, uniqueId } from "../dom.ts";
import { COLUMNS, awayText, figureText, ledgerCsv, nameOf } from "./ledger-rows.ts";
import { wordsOf } from "./words.ts";

export class LedgerView {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #say = h("p", { class: "hint", role: "status", "data-part": "ledger-say" });
  readonly #acts: HTMLElement;
  readonly #why = h("p", { class: "reasons bad", role: "status", hidden: true });
  readonly #empty = h("p", { class: "view-empty", "data-part": "ledger-empty" });
  readonly #box = h("div", { class: "scroll", tabindex: 0, role: "region",
    "aria-label": "Runs that have ended" });
  readonly #panel: HTMLElement;
  /** The radio buttons are one group, on this app of the page. */
  readonly #group = uniqueId("baseline");
  #drawn: unknown[] = [];

  constructor(app: WholeApp) {
    this.#app = app;
    const button = (act: string, title: string, text: string, does: () => void) =>
      h("button", { type: "button", class: "button", "data-act": act, title, click: does }, text);
    this.#acts = h("div", { class: "picks-row" },
      button("no-baseline", "Hold the rows to none of them", "No differences",
        () => app.ledger.setBaseline(null)),
      button("ledger-csv", "Every row, with its configuration and its differences", "CSV",
        () => this.#save()),
      button("clear-ledger", "Take every row out", "Clear", () => app.ledger.clear()));
    this.#panel = h("section", { class: "panel figure" }, this.#box,
      h("p", { class: "say" }, "Every figure is of a whole run. Below it stands its distance to "
        + "the row that is the baseline, where that is of the same requests. – is not "
        + `defined: no hit rate without block ids, no TTFT without time. The latest ${MOST_ROWS} `
        + "rows are kept until the page is closed; a link does not carry them."));
    this.element = h("main", { class: "view", "data-view": "ledger", tabindex: -1,
      "aria-label": "Runs that have ended" },
    h("div", { class: "view-head" }, this.#say, this.#acts), this.#why, this.#empty, this.#panel);
  }

  render(state: State): void {
    const { ledger, tables, analysis, setup } = state;
    const none = ledger.rows.length === 0;
    setText(this.#say, sayOf(state));
    this.#acts.hidden = none;
    this.#panel.hidden = none;
    this.#empty.hidden = !none;
    setText(this.#empty, "Each run that is served to its end becomes a row here, and each lane of "
      + "it one of its own: set the speed to the fastest, or let it play.");
    const room = setup.others.length + 1 < MOST_LANES;
    const now = [ledger, tables, analysis.trace, room];
    if (tables === null || now.every((one, i) => one === this.#drawn[i])) return;
    if (ledger !== this.#drawn[0]) this.#tell("");
    this.#drawn = now;
    // A button that has the keyboard keeps it; where its row is gone, the table has it.
    const key = this.#box.querySelector<HTMLElement>(":focus")?.dataset["key"];
    this.#draw(tables, state, room);
    if (key === undefined) return;
    (this.#box.querySelector<HTMLElement>(`[data-key="${key}"]`) ?? this.#box).focus();
  }

  #draw(tables: Tables, { ledger: { rows, baseline }, analysis }: State, room: boolean): void {
    const base = rows.find(({ id }) => id === baseline);
    const head = ["Run", "Configuration", "Requests", ...COLUMNS.map(({ title }) => title),
      "Baseline"];
    this.#box.replaceChildren(h("table", { class: "figures-table ledger" },
      h("caption", { class: "unseen" }, "Runs that have ended, the latest first"),
      h("thead", {}, h("tr", {}, ...head.map((name, i) => h("th", { scope: "col",
        class: i === 1 ? "words" : null }, name)),
      h("th", { scope: "col" }, h("span", { class: "unseen" }, "What to do with it")))),
      h("tbody", {}, ...[...rows].reverse().map((row) =>
        this.#row(tables, row, base, { here: row.trace === analysis.trace, room })))));
  }

  #row(tables: Tables, row: LedgerRow, base: LedgerRow | undefined,
    { here, room }: { here: boolean; room: boolean }): HTMLElement {
    const { router, rest, changed } = wordsOf(tables, row.config);
    const name = nameOf(row);
    return h("tr", { "data-row": name, "aria-current": row === base ? "true" : null },
      h("th", { scope: "row" }, row.lane === "" ? null : swatch(row.lane), name),
      h("td", { class: "words" }, h("b", {}, router), h("small", {}, rest),
        changed === "" ? null : h("small", { class: "tagged" }, h("em", {}, "changed on the way"),
          ` ${changed}`),
        here ? null : h("small", { class: "tagged" }, h("em", {}, "another trace"),
          ` ${row.name}`),
        row.whole ? null : h("small", { class: "tagged" }, h("em", {}, "part of the trace"))),
      h("td", { "data-value": row.requests }, format.integer(row.requests)),
      ...COLUMNS.map((column) => {
        const value = row.figures[column.key];
        return h("td", { "data-figure": column.key, "data-value": value ?? "" },
          h("span", {}, figureText(row, column)),
          h("small", {}, awayText(row, base, column)));
      }),
      h("td", {}, this.#radio(row, name, row === base)), h("td", { class: "row-acts" },
        this.#act(`open ${name}`, "Open", `Open run ${name}`, here ? "Run this configuration alone"
          : "Run this configuration alone, on the trace that is open", () =>
          this.#app.ledger.open(row.id)),
        this.#act(`join ${name}`, "+ lane", `Add run ${name} as a lane`, room
          ? "The same trace on this configuration, beside what runs"
          : `There are ${MOST_LANES} lanes at most`, () => this.#join(row.id), !room),
        this.#act(`remove ${name}`, "×", `Take run ${name} out`, "Take this row out", () =>
          this.#app.ledger.remove(row.id))));
  }

  #act(key: string, text: string, label: string, title: string, does: () => void, closed = false)
    : HTMLElement {
    return h("button", { type: "button", class: "button", "data-key": key, "aria-label": label,
      title, disabled: closed, click: does }, text);
  }

  #radio({ id }: LedgerRow, name: string, checked: boolean): HTMLElement {
    return h("label", { class: "radio" }, h("input", { type: "radio", name: this.#group, checked,
      "data-key": `baseline ${name}`, "aria-label": `Hold the others to run ${name}`,
      change: () => this.#app.ledger.setBaseline(id) }));
  }

  #join(id: number): void {
    const differ = this.#app.ledger.join(id);
    if (differ.length === 0) return;
    this.#tell("Lanes share all but policies, nodes and cache: this run differs from what runs in "
      + `${differ.join(", ")}. Open it alone instead.`);
  }

  #tell(why: string): void {
    this.#why.hidden = why === "";
    setText(this.#why, why);
  }

  #save(): void {
    const { tables, ledger } = this.#app.store.now;
    if (tables !== null) saveText("kvscope-ledger.csv", ledgerCsv(tables, ledger));
  }
}

/** How the run that is on the page stands to the ledger. */
function sayOf(state: State): string {
  const { engine, source, lanes, ledger } = state;
  const run = runOf(state);
  if (engine === "crashed") return "The run on the page stopped before its end, and is no row.";
  if (source === null) return engine === "starting" ? "Starting the simulator…"
    : "No trace is open, and nothing runs.";
  if (run.frame?.done === true && !state.seeking) {
    const names = endedOf(state).flatMap((ended) => rowOf(ledger, ended) ?? []).map(nameOf);
    if (names.length === 0) return "The run on the page has ended, and is no row any more.";
    return `The run on the page has ended: ${names.length === 1 ? "row" : "rows"} ${
      [...new Set(names)].join(", ")}.`;
  }
  if (run.failure !== null && run.frame === null) return "The run on the page cannot be run.";
  const total = wholeTrace(state);
  const of = total === null ? "" : ` of ${total.exact ? "" : "about "}${
    format.integer(total.requests)}`;
  const what = lanes.length === 1 ? "a row" : `${lanes.length} rows`;
  return `The run on the page becomes ${what} once it has ended: ${
    format.integer(served(run))}${of} requests served${state.playing ? "" : ", paused"}.`;
}
