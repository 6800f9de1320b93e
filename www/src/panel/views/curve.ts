/** Hit rate against capacity: the picture of the view Plan that says what a cache is worth. */
import type { WholeApp } from "../../app/actions.ts";
import { saveText } from "../../app/files.ts";
import { UNLIMITED_BLOCKS, type Curve, type Knee, type ModelRow } from "../../engine/protocol.ts";
import type { CurveState } from "../../state/analysis.ts";
import { unmetNeed } from "../../state/needs.ts";
import { chosenRow, numberSetting } from "../../state/setup.ts";
import { runOf, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { typedWhole } from "../controls/typed.ts";
import { h, refuse, setAttribute } from "../dom.ts";
import type { Layer } from "../../draw/charts/chart.ts";
import { linear, logarithmic } from "./facts.ts";
import { Figure, type Cell, type Table } from "./figure.ts";
import { pickOf } from "./picks.ts";
import { Status } from "./status.ts";

type Measure = "token_hit_rate" | "prefix_hit_rate";
type Line = Curve["lines"][number];

/** Shares of the blocks that curves may be estimated from. */
const SAMPLES: [rate: number, name: string][] =
  [[1, "all blocks"], [0.1, "1 block in 10"], [0.01, "1 in 100"], [0.001, "1 in 1,000"]];

/** More nodes than these have no curve. */
const MOST_NODES = 1024;

export class CurvePanel {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #status: Status;
  readonly #choices = h("fieldset", { class: "picks" });
  readonly #measure: HTMLSelectElement;
  readonly #nodes: HTMLInputElement;
  readonly #refused = h("p", { class: "error", role: "alert", hidden: true });
  readonly #router: HTMLSelectElement;
  readonly #model: HTMLSelectElement;
  readonly #sample: HTMLSelectElement;
  readonly #sampling: HTMLElement;
  readonly #long = h("span", { class: "hint" }, "This trace is long. A sample of its blocks tells "
    + "the curve in little memory, a point or two off.");
  readonly #figure = new Figure("curve", "What a cache is worth");
  readonly #found = h("ul", { class: "found" });
  #choicesFor = "";
  #drawn: unknown[] = [];

  constructor(app: WholeApp) {
    this.#app = app;
    this.#status = new Status({ unit: "run", again: "Go on",
      act: () => void app.curve.start(), cancel: () => app.analysis.cancel("curve") });
    this.#measure = h("select", { "aria-label": "Measure", change: () => app.store.set({}) },
      h("option", { value: "token_hit_rate" }, "Token hit rate"),
      h("option", { value: "prefix_hit_rate" }, "Prefix hit rate"));
    this.#nodes = h("input", { type: "number", min: 1, max: MOST_NODES, step: 1,
      "data-nodes-of": "curve", change: () => this.#count() });
    this.#router = h("select", { "aria-label": "Router of the curve",
      change: () => app.curve.choose({ router: this.#router.value }) });
    this.#model = h("select", { "aria-label": "Model, for bytes",
      change: () => app.curve.choose({ model: this.#model.value }) });
    this.#sample = h("select", { "aria-label": "Blocks that it is estimated from",
      change: () => app.curve.choose({ sample: Number(this.#sample.value) }) });
    this.#sampling = h("div", { class: "picks-row", "data-part-of": "sampling", hidden: true },
      h("label", {}, "Of ", this.#sample), this.#long);
    this.element = h("div", { class: "view-block", "data-block": "curve" },
      h("div", { class: "view-head" }, this.#status.element), this.#sampling,
      h("div", { class: "picks-row" }, this.#choices),
      h("div", { class: "picks-row" },
        h("label", {}, "Nodes ", this.#nodes), h("label", {}, "under ", this.#router),
        h("label", {}, "Measure ", this.#measure), h("label", {}, "Bytes of ", this.#model),
        h("button", { type: "button", class: "button", click: () => this.#save("csv") }, "CSV"),
        h("button", { type: "button", class: "button", click: () => this.#save("json") }, "JSON")),
      this.#refused, this.#figure.element, this.#found);
  }

  render(state: State): void {
    this.#build(state);
    const { curve } = state.analysis;
    this.#status.render(curve.work, resultOf(curve), state.setup.took_s["curve"]);
    const run = runOf(state);
    const { sample, nodes } = state.setup.curve;
    // What is kept whole for going back is short enough to be held here too.
    const isLong = run.load !== null && run.load.read_bytes > 0 && !run.load.kept;
    this.#long.hidden = !isLong;
    this.#sampling.hidden = nodes > 1 || (sample === 1 && !isLong);
    const measure = this.#measure.value as Measure;
    const now = [curve.curve, curve.lru, measure, this.#model.value, run.config,
      run.frame?.done === true ? run.frame : null];
    if (now.every((value, i) => value === this.#drawn[i])) return;
    this.#drawn = now;
    this.#draw(state, measure);
  }

  #build({ tables, setup }: State): void {
    if (tables === null) return;
    const { curve } = setup;
    const key = `${JSON.stringify(curve)} ${setup.config.insertion ?? "flat"}`;
    if (key === this.#choicesFor) return;
    this.#choicesFor = key;
    if (this.#model.options.length === 0) {
      this.#model.append(...tables.models.map(({ id, title }) =>
        h("option", { value: id }, title)));
      const untimed = tables.routers.filter((row) => unmetNeed(row, {}) === "");
      this.#router.append(...untimed.map(({ id, title }) => h("option", { value: id }, title)));
    }
    this.#model.value = curve.model === "" ? tables.models[0]?.id ?? "" : curve.model;
    const own = SAMPLES.some(([rate]) => rate === curve.sample) ? []
      : [[curve.sample, format.share(curve.sample, 3)] as const];
    this.#sample.replaceChildren(...[...SAMPLES, ...own].map(([rate, name]) =>
      h("option", { value: rate }, name)));
    this.#sample.value = String(curve.sample);
    this.#router.value = curve.router;
    this.#router.disabled = curve.nodes === 1;
    this.#nodes.value = String(curve.nodes);
    refuse(this.#nodes, this.#refused, "");
    // Without a clock: what asks for one has no curve.
    const config = { insertion: setup.config.insertion ?? "flat" };
    const rows = tables.evictions.filter((row) =>
      row.id !== "lru" && unmetNeed(row, config) === "");
    const legend = curve.nodes === 1 && curve.sample === 1 ? "Beside LRU, which is exact"
      : "Beside LRU";
    this.#choices.replaceChildren(h("legend", {}, legend),
      ...rows.map(({ id, title, summary }) => pickOf({ id, label: title, help: summary },
        curve.evictions.includes(id), id, () => this.#choose())));
  }

  #choose(): void {
    const boxes = [...this.#choices.querySelectorAll("input")];
    this.#app.curve.choose({ evictions: boxes.filter((box) => box.checked).map((box) =>
      box.value) });
  }

  #count(): void {
    const typed = typedWhole({ unit: "", min: 1, max: MOST_NODES }, this.#nodes.value);
    const problem = "problem" in typed ? typed.problem : "";
    refuse(this.#nodes, this.#refused, problem);
    if ("value" in typed) this.#app.curve.choose({ nodes: Number(typed.value) });
  }

  #draw(state: State, measure: Measure): void {
    const { lru, curve } = state.analysis.curve;
    const title = (id: string) =>
      state.tables?.evictions.find((row) => row.id === id)?.title ?? id;
    setAttribute(this.#figure.element, "data-lines", String(curve?.lines.length ?? 0));
    const lines = curve?.lines.filter(({ points }) => points.length > 0) ?? [];
    if (lru === null && lines.length === 0) {
      this.#figure.draw("", null, { columns: [], rows: [] });
      this.#found.replaceChildren();
      return;
    }
    const { block_size } = lru ?? curve!;
    const model = state.tables?.models.find(({ id }) => id === this.#model.value);
    const size = (blocks: number) => sizeOf(blocks, block_size, model);
    const { ceiling_token_rate, ceiling_rate } = lru ?? curve!;
    const ceiling = measure === "token_hit_rate" ? ceiling_token_rate : ceiling_rate;
    const here = hereOf(state);
    const capacities = [...lru?.capacity ?? [], ...lines.flatMap(({ points }) =>
      points.map(({ capacity }) => capacity))];
    const [least, most] = [Math.min(...capacities), Math.max(...capacities)];
    const knee = lines[0]?.knee?.capacity ?? lru?.knee_blocks;
    const worth = lines[0]?.worth?.capacity;
    const layers: Layer[] = [
      { kind: "mark", y: ceiling, text: `ceiling ${format.share(ceiling)}` },
      ...(knee === undefined ? [] : [{ kind: "mark" as const, x: knee,
        text: `knee of LRU, ${format.compact(knee)}` }]),
      ...(worth === undefined ? [] : [{ kind: "mark" as const, x: worth,
        text: `one more GiB brings a tenth of the first, ${format.compact(worth)}`, low: true }]),
      ...drawnOf(lines, lru, measure),
      ...(here === null || here.blocks < least ? [] : [{ kind: "mark" as const, x: here.blocks,
        y: here[measure], text: here.blocks > most ? `${here.text}, beyond the end` : here.text,
        strong: true }]),
    ];
    const all = lines.length > 0 ? lines : [{ name: "lru", method: "exact" } as const];
    const say = all.map(({ name, method }, i) => `${title(name)}${method === "exact" ? " (exact)"
      : ""} is ${COLOURS[i % COLOURS.length]}`).join(", ");
    const nodes = curve?.nodes ?? 1;
    const each = nodes === 1 ? "one node" : `each of ${format.integer(nodes)} nodes`;
    this.#figure.draw(`${say}.${ofOneNode(state, nodes)}`, {
      label: `Hit rate by the capacity of ${each}. Ceiling ${format.share(ceiling)}.`, height: 340,
      x: logarithmic(`blocks of ${each}`, least, most,
        (blocks) => `${format.short(blocks)} = ${size(blocks)}`),
      y: linear(measure === "token_hit_rate" ? "token hit rate" : "prefix hit rate",
        Math.min(1, 1.12 * ceiling), (value) => format.share(value, 0)),
      layers,
    }, tableOf(lines, measure, title, size));
    this.#found.replaceChildren(...[...sentences(lines, lru, title, size),
      ...(curve?.crossings ?? []).map(({ below, above, between: [from, to] }) =>
        `Up to ${format.integer(from)} blocks ${title(below)} hits more than ${title(above)}, from `
        + `${format.integer(to)} on ${title(above)} more than ${title(below)}.`)].map((one) =>
      h("li", {}, one)));
  }

  #save(kind: "csv" | "json"): void {
    const { curve } = this.#app.store.now.analysis.curve;
    if (curve === null) return;
    const head = "policy,method,capacity_blocks,gib,token_hit_rate,prefix_hit_rate,block_hit_rate";
    const rows = curve.lines.flatMap(({ name, method, points }) => points.map((it) =>
      [`"${name}"`, method, it.capacity, it.gib, it.token_hit_rate, it.prefix_hit_rate,
        it.block_hit_rate].join(",")));
    saveText(`kvscope-curve.${kind}`, kind === "csv" ? `${[head, ...rows].join("\n")}\n`
      : JSON.stringify(curve, null, 2));
  }
}

const COLOURS = ["blue", "orange, dashed", "green", "purple, dashed", "ochre", "pink, dashed",
  "teal", "olive, dashed"];

/** LRU where it is exact at more capacities than the others are measured at; the others in the
 *  order in which they are named. */
function drawnOf(lines: Line[], lru: CurveState["lru"], measure: Measure): Layer[] {
  const line = (x: ArrayLike<number>, y: ArrayLike<number>, i: number, dots: boolean): Layer =>
    ({ kind: "line", x, y, colour: i, dash: i % 2 === 1, dots });
  const exact = lru === null ? [] : [line(lru.capacity, lru[measure], 0, false)];
  return [...exact, ...lines.flatMap(({ points, method }, i) => (i === 0 && lru !== null ? []
    : [line(points.map(({ capacity }) => capacity), points.map((point) => point[measure]), i,
      method !== "exact")]))];
}

function isRun(method: Line["method"]): boolean {
  return method === "simulated" || method === "estimated_runs";
}

/** Whose nodes are many is told where the curve is not of them; empty where it is. */
function ofOneNode(state: State, drawn: number): string {
  const nodes = numberSetting(state.tables, runOf(state).config, "nodes");
  return drawn > 1 || nodes === 1 ? "" : " It is of one node that serves every request; the curve "
    + `of ${format.integer(nodes)} nodes that share them by a router comes with “Nodes”.`;
}

function resultOf({ curve }: CurveState): string {
  if (curve === null) return "";
  const run = curve.lines.filter(({ method }) => isRun(method));
  const runs = run.reduce((sum, { points }) => sum + points.length, 0);
  const by = run.length === 0 ? ""
    : `${format.plural(run.length, "policy", "policies")} by ${format.plural(runs, "run")} where `
      + "the curve bends";
  if (curve.nodes > 1) return `The whole cluster: ${by}.`;
  if (curve.sample_rate !== undefined) {
    return `Estimated from ${format.value(100 * curve.sample_rate)} % of the blocks: LRU in one `
      + `pass${by === "" ? "" : `, ${by}`}.`;
  }
  return `LRU at every capacity in one pass${by === "" ? "" : `, ${by}`}.`;
}

/** Blocks as bytes of the model's KV cache. */
function sizeOf(blocks: number, block_size: number, model: ModelRow | undefined): string {
  if (model === undefined) return format.plural(blocks, "block");
  return format.bytes(blocks * block_size * model.kv_bytes_per_token);
}

/** The run that is on the page: where its caches stand, and what they hit. On a curve of one node
 *  they are taken together; on one of a cluster they are of a node, if there are as many. */
function hereOf(state: State) {
  const { frame, config } = runOf(state);
  if (frame === null || !frame.done || frame.capacity_blocks >= UNLIMITED_BLOCKS) return null;
  const nodes = numberSetting(state.tables, config, "nodes");
  const drawn = state.analysis.curve.curve?.nodes ?? 1;
  if (drawn > 1 && drawn !== nodes) return null;
  const { hit_tokens, input_tokens, prefix_hits, blocks } = frame.totals;
  return {
    blocks: (drawn > 1 ? 1 : nodes) * frame.capacity_blocks,
    token_hit_rate: input_tokens > 0 ? hit_tokens / input_tokens : 0,
    prefix_hit_rate: blocks > 0 ? prefix_hits / blocks : 0,
    text: `you are here: ${nodes} × ${format.integer(frame.capacity_blocks)}`
      // Lines of a cluster are by the router that was chosen for them.
      + (drawn === 1 ? (nodes > 1 ? " together" : "")
        : `, ${chosenRow(state.tables!, "router", config)?.title ?? ""}`),
  };
}

function sentences(lines: Line[], lru: CurveState["lru"], title: (id: string) => string,
  size: (blocks: number) => string): string[] {
  const at = ({ capacity, token_hit_rate }: Knee) => `${format.integer(capacity)} blocks `
    + `(${size(capacity)}, ${format.share(token_hit_rate)})`;
  const of = ({ name, knee, worth, method }: Line) => {
    const by = !isRun(method) ? "" : ", by lines between the capacities that were run";
    const first = knee === null ? `${title(name)}: doubling brings a point or more as far as was `
      + "measured" : `${title(name)} has its knee at ${at(knee)}: beyond it no doubling of the `
      + `cache brings a point of token hit rate${by}`;
    const second = worth === null ? "" : `. From ${at(worth)} on one more GiB brings less than a `
      + "tenth of what the first one brought";
    return `${first}${second}.`;
  };
  const enough = lru === null ? [] : [`From ${format.integer(lru.enough_blocks)} blocks `
    + `(${size(lru.enough_blocks)}) on LRU hits whatever an unlimited cache does.`];
  return [...lines.map(of), ...enough];
}

function tableOf(lines: Line[], measure: Measure, title: (id: string) => string,
  size: (blocks: number) => string): Table {
  const rates = lines.map(({ points }) =>
    new Map(points.map((point) => [point.capacity, point[measure]])));
  const all = [...new Set(rates.flatMap((line) => [...line.keys()]))].sort((a, b) => a - b);
  return { columns: ["Blocks", "Size", ...lines.map(({ name }) => title(name))],
    rows: all.map((blocks): Cell[] => [{ text: format.integer(blocks), exact: blocks },
      size(blocks), ...rates.map((line): Cell => {
        const exact = line.get(blocks);
        return exact === undefined ? "–" : { text: format.share(exact, 2), exact };
      })]) };
}
