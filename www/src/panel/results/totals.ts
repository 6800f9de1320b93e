/** Every sum of the run, exactly, with the word for it in the command line's JSON. */
import { h, setFigure, setText } from "../dom.ts";
import * as format from "../../text/format.ts";
import { runOf, type State } from "../../state/state.ts";
import { SUMS, baseOf, type Sum } from "../../state/sums.ts";
import type { TabContent } from "./tabs.ts";

/** What is at least or at most so once names of blocks were forgotten. */
const BOUNDS: Partial<Record<Sum, string>> = {
  ceiling_hits: "≥", ceiling_tokens: "≥", rewanted: "≥", distinct_blocks: "≤",
};

export class TotalsPanel implements TabContent {
  readonly element: HTMLElement;
  readonly #cells: HTMLElement[];
  readonly #ratios: HTMLElement[];

  constructor() {
    this.#cells = SUMS.map(({ key }) => h("td", { "data-figure": key, "data-value": "" }));
    this.#ratios = SUMS.map(() => h("td", { class: "ratio" }));
    const rows = SUMS.map(({ title }, i) =>
      h("tr", {}, h("th", { scope: "row" }, title), this.#cells[i]!, this.#ratios[i]!));
    this.element = h("div", { class: "scroll" }, h("table", { class: "figures-table wide-first" },
      h("caption", { class: "unseen" }, "Sums since the start of the run"),
      h("thead", { class: "unseen" }, h("tr", {}, h("th", { scope: "col" }, "What"),
        h("th", { scope: "col" }, "Sum"), h("th", { scope: "col" }, "Rate"))),
      h("tbody", {}, ...rows)));
  }

  render(state: State): void {
    const { frame } = runOf(state);
    SUMS.forEach((row, i) => {
      const { key } = row;
      const exact = frame?.totals[key] ?? "";
      const bound = frame?.totals.names_known_to === undefined ? undefined : BOUNDS[key];
      const sign = bound === undefined ? "" : `${bound} `;
      setFigure(this.#cells[i]!, exact === "" ? "–" : sign + format.integer(exact), exact);
      const rate = frame === null || row.of.length === 0 || exact === "" ? ""
        : sign + format.percent(exact, baseOf(row, frame.totals));
      setText(this.#ratios[i]!, rate);
    });
  }
}
