/** The runs of a sweep as a table that is sorted by whichever column is chosen. */
import type { CellResult, SweepRow } from "../../engine/protocol.ts";
import * as format from "../../text/format.ts";
import { h } from "../dom.ts";
import { figure, sortedBy, type Metric } from "./metrics.ts";

/** More rows than these nobody reads on a page; files have all. */
const MOST_SHOWN = 500;

export class RowsTable {
  readonly element = h("div", { class: "scroll", tabindex: 0, role: "region",
    "aria-label": "Runs" });
  readonly #open: (row: SweepRow) => void;
  #by = "";
  #descending = true;
  #shown: [metrics: Metric[], axes: string[], results: CellResult[]] = [[], [], []];

  constructor(open: (row: SweepRow) => void) {
    this.#open = open;
  }

  render(metrics: Metric[], axes: string[], results: CellResult[]): void {
    this.#shown = [metrics, axes, results];
    this.#draw();
  }

  #draw(): void {
    const [metrics, axes, results] = this.#shown;
    const told = metrics.map((_, i) => i).filter((i) =>
      results.some(({ values }) => values[i] !== null));
    const sorted = sortedBy(results, metrics.map(({ id }) => id), this.#by, this.#descending);
    const more = results.length - MOST_SHOWN;
    this.element.replaceChildren(h("table", { class: "figures-table runs" },
      h("caption", {}, more > 0
        ? `The first ${MOST_SHOWN}; ${format.integer(more)} more are in the files.`
        : "A click on a heading sorts; a row's button opens it in the live view."),
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
      this.element.querySelector<HTMLElement>(`[data-sort="${CSS.escape(key)}"]`)?.focus();
    } }, label));
  }
}
