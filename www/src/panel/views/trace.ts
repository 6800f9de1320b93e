/** The view Trace: what is in the open trace. */
import type { WholeApp } from "../../app/actions.ts";
import { saveText } from "../../app/files.ts";
import type { Facts } from "../../engine/protocol.ts";
import { sourceName, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h } from "../dom.ts";
import * as facts from "./facts.ts";
import { Figure, tableOf, type Table } from "./figure.ts";
import { Status } from "./status.ts";

const FIGURES: [name: string, title: string, of: (value: Facts) => facts.Drawing][] = [
  ["rates", "Requests over time", facts.ratesOf],
  ["input", "Prompt lengths", (it) => facts.lengthsOf("Prompt lengths", "tokens",
    it.input_tokens)],
  ["output", "Generated lengths", (it) => facts.lengthsOf("Generated lengths", "tokens",
    it.output_tokens)],
  ["blocks", "Blocks of a request", (it) => facts.lengthsOf("Blocks of a request", "blocks",
    it.request_blocks)],
  ["popularity", "Popularity of blocks", facts.popularityOf],
  ["gaps", "When a block is used again", facts.gapsOf],
  ["gap-times", "The same in time", facts.gapTimesOf],
  ["working-sets", "Working sets", facts.workingSetsOf],
  ["course", "What is new and what never comes again", facts.courseOf],
];

export class TraceView {
  readonly element: HTMLElement;
  readonly #status: Status;
  readonly #tiles = h("dl", { class: "view-tiles" });
  readonly #figures = FIGURES.map(([name, title]) => new Figure(name, title));
  readonly #lists = h("div", { class: "view-lists" });
  readonly #body: HTMLElement;
  readonly #save: HTMLButtonElement;
  #drawn: Facts | null = null;

  constructor(app: WholeApp) {
    this.#status = new Status({ unit: "request", again: "Look again",
      act: () => void app.analysis.facts(), cancel: () => app.analysis.cancel("facts") });
    this.#save = h("button", { type: "button", class: "button", click: () => {
      const { value } = app.store.now.analysis.facts;
      if (value !== null) saveText("kvscope-facts.json", JSON.stringify(value, null, 2));
    } }, "JSON");
    this.#body = h("div", { class: "view-body", hidden: true }, this.#tiles,
      h("div", { class: "view-figures" }, ...this.#figures.map(({ element }) => element)),
      this.#lists);
    this.element = h("main", { class: "view", "data-view": "trace", tabindex: -1,
      "aria-label": "What is in the trace" },
    h("div", { class: "view-head" }, this.#status.element, this.#save), this.#body);
  }

  render(state: State): void {
    const { work, value } = state.analysis.facts;
    const name = sourceName(state);
    this.#status.render(work, `All of ${name}.`);
    this.#save.hidden = value === null;
    this.#body.hidden = value === null;
    if (value === this.#drawn) return;
    this.#drawn = value;
    if (value === null) return;
    this.#tiles.replaceChildren(...tilesOf(value));
    FIGURES.forEach(([, , of], i) => {
      const { say, spec, table } = of(value);
      this.#figures[i]!.draw(say, spec, table);
    });
    const { source } = state;
    const workload = source?.kind === "workload" ? source.id : "";
    const families = facts.familiesOf(value);
    const hot = facts.hotSetOf(value);
    this.#lists.replaceChildren(
      list("Families", families.say, families.table),
      list("Beside what was published", "The research notes' figures stand beside any trace.",
        facts.publishedOf(value, workload)),
      list("The hot set over time", hot.say, hot.table),
      ...sessionsOf(value));
  }
}

function list(title: string, say: string, table: Table): HTMLElement {
  return h("section", { class: "panel figure" }, h("h2", {}, title),
    h("p", { class: "figure-say" }, say),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title },
      tableOf(table)));
}

function tilesOf({ totals, ceiling_token_rate, ceiling_rate, block_size, popularity }: Facts) {
  const tiles: [name: string, text: string, exact: number][] = [
    ["Requests", format.integer(totals.requests), totals.requests],
    ["Prompt tokens", format.compact(totals.input_tokens), totals.input_tokens],
    ["Block references", format.compact(totals.blocks), totals.blocks],
    ["Distinct blocks", format.compact(totals.distinct_blocks), totals.distinct_blocks],
    ["Tokens in a block", format.integer(block_size), block_size],
    ["Ceiling, tokens", format.share(ceiling_token_rate, 2), ceiling_token_rate],
    ["Ceiling, blocks", format.share(ceiling_rate, 2), ceiling_rate],
    ["Used once", format.share(popularity.used_once_share), popularity.used_once_share],
    ["Zipf exponent", popularity.zipf?.exponent.toFixed(3) ?? "–",
      popularity.zipf?.exponent ?? Number.NaN],
  ];
  return tiles.map(([name, text, exact]) => h("div", {}, h("dt", {}, name),
    h("dd", { "data-value": exact, "data-fact": name }, text)));
}

function sessionsOf({ sessions }: Facts): HTMLElement[] {
  if (sessions === null) return [];
  const { turns, gaps_ms } = sessions;
  const row = (name: string, of: (spread: typeof turns) => number) =>
    [name, format.compact(of(turns)), format.seconds(of(gaps_ms) / 1000)];
  return [list("Sessions", `${format.integer(sessions.sessions)} sessions with `
    + `${format.plural(sessions.requests, "request")}, of which `
    + `${format.integer(sessions.waiting)} wait for another to finish.`,
  { columns: ["", "Turns", "Gap"], rows: [row("mean", ({ mean }) => mean),
    row("half up to", ({ p50 }) => p50), row("90 % up to", ({ p90 }) => p90),
    row("99 % up to", ({ p99 }) => p99), row("most", ({ most }) => most)] })];
}
