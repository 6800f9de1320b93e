/** Which policy this trace asks for: what the core measured and said, laid out. */
import type { WholeApp } from "../../app/actions.ts";
import { saveText } from "../../app/files.ts";
import type { Advice, Tables } from "../../engine/protocol.ts";
import { unmetNeed } from "../../state/needs.ts";
import { foresightOf } from "../../state/setup.ts";
import type { State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h, setAttribute } from "../dom.ts";
import { tableOf, type Cell, type Table } from "./figure.ts";
import { pickOf } from "./picks.ts";
import { Status } from "./status.ts";
import { behindOf, meanOf, metricOf, treeOf } from "./tree.ts";

/** What weighs in the fitness score, with its name for people. */
const GOALS: [id: string, name: string][] =
  [["hit", "hit rate"], ["balance", "balance"], ["p99", "p99 TTFT"]];

const MOST_SEEDS = 50;

export class AdvicePanel {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #status: Status;
  readonly #seeds: HTMLInputElement;
  readonly #requests: HTMLInputElement;
  readonly #weights: [string, HTMLInputElement][];
  readonly #file: HTMLElement;
  readonly #results = h("div", { class: "view-body", hidden: true });
  readonly #routers = h("fieldset", { class: "picks", "data-advice": "routers" });
  readonly #evictions = h("fieldset", { class: "picks", "data-advice": "evictions" });
  #builtFor = "";
  #drawn: Advice | null = null;

  constructor(app: WholeApp) {
    this.#app = app;
    this.#status = new Status({ unit: "run", again: "Go on",
      act: () => void app.advice.resume(), cancel: () => app.analysis.cancel("advice") });
    const number = (name: string, min: number, step: number | "any") =>
      h("input", { type: "number", min, step, "data-advice": name, change: () => this.#choose() });
    this.#seeds = number("seeds", 2, 1);
    this.#requests = number("requests", 100, 100);
    this.#weights = GOALS.map(([id]) => [id, number(id, 0, "any")]);
    this.#file = h("button", { type: "button", class: "button", hidden: true,
      click: () => this.#save() }, "JSON");
    this.element = h("div", { class: "view-block", "data-block": "advice" },
      h("h2", { class: "view-title" }, "Which policy"),
      h("div", { class: "picks-row" },
        h("button", { type: "button", class: "button primary", "data-act": "advice",
          click: () => void app.advice.start() }, "Compare policies on this trace"),
        h("label", {}, "Seeds ", this.#seeds),
        h("label", {}, "Requests of a scenario ", this.#requests),
        h("span", { class: "hint" }, "Fitness weighs"),
        ...this.#weights.map(([, input], i) => h("label", {}, `${GOALS[i]![1]} `, input)),
        this.#file),
      h("details", { class: "candidates" },
        h("summary", {}, "What is compared"),
        h("div", { class: "picks-row" }, this.#routers, this.#evictions)),
      h("div", { class: "view-head" }, this.#status.element), this.#results);
  }

  render({ tables, setup, analysis: { advice } }: State): void {
    const { clock, insertion } = setup.config;
    const key = `${JSON.stringify(setup.advice)} ${clock?.id} ${insertion} ${tables !== null}`;
    if (key !== this.#builtFor) {
      this.#builtFor = key;
      this.#offer(tables, setup);
      this.#seeds.value = String(setup.advice.seeds);
      this.#requests.value = String(setup.advice.requests);
      for (const [id, input] of this.#weights) {
        input.value = String(setup.advice.weights[id] ?? 1);
        input.disabled = id === "p99" && setup.config.clock?.id !== "timed";
      }
    }
    const found = advice.advice;
    this.#status.render(advice.work, found === null ? ""
      : `${format.plural(found.candidates.length, "candidate")} on ${
        format.plural(found.nodes, "node")} of ${format.plural(found.capacity_blocks, "block")}, ${
        found.clock} clock.`, setup.took_s["advice"]);
    if (found === this.#drawn) return;
    this.#drawn = found;
    this.#results.hidden = found === null;
    this.#file.hidden = found === null;
    setAttribute(this.element, "data-missing", found === null ? null : String(found.missing));
    if (found !== null) this.#results.replaceChildren(...sectionsOf(found));
  }

  /** Which routers and evictions are compared, beside the cluster's own. */
  #offer(tables: Tables | null, { config, advice }: State["setup"]): void {
    if (tables === null) return;
    const of = (name: "routers" | "evictions", legend: string, place: HTMLElement,
      placeholder: string) => {
      const usual = advice[name].length === 0;
      const rows = tables[name].filter((row) => unmetNeed(row, config) === ""
        && foresightOf(row, undefined) === "");
      const boxes = rows.map(({ id, title, summary }) => pickOf({ id, label: title,
        help: summary }, advice[name].includes(id), id, () => this.#choose()));
      const typed = advice[name].filter((row) => row.includes(":"));
      place.replaceChildren(h("legend", {}, usual ? `${legend}: the usual ones` : legend),
        ...boxes, h("label", { class: "typed" }, "With parameters ",
          h("input", { type: "text", value: typed.join("; "), spellcheck: "false", placeholder,
            change: () => this.#choose() })));
    };
    of("routers", "Routers beside the cluster's own", this.#routers,
      "cache_aware:load_weight=20; enhanced:alpha=1,beta=0.2");
    of("evictions", "Evictions beside its own", this.#evictions, "s3fifo:small_share=0.2");
  }

  #choose(): void {
    const whole = (input: HTMLInputElement, least: number, most: number) =>
      Math.min(Math.max(Math.round(Number(input.value)) || least, least), most);
    const weights = this.#weights.map(([id, input]) => [id, Number(input.value)] as const)
      .filter(([, weight]) => weight !== 1 && weight >= 0);
    // Rows with parameters are typed as the command line has them.
    const chosen = (place: HTMLElement) =>
      [...place.querySelectorAll("input")].flatMap(({ type, checked, value }) =>
        (type === "text" ? value.split(/[;\s]+/) : checked ? [value] : []))
        .filter((row, i, all) => row !== "" && all.indexOf(row) === i);
    this.#app.advice.choose({ routers: chosen(this.#routers), evictions: chosen(this.#evictions),
      seeds: whole(this.#seeds, 2, MOST_SEEDS),
      requests: whole(this.#requests, 100, 1e6), weights: Object.fromEntries(weights) });
  }

  #save(): void {
    const { advice } = this.#app.store.now.analysis.advice;
    if (advice !== null) saveText("kvscope-advice.json", JSON.stringify(advice, null, 2));
  }
}

function sectionsOf(advice: Advice): HTMLElement[] {
  const { ranks, distance, method, caveat } = advice.class;
  const how = ranks === null ? caveat : `Skew is fitted by ${method}, which has rank ${
    format.integer(ranks)}; the law's and the trace's cumulated shares are up to ${
    distance === null ? "–" : format.points(distance)} apart. ${caveat}`;
  const seeds = `± is half of the 95 % interval over ${advice.seeds} seeds (Student's t). Behind: `
    + "paired by seed. exact: chance plays no part. =: cannot be told apart from the best. ~: "
    + "within the goal's margin of it. ✱: the cluster's own.";
  return [
    h("section", { class: "panel figure" }, h("h2", {}, "What was found"),
      h("ul", { class: "found", "data-part-of": "advice" },
        ...advice.words.map((sentence) => h("li", {}, sentence)))),
    h("section", { class: "panel figure" }, h("h2", {}, "The notes' decision tree, measured here"),
      h("p", { class: "figure-say" }, how), treeOf(advice)),
    h("p", { class: "figure-say" }, seeds),
    h("div", { class: "view-figures rankings" },
      ...advice.goals.filter(({ ranked }) => ranked.length > 0).map((goal) =>
        section(goal.title, `${marginOf(goal)} counts as near.`, rankedOf(advice, goal))),
      ...turnsOf(advice)),
    ...fitnessOf(advice),
  ];
}

function section(title: string, say: string, table: Table): HTMLElement {
  return h("section", { class: "panel figure" }, h("h2", {}, title),
    h("p", { class: "figure-say" }, say),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title },
      tableOf(table)));
}

function marginOf({ margin }: Advice["goals"][number]): string {
  return "absolute" in margin
    ? `${format.plural(Number((100 * margin.absolute).toPrecision(6)), "point")} of the best`
    : `${format.share(margin.relative, 0)} of the best`;
}

function rankedOf({ candidates }: Advice, goal: Advice["goals"][number]): Table {
  const metric = metricOf(goal);
  return { columns: ["Router", "Eviction", goal.title, "Behind", ""],
    rows: goal.ranked.map(({ candidate, value, exact, behind, told_apart, is_near }): Cell[] => {
      const { router, eviction, is_own } = candidates[candidate]!;
      const marks = [told_apart ? "" : "=", is_near ? "~" : "", is_own ? "✱" : "",
        exact ? "exact" : ""].filter((mark) => mark !== "").join(" ");
      return [router, eviction, { text: meanOf(metric, value), exact: value.mean },
        { text: behindOf(metric, behind), exact: behind.mean }, marks];
    }) };
}

/** What would change the answer. */
function turnsOf({ turns, goals, candidates }: Advice): HTMLElement[] {
  if (turns.length === 0) return [];
  const rows = turns.flatMap(({ goal, answer, at }) => at.map((it): Cell[] => {
    const ranking = goals.find((one) => one.goal === goal)!;
    const metric = metricOf(ranking);
    const { router, eviction } = candidates[it.best]!;
    const ahead = it.best === answer ? "the same"
      : `${behindOf(metric, it.behind)}${it.turned ? ", turned" : ", not turned"}`;
    return [ranking.title, { text: format.integer(it.capacity_blocks), exact: it.capacity_blocks },
      `${router} with ${eviction}`, { text: meanOf(metric, it.value), exact: it.value.mean },
      ahead];
  }));
  return [section("What would change the answer",
    "The best of each goal at a quarter to four times the capacity of a node, and how far it is "
    + "ahead of the answer.",
    { columns: ["Goal", "Blocks", "Best", "Value", "Ahead"], rows })];
}

function fitnessOf({ fitness }: Advice): HTMLElement[] {
  if (fitness === null) return [];
  const score = ({ mean, half_width }: { mean: number; half_width: number | null }) =>
    `${mean.toFixed(1)}${half_width === null ? "" : ` ± ${half_width.toFixed(1)}`}`;
  const far = { id: "", label: "", unit: "share", better: "less" as const };
  const weights = fitness.weights.map(([goal, weight]) => `${goal} ${weight}`).join(", ");
  return [section("Fitness", `Notes: fixed formulas, nothing measured. Measured: over ${
    fitness.scenarios.join(", ")}, ${format.integer(fitness.requests)} requests each, ${
    format.plural(fitness.seeds, "seed")}; 100 is the best of every cell in every goal. Weights: ${
    weights}. Far: the mean distance to the best of the cell.`,
  { columns: ["Router", "Notes", "Measured", "Least to most", ...fitness.scenarios,
    ...fitness.weights.map(([goal]) => `Far in ${goal}`)],
  rows: fitness.scores.map((it): Cell[] => [it.router,
    it.notes === null ? "–" : { text: it.notes.toFixed(1), exact: it.notes },
    { text: score(it.score), exact: it.score.mean },
    `${it.least_cell.toFixed(1)} to ${it.most_cell.toFixed(1)}`,
    ...it.by_scenario.map((mean): Cell => ({ text: score(mean), exact: mean.mean })),
    ...it.distances.map(({ distance }): Cell =>
      ({ text: meanOf(far, distance), exact: distance.mean }))]) })];
}
