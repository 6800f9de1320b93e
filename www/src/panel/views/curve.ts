/** Hit rate against capacity: the picture of the view Plan that says what a cache is worth. */
import type { App } from "../../app/app.ts";
import { saveText } from "../../app/files.ts";
import { UNLIMITED_BLOCKS, type ModelRow } from "../../engine/protocol.ts";
import type { CurveState, Line } from "../../state/analysis.ts";
import { numberSetting, unmetNeed } from "../../state/setup.ts";
import { runOf, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h, setAttribute } from "../dom.ts";
import type { Layer } from "../../draw/charts/chart.ts";
import { linear, logarithmic } from "./facts.ts";
import { Figure, type Cell, type Table } from "./figure.ts";
import { Status } from "./status.ts";

type Measure = "token_hit_rate" | "prefix_hit_rate";

export class CurvePanel {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #status: Status;
  readonly #choices = h("fieldset", { class: "picks" });
  readonly #measure: HTMLSelectElement;
  readonly #model = h("select", { "aria-label": "Model, for bytes" });
  readonly #figure = new Figure("curve", "What a cache is worth");
  readonly #found = h("ul", { class: "found" });
  #choicesFor = "";
  #drawn: unknown[] = [];

  constructor(app: App) {
    this.#app = app;
    this.#status = new Status({ unit: "run", again: "Go on",
      act: () => void app.analysis.curve(),
      cancel: () => app.analysis.cancel("curve") });
    this.#measure = h("select", { "aria-label": "Measure", change: () => app.store.set({}) },
      h("option", { value: "token_hit_rate" }, "Token hit rate"),
      h("option", { value: "prefix_hit_rate" }, "Prefix hit rate"));
    this.#model.addEventListener("change", () => app.store.set({}));
    this.element = h("div", { class: "view-block" },
      h("div", { class: "view-head" }, this.#status.element),
      h("div", { class: "picks-row" }, this.#choices,
        h("label", {}, "Measure ", this.#measure), h("label", {}, "Bytes of ", this.#model),
        h("button", { type: "button", class: "button", click: () => this.#save("csv") }, "CSV"),
        h("button", { type: "button", class: "button", click: () => this.#save("json") }, "JSON")),
      this.#figure.element, this.#found);
  }

  render(state: State): void {
    this.#build(state);
    const { curve } = state.analysis;
    this.#status.render(curve.work, resultOf(curve));
    const run = runOf(state);
    const measure = this.#measure.value as Measure;
    const now = [curve.lines, curve.bends, measure, this.#model.value, run.config,
      run.frame?.done === true ? run.frame : null];
    if (now.every((value, i) => value === this.#drawn[i])) return;
    this.#drawn = now;
    this.#draw(state, measure);
  }

  #build({ tables, setup }: State): void {
    if (tables === null) return;
    const { curve: wanted } = setup;
    const key = `${wanted.join()} ${setup.config.insertion ?? "flat"}`;
    if (key === this.#choicesFor) return;
    this.#choicesFor = key;
    if (this.#model.options.length === 0) {
      this.#model.append(...tables.models.map(({ id, title }) =>
        h("option", { value: id }, title)));
    }
    // One node, without a clock: what asks for more has no curve.
    const config = { insertion: setup.config.insertion ?? "flat" };
    const rows = tables.evictions.filter((row) =>
      row.id !== "lru" && unmetNeed(row, config) === "");
    this.#choices.replaceChildren(h("legend", {}, "Beside LRU, which is exact"),
      ...rows.map((row) => h("label", { class: "pick", title: row.summary },
        h("input", { type: "checkbox", value: row.id, checked: wanted.includes(row.id),
          change: () => this.#choose() }), ` ${row.title}`)));
  }

  #choose(): void {
    const boxes = [...this.#choices.querySelectorAll("input")];
    this.#app.analysis.chooseCurve(boxes.filter((box) => box.checked).map((box) => box.value));
  }

  #draw(state: State, measure: Measure): void {
    const { curve } = state.analysis;
    const { lru, lines, bends, measured } = curve;
    const title = (id: string) =>
      state.tables?.evictions.find((row) => row.id === id)?.title ?? id;
    const model = state.tables?.models.find(({ id }) => id === this.#model.value);
    setAttribute(this.#figure.element, "data-lines", String(lines.length));
    if (lru === null) {
      this.#figure.draw("", null, { columns: [], rows: [] });
      this.#found.replaceChildren();
      return;
    }
    const size = (blocks: number) => sizeOf(blocks, lru.block_size, model);
    const ceiling = measure === "token_hit_rate" ? lru.ceiling_token_rate : lru.ceiling_rate;
    const here = hereOf(state);
    const least = lru.capacity[0] ?? 1;
    const layers: Layer[] = [
      { kind: "mark", y: ceiling, text: `ceiling ${format.share(ceiling)}` },
      { kind: "mark", x: lru.knee_blocks, text: `knee of LRU, ${format.compact(lru.knee_blocks)}` },
      ...lines.map((line, i): Layer => ({ kind: "line", x: line.capacity, y: line[measure],
        colour: i, dash: i % 2 === 1, dots: !line.exact })),
      ...(here === null || here.blocks < least ? [] : [{ kind: "mark" as const, x: here.blocks,
        y: here[measure], text: here.text, strong: true }]),
    ];
    const say = lines.map((line, i) => `${title(line.eviction)}${line.exact ? " (exact)" : ""}`
      + ` is ${COLOURS[i % COLOURS.length]}`).join(", ");
    this.#figure.draw(`${say}.`, {
      label: `Hit rate of one node by its capacity. Ceiling ${format.share(ceiling)}.`, height: 340,
      x: logarithmic("blocks of one node", least, lru.enough_blocks,
        (blocks) => `${format.short(blocks)} = ${size(blocks)}`),
      y: linear(measure === "token_hit_rate" ? "token hit rate" : "prefix hit rate",
        Math.min(1, 1.12 * ceiling), (value) => format.share(value, 0)),
      layers,
    }, tableOf(measured.length > 0 ? measured : lines, measure, title, size));
    this.#found.replaceChildren(...sentences(curve, title, size).map((one) => h("li", {}, one)),
      ...(bends === null ? [] : bends.crossings.map(({ better, worse, from, to }) =>
        h("li", {}, `From between ${format.integer(from)} and ${format.integer(to)} blocks on, `
          + `${title(measured[better]?.eviction ?? "")} hits more than `
          + `${title(measured[worse]?.eviction ?? "")}.`))));
  }

  #save(kind: "csv" | "json"): void {
    const { lines, lru, bends, insertion } = this.#app.store.now.analysis.curve;
    if (lru === null) return;
    const rows = lines.flatMap((line) => line.capacity.map((capacity, i) => [line.eviction,
      line.exact, capacity, line.token_hit_rate[i], line.prefix_hit_rate[i]].join(",")));
    const csv = `${["eviction,exact,capacity_blocks,token_hit_rate,prefix_hit_rate", ...rows]
      .join("\n")}\n`;
    const { ceiling_token_rate, ceiling_rate, knee_blocks, enough_blocks } = lru;
    saveText(`kvscope-curve.${kind}`, kind === "csv" ? csv : JSON.stringify({ insertion,
      ceiling_token_rate, ceiling_rate, knee_blocks, enough_blocks, lines, bends }, null, 2));
  }
}

const COLOURS = ["blue", "orange, dashed", "green", "purple, dashed", "ochre", "pink, dashed",
  "teal", "olive, dashed"];

function resultOf({ lines }: CurveState): string {
  return lines.length < 2 ? "LRU at every capacity in one pass."
    : `LRU at every capacity in one pass, ${format.plural(lines.length - 1, "policy", "policies")} `
      + "by runs at some.";
}

/** Blocks as bytes of the model's KV cache. */
function sizeOf(blocks: number, block_size: number, model: ModelRow | undefined): string {
  if (model === undefined) return format.plural(blocks, "block");
  return format.bytes(blocks * block_size * model.kv_bytes_per_token);
}

/** The run that is on the page: where its caches taken together stand, and what they hit. */
function hereOf(state: State) {
  const { frame, config } = runOf(state);
  if (frame === null || !frame.done || frame.capacity_blocks >= UNLIMITED_BLOCKS) return null;
  const nodes = numberSetting(state.tables, config, "nodes");
  const { hit_tokens, input_tokens, prefix_hits, blocks } = frame.totals;
  return {
    blocks: nodes * frame.capacity_blocks,
    token_hit_rate: input_tokens > 0 ? hit_tokens / input_tokens : 0,
    prefix_hit_rate: blocks > 0 ? prefix_hits / blocks : 0,
    text: `you are here: ${nodes} × ${format.integer(frame.capacity_blocks)}`,
  };
}

function sentences({ lru, measured, bends }: CurveState, title: (id: string) => string,
  size: (blocks: number) => string): string[] {
  if (lru === null) return [];
  const out = [`Beyond its knee at ${format.integer(lru.knee_blocks)} blocks `
    + `(${size(lru.knee_blocks)}) no doubling of the cache brings LRU as much as one point of `
    + `token hit rate; from ${format.integer(lru.enough_blocks)} blocks `
    + `(${size(lru.enough_blocks)}) on it hits whatever an unlimited cache does.`];
  bends?.knees.forEach((knee, i) => {
    const line = measured[i];
    if (line === undefined || line.exact) return;
    out.push(knee === null ? `${title(line.eviction)} is worth doubling up to the largest capacity.`
      : `${title(line.eviction)} has its knee at ${format.integer(knee)} blocks `
        + `(${size(knee)}), by lines between the capacities that were run.`);
  });
  return out;
}

function tableOf(lines: Line[], measure: Measure, title: (id: string) => string,
  size: (blocks: number) => string): Table {
  const all = [...new Set(lines.flatMap(({ capacity }) => capacity))].sort((a, b) => a - b);
  return { columns: ["Blocks", "Size", ...lines.map(({ eviction }) => title(eviction))],
    rows: all.map((blocks): Cell[] => [{ text: format.integer(blocks), exact: blocks },
      size(blocks), ...lines.map((line): Cell => {
        const exact = line[measure][line.capacity.indexOf(blocks)];
        return exact === undefined ? "–" : { text: format.share(exact, 2), exact };
      })]) };
}
