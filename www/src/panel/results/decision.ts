/** Why the latest request went where it went: every node's components, and what was compared. */
import type { App } from "../../app/app.ts";
import { h, setAttribute, setFigure, setText } from "../dom.ts";
import * as format from "../../text/format.ts";
import type { Decision, TableRow } from "../../engine/protocol.ts";
import { chosenRow, foresightOf } from "../../state/setup.ts";
import { letterOf } from "../../state/lanes.ts";
import { isCompared, runOf, type State } from "../../state/state.ts";
import { swatch } from "../compare/multiples.ts";
import type { TabContent } from "./tabs.ts";

/** A table that changes faster cannot be read. */
const REFRESH_MS = 500;

export class DecisionPanel implements TabContent {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #say = h("p", { class: "verdict" });
  readonly #whys = h("ol", { class: "whys", hidden: true });
  readonly #more = h("p", { class: "say" });
  readonly #head = h("tr", {});
  readonly #body = h("tbody", {});
  readonly #box: HTMLElement;
  #shape = "";
  #rows: HTMLElement[] = [];
  #drawn: Decision | null = null;
  #drawn_ms = 0;

  constructor(app: App) {
    this.#app = app;
    this.#box = h("div", { class: "scroll tall", tabindex: 0, role: "region",
      "aria-label": "What the router compared", hidden: true },
    h("table", { class: "figures-table decision-table" },
      h("caption", { class: "unseen" }, "Every node's components at the latest decision"),
      h("thead", {}, this.#head), this.#body));
    this.element = h("div", {}, this.#whys, this.#say, this.#box, this.#more,
      h("p", { class: "hint" }, h("button", { type: "button", class: "small",
        "data-act": "requests", title: "Any request, by number, time or family; the story",
        click: () => app.open("requests") }, "Any other request")));
  }

  shown(now: boolean): void {
    this.#app.run.explain(now);
  }

  render(state: State): void {
    const { playing } = state;
    const { decision } = runOf(state);
    this.#whys.hidden = !isCompared(state) || decision === null;
    // Among the lanes' it stands already.
    this.#say.hidden = !this.#whys.hidden;
    const now_ms = performance.now();
    if (decision === null) this.#wait(state);
    if (decision === null || decision === this.#drawn) return;
    if (playing && now_ms - this.#drawn_ms < REFRESH_MS) return;
    this.#drawn = decision;
    this.#drawn_ms = now_ms;
    this.#draw(decision, state);
    if (!playing) this.#reveal(decision.node);
  }

  #wait(state: State): void {
    const { frame } = runOf(state);
    this.#drawn = null;
    this.#box.hidden = true;
    setText(this.#say, "Why does a request go to one node and not to another?");
    setText(this.#more, frame?.done
      ? "The run is over. Restart it and pause where you like."
      : "Serve one more request (.) to see what the router compares.");
  }

  #draw(decision: Decision, state: State): void {
    const { columns, values, node } = decision;
    const router = routerOf(state);
    this.#beside(state);
    setText(this.#say, decision.why);
    const nodes = columns.length === 0 ? 0 : values.length / columns.length;
    this.#box.hidden = nodes === 0;
    if (nodes === 0) {
      setText(this.#more, `${router?.title ?? "This router"} compares nothing. `
        + (router?.summary ?? ""));
      return;
    }
    const known = router && foresightOf(router, runOf(state).config.router);
    setText(this.#more, `The router compared the last column, ${columns.at(-1)}; the others are `
      + `what it was made of.${known ? ` It knows ${known}, which no real router does.` : ""}${
        state.playing ? " Pause and serve one request at a time (.) to follow it." : ""}`);
    this.#build(columns, nodes);
    this.#rows.forEach((row, i) => {
      setAttribute(row, "aria-current", i === node ? "true" : null);
      setText(row.querySelector(".unseen")!, i === node ? "chosen" : "");
      for (let k = 0; k < columns.length; k += 1) {
        const value = values[i * columns.length + k] ?? Number.NaN;
        setFigure(row.children[k + 1] as HTMLElement, component(value), value);
      }
    });
  }

  /** Where each lane sent the same request, and why. */
  #beside({ lanes }: State): void {
    if (this.#whys.hidden) return;
    this.#whys.replaceChildren(...lanes.map(({ decision }, lane) => {
      const letter = letterOf(lane);
      return h("li", { "data-why": letter, "data-node": decision?.node ?? "" }, swatch(letter),
        h("b", {}, letter), h("span", {}, decision?.why ?? "–"));
    }));
  }

  #build(columns: string[], nodes: number): void {
    const shape = `${nodes} ${columns.join("|")}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#head.replaceChildren(h("th", { scope: "col" }, "Node"),
      ...columns.map((name) => h("th", { scope: "col" }, name)));
    this.#rows = Array.from({ length: nodes }, (_, i) => h("tr", { "data-decision": i },
      h("th", { scope: "row" }, String(i), h("em", {}, " ←"),
      h("span", { class: "unseen" }, "")),
      ...columns.map((name) => h("td", { "data-column": name, "data-value": "" }))));
    this.#body.replaceChildren(...this.#rows);
  }

  /** Scrolls the table, never the page. */
  #reveal(node: number): void {
    const row = this.#rows[node];
    if (row === undefined || this.#box.hidden) return;
    const head = this.#head.offsetHeight;
    const { scrollTop, clientHeight } = this.#box;
    const above = row.offsetTop - head < scrollTop;
    const below = row.offsetTop + row.offsetHeight > scrollTop + clientHeight;
    if (above || below) this.#box.scrollTop = row.offsetTop - clientHeight / 2;
  }
}

function routerOf(state: State): TableRow | undefined {
  const { tables } = state;
  return tables === null ? undefined : chosenRow(tables, "router", runOf(state).config);
}

/** Four digits that count, as far as a column of them can be read. */
export function component(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  const text = Number.isInteger(value) || size >= 1000 ? format.compact(size)
    : size > 0 && size < 0.0005 ? size.toExponential(1)
    : size.toFixed(size < 10 ? 3 : size < 100 ? 2 : 1);
  return value < 0 ? `−${text}` : text;
}
