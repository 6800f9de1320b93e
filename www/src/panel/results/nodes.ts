/** The picture's table: one row a node, for reading, for copying and for who sees no canvas. */
import { h, setAttribute, setFigure } from "../dom.ts";
import * as format from "../../text/format.ts";
import type { LiveApp } from "../../app/live.ts";
import { joinedNodes } from "../../draw/cluster/view.ts";
import { ALIVE, DEAD, NODE_STATES, type Frame } from "../../engine/protocol.ts";
import { letterOf } from "../../state/lanes.ts";
import type { Scope } from "../../state/setup.ts";
import type { State } from "../../state/state.ts";
import type { TabContent } from "./tabs.ts";

interface Column {
  key: string;
  title: string;
  long: string;
  exact(frame: Frame, node: number): number;
  /** Under `window` of the window, where that is told apart. */
  shown(frame: Frame, node: number, scope: Scope): string;
}

/** Of the nodes that take requests: shares are over those. */
const livingSum = (values: ArrayLike<number>, state: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < values.length; i += 1) if (state[i] === ALIVE) total += values[i] ?? 0;
  return total;
};

const COLUMNS: Column[] = [
  {
    key: "state", title: "State", long: "Whether this node takes requests, and how fast it is",
    exact: ({ nodes }, i) => nodes.state[i] ?? 0,
    shown: ({ nodes }, i) => {
      const slow = nodes.slow[i] ?? 1;
      const state = NODE_STATES[nodes.state[i] ?? 0] ?? "";
      return slow === 1 || nodes.state[i] === DEAD ? state : `${state}, × ${slow}`;
    },
  },
  {
    key: "requests", title: "Requests", long: "Requests served by this node",
    exact: ({ nodes }, i) => nodes.requests[i] ?? 0,
    shown: ({ nodes }, i) => format.integer(nodes.requests[i] ?? 0),
  },
  {
    key: "work_tokens", title: "Work",
    long: "Share of the tokens that had to be computed, over nodes that take requests",
    exact: ({ nodes }, i) => nodes.work_tokens[i] ?? 0,
    shown: ({ nodes }, i, scope) => {
      const work = scope === "window" ? nodes.window_work_tokens : nodes.work_tokens;
      return nodes.state[i] === ALIVE
        ? format.percent(work[i] ?? 0, livingSum(work, nodes.state)) : format.NOTHING;
    },
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

export class NodesPanel implements TabContent {
  readonly element: HTMLElement;
  readonly #body = h("tbody", {});
  #cells: HTMLElement[][] = [];
  #drawn: Frame | null = null;
  #drawn_ms = 0;
  readonly #app: LiveApp;
  #names: HTMLButtonElement[] = [];
  #scope: Scope = "run";
  /** Null is the one that is selected. */
  readonly #lane: number | null;

  /** Of one lane, or of the one that is selected. */
  constructor(app: LiveApp, lane: number | null = null) {
    this.#app = app;
    this.#lane = lane;
    const whose = lane === null ? "Every node" : `Every node of ${letterOf(lane)}`;
    const head = COLUMNS.map((c) => h("th", { scope: "col", title: c.long }, c.title));
    this.element = h("div", { class: "scroll" }, h("table", { class: "figures-table" },
      h("caption", { class: "unseen" }, `${whose} in figures`),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Node"), ...head)), this.#body));
  }

  render(state: State): void {
    const { playing, selected } = state;
    const lane = this.#lane ?? selected;
    const frame = state.lanes[lane]?.frame ?? null;
    const now_ms = performance.now();
    this.#names.forEach((name, node) =>
      setAttribute(name, "aria-pressed", String(lane === selected && node === state.node)));
    const { scope } = state.setup;
    if (frame === this.#drawn && scope === this.#scope) return;
    this.#scope = scope;
    if (frame === null) {
      this.#drawn = null;
      this.#build(0);
      return;
    }
    if (playing && this.#drawn !== null && now_ms - this.#drawn_ms < REFRESH_MS) return;
    this.#drawn = frame;
    this.#drawn_ms = now_ms;
    const count = joinedNodes(frame);
    if (this.#cells.length !== count) this.#build(count);
    this.#cells.forEach((row, node) => {
      row.forEach((cell, i) => {
        const column = COLUMNS[i]!;
        const exact = column.exact(frame, node);
        setFigure(cell, column.shown(frame, node, scope), exact);
        setAttribute(cell, "title", format.integer(exact));
      });
    });
  }

  #build(count: number): void {
    this.#cells = [];
    this.#names = [];
    const rows = Array.from({ length: count }, (_, node) => {
      const cells = COLUMNS.map((c) => h("td", { "data-column": c.key, "data-value": "" }));
      this.#cells.push(cells);
      const name = h("button", { type: "button", class: "node-name", "data-choose": node,
        "aria-label": `Choose node ${node}`,
        click: () => this.#choose(node) }, String(node));
      this.#names.push(name);
      return h("tr", { "data-node": node }, h("th", { scope: "row" }, name), ...cells);
    });
    this.#body.replaceChildren(...rows);
  }

  /** Chosen once more, none is. */
  #choose(node: number): void {
    const { compare, store, whatIf } = this.#app;
    const lane = this.#lane ?? store.now.selected;
    const again = lane === store.now.selected && store.now.node === node;
    compare.select(lane);
    whatIf.choose(again ? null : node);
  }
}
