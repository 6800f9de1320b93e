/** The runs of a sweep as a table that is sorted by whichever column is chosen, and filtered. */
import type { CellResult, SweepRow, Tables } from "../../engine/protocol.ts";
import * as format from "../../text/format.ts";
import { MOST_LANES } from "../../state/lanes.ts";
import { h, setText } from "../dom.ts";
import { axisValue, axisWords } from "./axes.ts";
import { figure, matching, sortedBy, type Filter, type Metric } from "./metrics.ts";

/** More rows than these nobody reads on a page; files have all. */
const MOST_SHOWN = 500;

export interface RowActs {
  open(row: SweepRow): void;
  /** Returns what they differ in that lanes must share. */
  compare(rows: SweepRow[]): string[];
}

export class RowsTable {
  readonly element: HTMLElement;
  readonly #table = h("div", { class: "scroll", tabindex: 0, role: "region",
    "aria-label": "Runs" });
  readonly #axes = h("span", { class: "filters" });
  readonly #text: HTMLInputElement;
  #axesFor = "";
  #filter: Filter = { point: {}, text: "" };
  readonly #acts: RowActs;
  /** Numbers of the runs to be set side by side, in the order in which they were chosen. */
  #chosen: number[] = [];
  readonly #compare: HTMLButtonElement;
  readonly #why = h("span", { class: "hint", role: "status" });
  #by = "";
  #descending = true;
  #shown: [metrics: Metric[], axes: string[], results: CellResult[]] = [[], [], []];
  #tables: Tables | null = null;

  constructor(acts: RowActs) {
    this.#acts = acts;
    this.#compare = h("button", { type: "button", class: "button", "data-act": "compare-rows",
      click: () => this.#beside() }, "Compare what is ticked");
    this.#text = h("input", { type: "search", "aria-label": "Words that a run must have",
      placeholder: "filter, as in cache nodes=8", spellcheck: "false", input: () => {
        this.#filter = { ...this.#filter, text: this.#text.value };
        this.#draw();
      } });
    this.element = h("div", {}, h("div", { class: "picks-row" }, this.#text, this.#axes),
      h("div", { class: "picks-row" }, this.#compare, this.#why), this.#table);
  }

  /** The runs that are shown, in the order in which they are. */
  get shown(): CellResult[] {
    const [metrics, , results] = this.#shown;
    return sortedBy(matching(results, this.#filter), metrics.map(({ id }) => id), this.#by,
      this.#descending);
  }

  render(tables: Tables, axes: string[], results: CellResult[]): void {
    this.#tables = tables;
    this.#shown = [tables.metrics, axes, results];
    this.#chosen = this.#chosen.filter((cell) => results.some(({ row }) => row.cell === cell));
    this.#menus();
    this.#draw();
  }

  /** A menu for each axis that has more than one value. */
  #menus(): void {
    const [, axes, results] = this.#shown;
    const values = axes.map((name) => [name, [...new Set(results.flatMap(({ row }) =>
      row.point[name] ?? []))]] as const).filter(([, all]) => all.length > 1);
    const key = JSON.stringify(values);
    if (key === this.#axesFor) return;
    this.#axesFor = key;
    const { point } = this.#filter;
    const kept = Object.entries(point).filter(([name, value]) =>
      values.some(([axis, all]) => axis === name && all.includes(value)));
    this.#filter = { ...this.#filter, point: Object.fromEntries(kept) };
    this.#axes.replaceChildren(...values.map(([name, all]) => {
      const select = h("select", { "data-filter": name, change: () => {
        const { [name]: _, ...rest } = this.#filter.point;
        this.#filter = { ...this.#filter,
          point: select.value === "" ? rest : { ...rest, [name]: select.value } };
        this.#draw();
      } }, h("option", { value: "" }, "all"),
      ...all.map((value) => h("option", { value }, this.#value(name, value))));
      select.value = this.#filter.point[name] ?? "";
      return h("label", {}, `${this.#label(name)} `, select);
    }));
  }

  #label(axis: string): string {
    return this.#tables === null ? axis : axisWords(this.#tables, axis).label;
  }

  #value(axis: string, text: string): string {
    return this.#tables === null ? text : axisValue(this.#tables, axis, text);
  }

  #tick(cell: number, on: boolean): void {
    this.#chosen = on ? [...this.#chosen, cell] : this.#chosen.filter((one) => one !== cell);
    this.#draw();
    this.#table.querySelector<HTMLElement>(`tr[data-cell="${cell}"] input`)?.focus();
  }

  /** Sets what is ticked side by side, or says why it cannot be. */
  #beside(): void {
    const [, , results] = this.#shown;
    const rows = this.#chosen.flatMap((cell) =>
      results.find(({ row }) => row.cell === cell)?.row ?? []);
    const differ = this.#acts.compare(rows);
    if (differ.length > 0) {
      setText(this.#why, `Lanes share all but policies, nodes and cache: these runs differ in ${
        differ.join(", ")}.`);
    }
  }

  #draw(): void {
    const count = this.#chosen.length;
    this.#compare.disabled = count < 2 || count > MOST_LANES;
    const few = count === 1 ? "One more." : "";
    setText(this.#why, count > MOST_LANES ? `At most ${MOST_LANES}.` : few);
    const [metrics, axes, results] = this.#shown;
    const told = metrics.map((_, i) => i).filter((i) =>
      results.some(({ values }) => values[i] !== null));
    const sorted = this.shown;
    const more = sorted.length - MOST_SHOWN;
    const left = sorted.length === results.length ? ""
      : `${format.integer(sorted.length)} of ${format.plural(results.length, "run")}. `;
    this.#table.replaceChildren(h("table", { class: "figures-table runs" },
      h("caption", {}, `${left}${more > 0
        ? `The first ${MOST_SHOWN}; ${format.integer(more)} more are in the files.`
        : "A click on a heading sorts; a row's button opens it in the live view."}`),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span", { class: "unseen" },
        "Compare")), h("th", { scope: "col" }, "Run"),
        ...axes.map((name) => this.#head(name, this.#label(name), "words")),
        this.#head("seed", "Seed"),
        ...told.map((i) => this.#head(metrics[i]!.id, metrics[i]!.label)))),
      h("tbody", {}, ...sorted.slice(0, MOST_SHOWN).map((result) =>
        this.#row(result, axes, told)))));
  }

  #row({ row, values }: CellResult, axes: string[], told: number[]): HTMLElement {
    const [metrics] = this.#shown;
    const open = h("button", { type: "button", class: "link", title: "Open in the live view",
      click: () => this.#acts.open(row) }, String(row.cell));
    return h("tr", { "data-cell": row.cell }, h("td", {}, this.#box(row.cell)),
      h("th", { scope: "row" }, open),
      ...axes.map((name) => h("td", { class: "words", "data-axis-of": name },
        row.point[name] === undefined ? "–" : this.#value(name, row.point[name]))),
      h("td", {}, String(row.config.seed ?? 0)),
      ...told.map((i) => {
        const value = values[i] ?? null;
        return h("td", { "data-metric": metrics[i]!.id, "data-value": value },
          value === null ? "–" : figure(metrics[i]!, value, 2));
      }));
  }

  #box(cell: number): HTMLElement {
    const box = h("input", { type: "checkbox", "aria-label": `Compare run ${cell}`,
      change: () => this.#tick(cell, box.checked) });
    box.checked = this.#chosen.includes(cell);
    return box;
  }

  #head(key: string, label: string, name: string | null = null): HTMLElement {
    const mine = this.#by === key;
    return h("th", { scope: "col", class: name,
      "aria-sort": mine ? (this.#descending ? "descending" : "ascending") : null },
    h("button", { type: "button", class: "link", "data-sort": key, click: () => {
      this.#descending = mine ? !this.#descending : true;
      this.#by = key;
      this.#draw();
      this.#table.querySelector<HTMLElement>(`[data-sort="${CSS.escape(key)}"]`)?.focus();
    } }, label));
  }
}
