/** The runs of a sweep as a table that is sorted by whichever column is chosen, and filtered. */
import type { CellResult, SweepRow } from "../../engine/protocol.ts";
import * as format from "../../text/format.ts";
import { h } from "../dom.ts";
import { figure, matching, sortedBy, type Filter, type Metric } from "./metrics.ts";

/** More rows than these nobody reads on a page; files have all. */
const MOST_SHOWN = 500;

export class RowsTable {
  readonly element: HTMLElement;
  readonly #table = h("div", { class: "scroll", tabindex: 0, role: "region",
    "aria-label": "Runs" });
  readonly #axes = h("span", { class: "filters" });
  readonly #text: HTMLInputElement;
  #axesFor = "";
  #filter: Filter = { point: {}, text: "" };
  readonly #open: (row: SweepRow) => void;
  #by = "";
  #descending = true;
  #shown: [metrics: Metric[], axes: string[], results: CellResult[]] = [[], [], []];

  constructor(open: (row: SweepRow) => void) {
    this.#open = open;
    this.#text = h("input", { type: "search", "aria-label": "Words that a run must have",
      placeholder: "filter, as in cache nodes=8", spellcheck: "false", input: () => {
        this.#filter = { ...this.#filter, text: this.#text.value };
        this.#draw();
      } });
    this.element = h("div", {}, h("div", { class: "picks-row" }, this.#text, this.#axes),
      this.#table);
  }

  /** The runs that are shown, in the order in which they are. */
  get shown(): CellResult[] {
    const [metrics, , results] = this.#shown;
    return sortedBy(matching(results, this.#filter), metrics.map(({ id }) => id), this.#by,
      this.#descending);
  }

  render(metrics: Metric[], axes: string[], results: CellResult[]): void {
    this.#shown = [metrics, axes, results];
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
      ...all.map((value) => h("option", { value }, value)));
      select.value = this.#filter.point[name] ?? "";
      return h("label", {}, `${name} `, select);
    }));
  }

  #draw(): void {
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
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Run"),
        ...axes.map((name) => this.#head(name, name, "words")), this.#head("seed", "seed"),
        ...told.map((i) => this.#head(metrics[i]!.id, metrics[i]!.label)))),
      h("tbody", {}, ...sorted.slice(0, MOST_SHOWN).map(({ row, values }) =>
        h("tr", { "data-cell": row.cell }, h("th", { scope: "row" }, h("button", { type: "button",
          class: "link", title: "Open in the live view", click: () => this.#open(row) },
        String(row.cell))),
        ...axes.map((name) => h("td", { class: "words" }, row.point[name] ?? "–")),
        h("td", {}, String(row.config.seed ?? 0)),
        ...told.map((i) => {
          const value = values[i] ?? null;
          return h("td", { "data-metric": metrics[i]!.id, "data-value": value },
            value === null ? "–" : figure(metrics[i]!, value, 2));
        }))))));
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
