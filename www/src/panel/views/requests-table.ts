/** The table of requests: when, how large, of which family, and where each lane sent it. */
import type { Served, ServedBy } from "../../engine/protocol.ts";
import { letterOf } from "../../state/lanes.ts";
import * as format from "../../text/format.ts";
import { swatch } from "../compare/multiples.ts";
import { h, setAttribute } from "../dom.ts";

interface Column {
  title: string;
  /** What it is, in a sentence. */
  help: string;
  of(row: Served): [text: string, exact: number | null];
}

interface LaneColumn {
  id: string;
  title: string;
  help: string;
  of(lane: ServedBy): [text: string, exact: number | null];
}

const whole = (value: number | null): [string, number | null] =>
  [value === null ? format.NOTHING : format.integer(value), value];

const COLUMNS: readonly Column[] = [
  { title: "Time", help: "When it arrived, after the trace's first request",
    of: ({ time_s }) => [format.clock(time_s), time_s] },
  { title: "Tokens", help: "Of its prompt", of: ({ lanes }) => whole(firstOf(lanes, (lane) =>
    lane.input_tokens)) },
  { title: "Blocks", help: "Of its prompt", of: ({ lanes }) => whole(firstOf(lanes, (lane) =>
    lane.blocks)) },
  { title: "Family", help: "The block that many requests were seen to begin with, and this one too",
    of: ({ family }) => [family === null ? format.NOTHING : String(family), family] },
];

const LANE_COLUMNS: readonly LaneColumn[] = [
  { id: "node", title: "Node", help: "Where it was sent",
    of: ({ node }) => [node === null ? format.NOTHING : String(node), node] },
  { id: "match", title: "Match", help: "Its leading blocks that this node held",
    of: ({ node, decision }) => whole(node === null ? null : decision?.matched[node] ?? null) },
  { id: "best", title: "Best", help: "Its leading blocks on the node that held most of them",
    of: ({ decision }) => whole(decision?.longest_match ?? null) },
  { id: "forgone", title: "Forgone", help: "Best less match: blocks computed, or fetched, that "
    + "another node held",
  of: ({ decision }) => whole(decision?.forgone_blocks ?? null) },
];

const TTFT: LaneColumn = { id: "ttft", title: "TTFT", help: "Time to first token that was expected "
  + "when it was sent",
of: ({ node, decision }) => {
  const ttft_s = node === null ? undefined : decision?.ttft_s[node];
  return ttft_s === undefined ? [format.NOTHING, null] : [format.seconds(ttft_s), ttft_s];
} };

/** Keys that go from row to row, and how far. */
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };

export class RequestsTable {
  readonly element: HTMLElement;
  readonly #table = h("table", { class: "figures-table requests", role: "grid",
    "aria-label": "Requests", "aria-readonly": "true" });
  readonly #choose: (number: number) => void;
  #rows: readonly Served[] | null = null;
  #lines = new Map<number, HTMLElement>();
  #chosen = 0;
  #total: number | null = null;
  /** Somebody moves through the rows by keyboard: the row that comes to be chosen has it then. */
  #moving = false;

  constructor(choose: (number: number) => void) {
    this.#choose = choose;
    this.element = h("div", { class: "scroll tall", keydown: (event) =>
      this.#key(event as KeyboardEvent) }, this.#table);
  }

  /** `total`: of the trace, where that has been read to its end. */
  render(rows: readonly Served[], chosen: number, total: number | null): void {
    this.#total = total;
    if (rows !== this.#rows) this.#build(rows, total);
    if (rows === this.#rows && chosen === this.#chosen) return;
    this.#rows = rows;
    this.#chosen = chosen;
    for (const [number, line] of this.#lines) {
      setAttribute(line, "aria-selected", String(number === chosen));
      line.tabIndex = number === chosen ? 0 : -1;
    }
    const line = this.#lines.get(chosen);
    // Somebody who comes by keyboard finds a row, whichever is chosen.
    if (line === undefined) [...this.#lines.values()][0]?.setAttribute("tabindex", "0");
    else this.#reveal(line);
    if (this.#moving) line?.focus({ preventScroll: true });
    if (line !== undefined) this.#moving = false;
  }

  #build(rows: readonly Served[], total: number | null): void {
    const lanes = rows[0]?.lanes ?? [];
    const timed = rows.some((row) => row.lanes.some(({ decision }) =>
      (decision?.ttft_s.length ?? 0) > 0));
    const columns = timed ? [...LANE_COLUMNS, TTFT] : LANE_COLUMNS;
    const head = ({ title, help }: { title: string; help: string }, first = false) =>
      h("th", { scope: "col", title: help, class: first ? "first" : null }, title);
    const own = [h("th", { scope: "col" }, "Request"), ...COLUMNS.map((it) => head(it))];
    const letters = h("tr", {}, h("td", { colspan: own.length }), ...lanes.map((_, lane) =>
      h("th", { scope: "colgroup", colspan: columns.length, class: "first" },
        swatch(letterOf(lane)), letterOf(lane))));
    this.#lines = new Map(rows.map((row) => [row.number, this.#line(row, columns)]));
    this.#table.setAttribute("aria-rowcount", String(total ?? -1));
    this.#table.replaceChildren(h("thead", {}, lanes.length > 1 ? letters : null,
      h("tr", {}, ...own, ...lanes.flatMap(() => columns.map((it, i) => head(it, i === 0))))),
    h("tbody", {}, ...this.#lines.values()));
  }

  #line(row: Served, columns: readonly LaneColumn[]): HTMLElement {
    return h("tr", { "data-request": row.number, "aria-rowindex": row.number, tabindex: -1,
      click: () => this.#choose(row.number) },
    h("th", { scope: "row" }, format.integer(row.number)),
    ...COLUMNS.map(({ of }) => {
      const [text, exact] = of(row);
      return h("td", { "data-value": exact }, text);
    }), ...row.lanes.flatMap((lane, at) => columns.map(({ id, of }, i) => {
      const [text, exact] = of(lane);
      return h("td", { "data-lane": letterOf(at), "data-column": id, "data-value": exact,
        class: i === 0 ? "first" : id === "forgone" && exact ? "missed" : null }, text);
    })));
  }

  #key(event: KeyboardEvent): void {
    const numbers = [...this.#lines.keys()];
    const at = this.#chosen;
    const by = STEPS[event.key];
    const to = event.key === "Home" ? 1 : event.key === "End" ? this.#total ?? numbers.at(-1) ?? 1
      : by === undefined ? null : Math.max(at + by, 1);
    if (to === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#moving = true;
    this.#choose(to);
  }

  /** Scrolls the table, never the page. */
  #reveal(line: HTMLElement): void {
    const head = this.#table.tHead?.offsetHeight ?? 0;
    const { scrollTop, clientHeight } = this.element;
    const above = line.offsetTop - head < scrollTop;
    const below = line.offsetTop + line.offsetHeight > scrollTop + clientHeight;
    if (above) this.element.scrollTop = line.offsetTop - head;
    else if (below) this.element.scrollTop = line.offsetTop + line.offsetHeight - clientHeight;
  }
}

function firstOf(lanes: readonly ServedBy[], of: (lane: ServedBy) => number | null): number | null {
  return lanes.map(of).find((value) => value !== null) ?? null;
}
