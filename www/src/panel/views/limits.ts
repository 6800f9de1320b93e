/** How many nodes, how much cache: the limits of the sweep's combinations, and what they cost. */
import type { WholeApp } from "../../app/actions.ts";
import { saveText } from "../../app/files.ts";
import type { Search, Tables } from "../../engine/protocol.ts";
import { isBusy, type Limit, type LimitsState } from "../../state/analysis.ts";
import type { State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h, setAttribute, setText, setValue } from "../dom.ts";
import { pointWords } from "./axes.ts";
import { tableOf, type Cell } from "./figure.ts";
import { noneWords } from "./limits-words.ts";
import { Status } from "./status.ts";

export class LimitsPanel {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #status: Status;
  readonly #node: HTMLInputElement;
  readonly #gib: HTMLInputElement;
  readonly #table = h("div", { class: "scroll figures-of-numbers", tabindex: 0, role: "region",
    "aria-label": "Limits and costs" });
  /** Why there are none, where there are none. */
  readonly #none = h("p", { class: "figure-say", "data-part": "limits-none", hidden: true });
  readonly #results: HTMLElement;
  #drawn: LimitsState | null = null;
  #priced: State["setup"]["prices"] | null = null;

  constructor(app: WholeApp) {
    this.#app = app;
    this.#status = new Status({ unit: "search", many: "searches", again: "Go on",
      act: () => void app.limits.resume(), cancel: () => app.analysis.cancel("limits") });
    const price = (name: string) => h("input", { type: "number", min: 0, step: "any",
      "data-price": name, change: () => this.#price() });
    this.#node = price("node");
    this.#gib = price("gib");
    this.#results = h("section", { class: "panel figure", hidden: true },
      h("h2", {}, "How far each combination goes"),
      h("p", { class: "figure-say" }, "Largest rate: the multiple of the logged arrival rate, "
        + "within 1 %, up to which the p99 time to first token keeps the objective and nothing is "
        + "rejected. Least nodes: the smallest number that does at the configured rate. Each at "
        + "the combination's first seed. Cost: of those nodes with their caches."),
      h("div", { class: "picks-row" },
        h("label", {}, "Price of a node ", this.#node),
        h("label", {}, "of a GiB of its cache ", this.#gib),
        h("button", { type: "button", class: "button", click: () => this.#save() }, "JSON")),
      this.#none, this.#table);
    this.element = h("div", { class: "view-block", "data-block": "limits" },
      h("h2", { class: "view-title" }, "How many nodes"),
      h("div", { class: "picks-row" }, h("button", { type: "button", class: "button primary",
        "data-act": "limits", click: () => void app.limits.start() },
      "Search the limits of the sweep's combinations"),
      h("span", { class: "hint" }, "Some 20 runs for each; it takes the timed clock, whose setting "
        + "“TTFT objective” is what is kept.")),
      h("div", { class: "view-head" }, this.#status.element), this.#results);
  }

  render({ tables, setup: { prices, took_s }, analysis: { limits } }: State): void {
    if (tables === null) return;
    this.#status.render(limits.work, "All searches have ended.", took_s["limits"]);
    if (prices !== this.#priced) {
      this.#priced = prices;
      setValue(this.#node, prices.node);
      setValue(this.#gib, prices.gib);
    }
    if (limits === this.#drawn) return;
    this.#drawn = limits;
    this.#results.hidden = limits.found.size === 0;
    setAttribute(this.element, "data-results", String(limits.found.size));
    const none = noneWords(tables, [...limits.found.values()]);
    this.#none.hidden = none === "";
    setText(this.#none, none);
    this.#table.replaceChildren(tableOf({
      columns: ["Combination", "Largest rate", "Least nodes", "Cache of a node", "Cost"],
      rows: [...limits.found.values()].map((limit) => rowOf(tables, limit, limits)) }));
  }

  #price(): void {
    const [node = 0, gib = 0] = [this.#node, this.#gib].map((input) => {
      const price = Math.max(Number(input.value), 0);
      if (price !== Number(input.value)) input.value = String(price);
      return price;
    });
    void this.#app.limits.price({ node, gib });
  }

  #save(): void {
    const { setup: { prices: { node, gib } }, analysis } = this.#app.store.now;
    const { found, costs } = analysis.limits;
    const rows = [...found.values()].map(({ cell, rate, nodes }) =>
      ({ cell, rate, nodes, cost: costs.get(cell.group) ?? null }));
    const told = { node_cost: node, gib_cost: gib, rows };
    saveText("kvscope-limits.json", JSON.stringify(told, null, 2));
  }
}

function rowOf(tables: Tables, { cell, rate, nodes, cache_bytes }: Limit,
  { costs, work }: LimitsState): Cell[] {
  // What nobody searches for any more does not look as if it would come.
  const open = isBusy(work) ? "…" : "not searched";
  const cost = costs.get(cell.group) ?? null;
  return [pointWords(tables, cell.point), told(rate, open, rateWords),
    told(nodes, open, (value) => format.plural(value, "node")),
    nodes === null ? open : cache_bytes === null ? "no limit"
      : { text: format.bytes(cache_bytes), exact: cache_bytes },
    cost === null ? "–" : { text: format.value(Number(cost.toPrecision(4))), exact: cost }];
}

/** What was found; where there is nothing, why. */
function told(search: Search | null, open: string, say: (value: number) => string): Cell {
  if (search === null) return open;
  if (search.found !== null) return { text: say(search.found), exact: search.found };
  const { why_none, probes } = search;
  const last = probes.at(-1);
  if (last === undefined) return { reason: "none: nothing was tried" };
  const away = last.rejected > 0 ? `, ${format.plural(last.rejected, "request")} turned away` : "";
  return { reason: `none: p99 ${format.seconds(last.p99_s)} at ${say(last.at)}${away}`,
    ...(why_none && { whole: why_none }) };
}

const rateWords = (rate: number): string => `× ${rate.toFixed(2)}`;
