/** The sweep of the view Plan: its grid, its rows as they come, what nothing else beats. */
import type { WholeApp } from "../../app/actions.ts";
import { saveText } from "../../app/files.ts";
import { cividis, css } from "../../draw/palette.ts";
import type { CellResult, Tables } from "../../engine/protocol.ts";
import { isBusy, type SweepState } from "../../state/analysis.ts";
import type { SweepSetup } from "../../state/setup.ts";
import type { State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h, setAttribute } from "../dom.ts";
import { Sparing } from "../sparing.ts";
import { axisValue, axisWords, pointWords } from "./axes.ts";
import { linear } from "./facts.ts";
import { Figure, type Cell } from "./figure.ts";
import { GridForm } from "./grid.ts";
import { figure, sweepCsv, type Metric } from "./metrics.ts";
import { RowsTable } from "./rows.ts";
import { Status } from "./status.ts";

type Against = SweepSetup["against"];

export class SweepPanel {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #form: GridForm;
  readonly #status: Status;
  readonly #one = h("select", { "aria-label": "The frontier's first metric" });
  readonly #other = h("select", { "aria-label": "The frontier's second metric" });
  readonly #frontier = new Figure("frontier", "What nothing else beats");
  readonly #across = h("select", { "aria-label": "Across" });
  readonly #down = h("select", { "aria-label": "Down" });
  readonly #heat = h("div", { class: "scroll", tabindex: 0, role: "region",
    "aria-label": "Heat map" });
  readonly #rows: RowsTable;
  readonly #results: HTMLElement;
  readonly #sparing: Sparing;
  #drawn: unknown[] = [];

  constructor(app: WholeApp) {
    this.#app = app;
    this.#sparing = new Sparing(() => app.store.set({}));
    this.#form = new GridForm(app);
    this.#status = new Status({ unit: "run", again: "Go on", act: () => void app.sweep.resume(),
      cancel: () => app.analysis.cancel("sweep") });
    this.#rows = new RowsTable({
      open: ({ config }) => app.run.open(config),
      compare: (rows) => {
        const [first, ...others] = rows.map(({ config }) => config);
        return first === undefined ? [] : app.compare.open([first, ...others]);
      },
    });
    const compare = () => void app.sweep.compare(this.#one.value, this.#other.value);
    for (const select of [this.#one, this.#other]) select.addEventListener("change", compare);
    for (const select of [this.#across, this.#down]) {
      select.addEventListener("change", () => app.store.set({}));
    }
    this.#results = h("div", { class: "view-body", hidden: true },
      h("div", { class: "view-figures" },
        h("div", {}, h("div", { class: "picks-row" }, h("label", {}, "Compare ", this.#one),
          h("label", {}, "with ", this.#other)), this.#frontier.element),
        h("section", { class: "panel figure" }, h("h2", {}, "Heat map"),
          h("div", { class: "picks-row" }, h("label", {}, "Across ", this.#across),
            h("label", {}, "down ", this.#down)), this.#heat)),
      h("section", { class: "panel figure" }, h("h2", {}, "Runs"),
        h("div", { class: "picks-row" },
          this.#file("csv-shown", "CSV of what is shown", () => this.#csv(this.#rows.shown)),
          this.#file("csv", "CSV of all", () =>
            this.#csv(app.store.now.analysis.sweep.results.values())),
          this.#file("json", "JSON, as the command line has it", () => void this.#json()),
          h("span", { class: "hint" }, "kvscope merge and --resume take the JSON.")),
        this.#rows.element));
    this.element = h("div", { class: "view-block", "data-block": "sweep" },
      h("h2", { class: "view-title" }, "Sweep"), this.#form.element,
      h("div", { class: "view-head" }, this.#status.element), this.#results);
  }

  render(state: State): void {
    const { tables } = state;
    if (tables === null) return;
    this.#form.render(state);
    const { sweep } = state.analysis;
    this.#status.render(sweep.work, `${format.plural(sweep.results.size, "run")} of the whole `
      + "trace each.", state.setup.took_s["sweep"]);
    this.#results.hidden = sweep.results.size === 0;
    const { against } = state.setup.sweep;
    const now = [sweep.results, sweep.amount, against, this.#across.value, this.#down.value];
    if (now.every((value, i) => value === this.#drawn[i])) return;
    const draw = () => {
      this.#drawn = now;
      this.#draw(tables, sweep, against);
    };
    if (isBusy(sweep.work)) this.#sparing.draw(draw);
    else draw();
  }

  #draw(tables: Tables, sweep: SweepState, against: Against): void {
    this.#menus(tables, sweep, against);
    this.#rows.render(tables, axesOf(sweep), [...sweep.results.values()]);
    this.#drawFrontier(tables, sweep, against);
    this.#drawHeat(tables, sweep, against);
    setAttribute(this.element, "data-results", String(sweep.results.size));
  }

  #menus(tables: Tables, sweep: SweepState, against: Against): void {
    if (this.#one.options.length === 0) {
      for (const select of [this.#one, this.#other]) {
        select.append(...tables.metrics.map(({ id, label }) => h("option", { value: id }, label)));
      }
    }
    [this.#one.value, this.#other.value] = against;
    const axes = axesOf(sweep);
    const known = [...this.#across.options].map(({ value }) => value);
    if (known.join() === axes.join()) return;
    for (const select of [this.#across, this.#down]) {
      select.replaceChildren(...axes.map((name) =>
        h("option", { value: name }, axisWords(tables, name).label)));
    }
    this.#down.value = axes[0] ?? "";
    this.#across.value = axes[1] ?? axes[0] ?? "";
  }

  #drawFrontier(tables: Tables, { amount, results }: SweepState, against: Against): void {
    const { metrics } = tables;
    const [x, y] = against.map((id) => metrics.findIndex((metric) => metric.id === id));
    const [one, other] = [metrics[x ?? 0], metrics[y ?? 0]];
    if (amount === null || one === undefined || other === undefined) return;
    const at = (i: number, metric: number) => amount.groups[i]?.means[metric] ?? null;
    const places = amount.groups.map((_, i) => i).filter((i) =>
      at(i, x!) !== null && at(i, y!) !== null);
    const mean = (i: number, metric: number) => at(i, metric)?.mean ?? 0;
    const words = (i: number) => pointWords(tables, amount.groups[i]!.point);
    const rowOf = (i: number) => [...results.values()].find(({ row }) =>
      row.group === amount.groups[i]!.group)?.row;
    const say = frontierSay([one, other], places.length, places.filter((i) =>
      amount.best[i]).length);
    // Where one of the two is no goal, nothing is beaten.
    const isFaint = (i: number) => isGoal(one) && isGoal(other) && amount.best[i] !== true;
    // Points are compared with each other, so that the axes begin near the least of them.
    const axis = (of: Metric, metric: number) => {
      const all = places.map((i) => mean(i, metric));
      const [low, high] = [Math.min(...all), Math.max(...all)];
      const room = high > low ? 0.08 * (high - low) : Math.max(0.1 * high, 0.01);
      // As many digits as tell one tick from the next.
      const digits = Math.max(0, Math.ceil(-Math.log10(high - low + 2 * room)) - 1);
      return { ...linear(of.label, high + room, (value) => figure(of, value, digits)),
        min: Math.max(0, low - room) };
    };
    this.#frontier.draw(say, places.length === 0 ? null : {
      label: `${one.label} against ${other.label}. ${say}`, height: 320,
      x: axis(one, x!), y: axis(other, y!),
      layers: [{ kind: "points", x: places.map((i) => mean(i, x!)),
        y: places.map((i) => mean(i, y!)), faint: places.map(isFaint),
        spread: places.map((i) => at(i, y!)?.half_width ?? null),
        say: places.map((i) => `${words(i)}: ${figure(one, mean(i, x!), 2)}, `
          + figure(other, mean(i, y!), 2)),
        pick: (index) => {
          const row = rowOf(places[index]!);
          if (row !== undefined) this.#app.run.open(row.config);
        } }],
    }, { columns: ["Combination", one.label, other.label, "Beaten by none"],
      rows: places.map((i): Cell[] => [words(i), { text: spread(one, at(i, x!)),
        exact: mean(i, x!) }, { text: spread(other, at(i, y!)), exact: mean(i, y!) },
      amount.best[i] === true ? "yes" : "–"]) });
  }

  /** Means of the first metric over two axes; of what varies beside them, the most. */
  #drawHeat(tables: Tables, { amount, grid }: SweepState, against: Against): void {
    const at = tables.metrics.findIndex(({ id }) => id === against[0]);
    const metric = tables.metrics[at];
    const [across, down] = [this.#across.value, this.#down.value];
    if (amount === null || metric === undefined || grid === null) return;
    const valuesOf = (name: string) => [...new Set(amount.groups.flatMap(({ point }) =>
      point[name] ?? []))];
    const cell = (column: string, row: string) => {
      const found = amount.groups.filter(({ point, means }) => means[at] !== null
        && point[across] === column && point[down] === row).map(({ means }) => means[at]!.mean);
      return found.length === 0 ? null : Math.max(...found);
    };
    const [columns, rows] = [valuesOf(across), valuesOf(down)];
    const all = rows.flatMap((row) => columns.flatMap((column) => cell(column, row) ?? []));
    const [low, high] = [Math.min(...all), Math.max(...all)];
    this.#heat.replaceChildren(h("table", { class: "figures-table heat" },
      h("caption", {}, `${metric.label}, the most of what varies beside the two axes`),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" },
        `${axisWords(tables, down).label} \\ ${axisWords(tables, across).label}`),
      ...columns.map((name) => h("th", { scope: "col" }, axisValue(tables, across, name))))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, h("th", { scope: "row" },
        axisValue(tables, down, row)),
        ...columns.map((column) => {
          const value = cell(column, row);
          const box = h("td", { "data-value": value }, value === null ? "–"
            : figure(metric, value, 1));
          const share = value === null || high <= low ? 0 : (value - low) / (high - low);
          if (value !== null) {
            box.style.setProperty("background", css(cividis(share)));
            box.style.setProperty("color", share > 0.5 ? "#111" : "#fff");
          }
          return box;
        }))))));
  }

  #file(name: string, text: string, act: () => void): HTMLElement {
    return h("button", { type: "button", class: "button", "data-save": name, click: act }, text);
  }

  #csv(results: Iterable<CellResult>): void {
    const { tables, analysis: { sweep } } = this.#app.store.now;
    if (tables === null) return;
    saveText("kvscope-sweep.csv", sweepCsv(tables.metrics, axesOf(sweep), results));
  }

  async #json(): Promise<void> {
    saveText("kvscope-sweep.json", await this.#app.sweep.document());
  }
}

function isGoal({ better }: Metric): boolean {
  return better !== "neither";
}

/** Of so many combinations, so many are best. */
function frontierSay(of: [Metric, Metric], count: number, best: number): string {
  const opens = "A click, or Enter, opens one in the live view.";
  const aimless = of.find((metric) => !isGoal(metric));
  if (count === 0) return "The clock does not tell one of the two.";
  if (aimless !== undefined) {
    return `${aimless.label}: neither more nor less of it is better by itself, so that none is `
      + `marked. ${opens}`;
  }
  const are = best === 1 ? "is" : "are";
  return `${format.integer(best)} of ${format.plural(count, "combination")} ${are} beaten by none `
    + `in both; the others are grey. ${opens}`;
}

/** The axes that some cell has a value of. */
function axesOf({ cells, grid }: SweepState): string[] {
  const names = new Set(cells.flatMap(({ point }) => Object.keys(point)));
  return Object.keys(grid?.axes ?? {}).filter((name) => names.has(name));
}

function spread(metric: Metric, mean: { mean: number; half_width: number | null } | null): string {
  if (mean === null) return "–";
  const half = mean.half_width === null || mean.half_width === 0 ? ""
    : ` ± ${figure(metric, mean.half_width, 2)}`;
  return `${figure(metric, mean.mean, 2)}${half}`;
}
