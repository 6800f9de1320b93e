/** The picture's table: one row a node, for reading, for copying and for who sees no canvas. */
import { h, setAttribute, setFigure } from "../dom.ts";
import * as format from "../../text/format.ts";
import type { Frame } from "../../engine/protocol.ts";
import { runOf, type State } from "../../state/state.ts";
import type { TabPanel } from "./tabs.ts";

interface Column {
  key: string;
  title: string;
  long: string;
  exact(frame: Frame, node: number): number;
  shown(frame: Frame, node: number): string;
}

const sum = (values: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < values.length; i += 1) total += values[i] ?? 0;
  return total;
};

const COLUMNS: Column[] = [
  {
    key: "requests", title: "Requests", long: "Requests served by this node",
    exact: ({ nodes }, i) => nodes.requests[i] ?? 0,
    shown: ({ nodes }, i) => format.integer(nodes.requests[i] ?? 0),
  },
  {
    key: "work_tokens", title: "Work", long: "Share of all tokens that had to be computed",
    exact: ({ nodes }, i) => nodes.work_tokens[i] ?? 0,
    shown: ({ nodes }, i) => format.percent(nodes.work_tokens[i] ?? 0, sum(nodes.work_tokens)),
  },
  {
    key: "hit_tokens", title: "Hits", long: "Token hit rate of this node",
    exact: ({ nodes }, i) => nodes.hit_tokens[i] ?? 0,
    shown: ({ nodes }, i) => {
      const hits = nodes.hit_tokens[i] ?? 0;
      return format.percent(hits, hits + (nodes.work_tokens[i] ?? 0));
    },
  },
  {
    key: "resident", title: "Resident", long: "Blocks in this node's cache",
    exact: ({ nodes }, i) => nodes.resident[i] ?? 0,
    shown: ({ nodes }, i) => format.integer(nodes.resident[i] ?? 0),
  },
  {
    key: "evictions", title: "Evicted", long: "Blocks evicted on this node",
    exact: ({ nodes }, i) => nodes.evictions[i] ?? 0,
    shown: ({ nodes }, i) => format.compact(nodes.evictions[i] ?? 0),
  },
];

const REFRESH_MS = 250;

export class NodesPanel implements TabPanel {
  readonly id = "nodes";
  readonly title = "Nodes";
  readonly element: HTMLElement;
  readonly #body = h("tbody", {});
  #cells: HTMLElement[][] = [];
  #drawn: Frame | null = null;
  #drawn_ms = 0;

  constructor() {
    const head = COLUMNS.map((c) => h("th", { scope: "col", title: c.long }, c.title));
    this.element = h("div", { class: "scroll" }, h("table", { class: "figures-table" },
      h("caption", { class: "unseen" }, "Every node in figures"),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Node"), ...head)), this.#body));
  }

  badge(): string {
    return "";
  }

  render(state: State): void {
    const { playing } = state;
    const { frame } = runOf(state);
    const now_ms = performance.now();
    if (frame === this.#drawn) return;
    if (frame === null) {
      this.#drawn = null;
      this.#build(0);
      return;
    }
    if (playing && this.#drawn !== null && now_ms - this.#drawn_ms < REFRESH_MS) return;
    this.#drawn = frame;
    this.#drawn_ms = now_ms;
    const count = frame.nodes.requests.length;
    if (this.#cells.length !== count) this.#build(count);
    this.#cells.forEach((row, node) => {
      row.forEach((cell, i) => {
        const column = COLUMNS[i]!;
        const exact = column.exact(frame, node);
        setFigure(cell, column.shown(frame, node), exact);
        setAttribute(cell, "title", format.integer(exact));
      });
    });
  }

  #build(count: number): void {
    this.#cells = [];
    const rows = Array.from({ length: count }, (_, node) => {
      const cells = COLUMNS.map((c) => h("td", { "data-column": c.key, "data-value": "" }));
      this.#cells.push(cells);
      return h("tr", { "data-node": node }, h("th", { scope: "row" }, String(node)), ...cells);
    });
    this.#body.replaceChildren(...rows);
  }
}
