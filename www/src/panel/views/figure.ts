/** A picture with what it says in words above it, and its numbers in a table behind it. */
import { Chart, type ChartSpec } from "../../draw/charts/chart.ts";
import { h, setText } from "../dom.ts";

/** A cell is what is shown, what is shown and the exact value behind it, or why there is none, and
 *  that in whole for whoever stays on it. */
export type Cell = string | { text: string; exact: number } | { reason: string; whole?: string };

export interface Table {
  columns: string[];
  rows: Cell[][];
}

export class Figure {
  readonly element: HTMLElement;
  readonly #say = h("p", { class: "figure-say" });
  readonly #chart = new Chart();
  readonly #table = h("div", { class: "scroll", tabindex: 0, role: "region" });

  /** `name` tells figures apart for whoever looks for one of them. */
  constructor(name: string, title: string) {
    this.#table.setAttribute("aria-label", `${title}, as a table`);
    this.element = h("section", { class: "panel figure", "data-figure-of": name },
      h("h2", {}, title), this.#say, this.#chart.element,
      h("details", {}, h("summary", {}, "The numbers"), this.#table));
  }

  draw(say: string, spec: ChartSpec | null, table: Table): void {
    setText(this.#say, say);
    this.#chart.element.hidden = spec === null;
    if (spec !== null) this.#chart.draw(spec);
    this.#table.replaceChildren(tableOf(table));
  }
}

/** More letters than these are read in lines under each other. */
const MOST_IN_LINE = 32;

/** A table with the name of each row in its first column. A heading stands over what is below it:
 *  on the right over figures, and over what stands in place of one; on the left over words. */
export function tableOf({ columns, rows }: Table): HTMLTableElement {
  const kinds = columns.map((_, i) => {
    const cells = rows.flatMap((row) => row[i] ?? []);
    return cells.some((cell) => typeof cell === "object" && "exact" in cell) ? null
      : cells.some((cell) => typeof cell === "object") ? "words reason" : "words";
  });
  return h("table", { class: "figures-table" },
    h("thead", {}, h("tr", {}, ...columns.map((name, i) =>
      h("th", { scope: "col", class: kinds[i] ?? null }, name)))),
    h("tbody", {}, ...rows.map((cells) => h("tr", {}, ...cells.map((cell, i) => {
      if (typeof cell === "object" && "reason" in cell) {
        const long = cell.reason.length > MOST_IN_LINE ? " long" : "";
        return h("td", { class: `words reason${long}`, title: cell.whole ?? null }, cell.reason);
      }
      const [text, exact] = typeof cell === "string" ? [cell, null] : [cell.text, cell.exact];
      const long = text.length > MOST_IN_LINE ? "words long" : kinds[i] ?? null;
      return i === 0 ? h("th", { scope: "row", "data-value": exact }, text)
        : h("td", { "data-value": exact, class: exact === null ? long : null }, text);
    })))));
}
