/** Every sum of the run, exactly, with the word for it in the command line's JSON. */
import { h, setFigure, setText } from "../dom.ts";
import * as format from "../../text/format.ts";
import type { Totals } from "../../engine/protocol.ts";
import { runOf, type State } from "../../state/state.ts";
import type { TabContent } from "./tabs.ts";

type Sum = { [K in keyof Totals]-?: Totals[K] extends number ? K : never }[keyof Totals];

const ROWS: [key: Sum, title: string, of: Sum | null][] = [
  ["requests", "Requests served", null],
  ["blocks", "Blocks looked up", null],
  ["prefix_hits", "Hit in the leading run", "blocks"],
  ["block_hits", "Hit anywhere", "blocks"],
  ["reachable_hits", "Reachable on the best node", "blocks"],
  ["ceiling_hits", "Ceiling, infinite cache", "blocks"],
  ["input_tokens", "Prompt tokens", null],
  ["hit_tokens", "Tokens from cache", "input_tokens"],
  ["ceiling_tokens", "Ceiling, infinite cache", "input_tokens"],
  ["output_tokens", "Output tokens", null],
  ["evictions", "Evictions", null],
  ["rewanted", "Wanted again after eviction", "evictions"],
  ["distinct_blocks", "Distinct blocks seen", null],
  ["resident_blocks", "Blocks in the caches", null],
  ["migrations", "Migrations", null],
  ["chosen_blocks", "Blocks chosen to move", null],
  ["migrated_blocks", "Blocks moved or copied", "chosen_blocks"],
  ["dropped_blocks", "Blocks dropped on the way", "chosen_blocks"],
  ["transferred_blocks", "Blocks transferred", null],
  ["rejected", "Requests rejected", "requests"],
];

/** What is at least or at most so once names of blocks were forgotten. */
const BOUNDS: Partial<Record<Sum, string>> = {
  ceiling_hits: "≥", ceiling_tokens: "≥", rewanted: "≥", distinct_blocks: "≤",
};

export class TotalsPanel implements TabContent {
  readonly element: HTMLElement;
  readonly #cells: HTMLElement[];
  readonly #ratios: HTMLElement[];

  constructor() {
    this.#cells = ROWS.map(([key]) => h("td", { "data-figure": key, "data-value": "" }));
    this.#ratios = ROWS.map(() => h("td", { class: "ratio" }));
    const rows = ROWS.map(([, title], i) =>
      h("tr", {}, h("th", { scope: "row" }, title), this.#cells[i]!, this.#ratios[i]!));
    this.element = h("div", { class: "scroll" }, h("table", { class: "figures-table wide-first" },
      h("caption", { class: "unseen" }, "Sums since the start of the run"),
      h("thead", { class: "unseen" }, h("tr", {}, h("th", { scope: "col" }, "What"),
        h("th", { scope: "col" }, "Sum"), h("th", { scope: "col" }, "Rate"))),
      h("tbody", {}, ...rows)));
  }

  render(state: State): void {
    const { frame } = runOf(state);
    ROWS.forEach(([key, , of], i) => {
      const exact = frame?.totals[key] ?? "";
      const bound = frame?.totals.names_known_to === undefined ? undefined : BOUNDS[key];
      const sign = bound === undefined ? "" : `${bound} `;
      setFigure(this.#cells[i]!, exact === "" ? "–" : sign + format.integer(exact), exact);
      const rate = frame === null || of === null || exact === "" ? ""
        : sign + format.percent(exact, frame.totals[of]);
      setText(this.#ratios[i]!, rate);
    });
  }
}
