/** Builds a grid by choosing: which parts of the configuration vary, and over which values. */
import type { WholeApp } from "../../app/actions.ts";
import type { Tables } from "../../engine/protocol.ts";
import { CHOICES, chosenRow, type Axes } from "../../state/setup.ts";
import type { State } from "../../state/state.ts";
import { eventWords } from "../../text/events.ts";
import * as format from "../../text/format.ts";
import { h, setText } from "../dom.ts";
import { axisWords, type AxisWords } from "./axes.ts";
import { pickOf } from "./picks.ts";

const MOST_SEEDS = 50;

export class GridForm {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #axes = h("div", { class: "axes" });
  readonly #add: HTMLSelectElement;
  readonly #seeds: HTMLInputElement;
  readonly #run: HTMLButtonElement;
  readonly #done = h("p", { class: "say", "data-part": "grid-perturb", hidden: true });
  #builtFor = "";

  constructor(app: WholeApp) {
    this.#app = app;
    this.#add = h("select", { "aria-label": "Vary something more", change: () => this.#more() });
    this.#seeds = h("input", { type: "number", min: 1, max: MOST_SEEDS, step: 1, "data-seeds": "",
      change: () => this.#choose(this.#now) });
    this.#run = h("button", { type: "button", class: "button primary", "data-act": "sweep",
      click: () => void app.sweep.start() });
    this.element = h("form", { class: "grid-form", submit: (event) => event.preventDefault() },
      this.#axes, h("div", { class: "picks-row" }, this.#add,
        h("label", {}, "Seeds of each ", this.#seeds), this.#run), this.#done);
  }

  render({ tables, setup }: State): void {
    if (tables === null) return;
    const { axes, seeds } = setup.sweep;
    const { perturb = [] } = setup.config;
    this.#done.hidden = perturb.length === 0;
    setText(this.#done, `In every run ${perturb.map((it) => eventWords(it).said).join("; ")}, as `
      + "in the tab What if. The largest rate and the fewest nodes are searched without.");
    const router = chosenRow(tables, "router", setup.config)?.id ?? "";
    const key = `${JSON.stringify(axes)} ${seeds} ${router}`;
    if (key === this.#builtFor) return;
    this.#builtFor = key;
    this.#seeds.value = String(seeds);
    const runs = Object.values(axes).reduce((product, values) =>
      product * Math.max(values.length, 1), seeds);
    setText(this.#run, `Run the sweep: at most ${format.plural(runs, "run")}`);
    // A box that has the keyboard keeps it.
    const focused = this.#axes.querySelector<HTMLElement>(":focus")?.dataset["key"];
    this.#axes.replaceChildren(...Object.keys(axes).map((name) => this.#axis(tables, axes, name)));
    this.#axes.querySelector<HTMLElement>(`[data-key="${focused ?? ""}"]`)?.focus();
    const open = namesOf(tables, router).filter((name) => !(name in axes));
    this.#add.replaceChildren(h("option", { value: "" }, "Vary something more…"),
      ...menuOf(tables, open));
  }

  get #now(): Axes {
    return this.#app.store.now.setup.sweep.axes;
  }

  #choose(axes: Axes): void {
    const seeds = Math.round(Number(this.#seeds.value));
    this.#app.sweep.choose(axes, Math.min(Math.max(seeds, 1), MOST_SEEDS) || 1);
  }

  #more(): void {
    const { value } = this.#add;
    if (value !== "") this.#choose({ ...this.#now, [value]: [] });
  }

  #axis(tables: Tables, axes: Axes, name: string): HTMLElement {
    const values = axes[name] ?? [];
    const words = axisWords(tables, name);
    const remove = h("button", { type: "button", class: "icon-button", "data-key": `no ${name}`,
      "aria-label": `Vary ${words.label} no more`, title: "Vary it no more", click: () => {
        const { [name]: _, ...rest } = this.#now;
        this.#choose(rest);
      } }, "×");
    const choice = words.values.length > 0 ? this.#picked(name, words, values)
      : this.#typed(name, words, values);
    return h("fieldset", { class: "axis-row", "data-axis": name, title: words.help },
      h("legend", {}, words.label, words.unit === "" ? null : h("small", {}, ` ${words.unit}`)),
      choice, remove);
  }

  #picked(name: string, { values: all }: AxisWords, values: readonly string[]): HTMLElement {
    // What was typed with parameters is kept beside what is picked.
    const others = values.filter((value) => all.every(({ id }) => id !== value));
    const rows = [...all, ...others.map((id) => ({ id, label: id, help: "" }))];
    return h("div", { class: "picks" }, ...rows.map((row) => pickOf(row, values.includes(row.id),
      `${name} ${row.id}`, (on) => {
        const rest = (this.#now[name] ?? []).filter((id) => id !== row.id);
        this.#choose({ ...this.#now, [name]: on ? [...rest, row.id] : rest });
      })));
  }

  #typed(name: string, { label, help }: AxisWords, values: readonly string[]): HTMLElement {
    const input = h("input", { type: "text", value: values.join(", "), "data-key": name,
      "aria-label": `Values of ${label}, with commas between them`, title: help,
      spellcheck: "false", placeholder: "values, with commas between them", change: () => {
        const list = input.value.split(",").map((one) => one.trim()).filter((one) => one !== "");
        this.#choose({ ...this.#now, [name]: list });
      } });
    return input;
  }
}

/** A group for each part of the configuration. */
function menuOf(tables: Tables, names: string[]): HTMLElement[] {
  const words = names.map((name) => ({ name, ...axisWords(tables, name) }));
  const groups = [...new Set(words.map(({ of }) => of))];
  return groups.map((group) => h("optgroup", { label: group },
    ...words.filter(({ of }) => of === group).map(({ name, label }) =>
      h("option", { value: name }, label))));
}

/** What may vary: rows, settings that do not say how the trace is read or held, the router's
 *  parameters and those of the timed clock. */
function namesOf(tables: Tables, router: string): string[] {
  const settings = tables.settings.filter(({ role, name }) =>
    role !== "reading" && !["seed", "warmup", "distinct_budget"].includes(name));
  const params = [...tables.routers.find(({ id }) => id === router)?.params ?? []]
    .map(({ name }) => `${router}.${name}`);
  const clock = tables.clocks.flatMap((row) => row.params.map(({ name }) => `clock.${name}`));
  return [...CHOICES, ...settings.map(({ name }) => name), ...params, ...new Set(clock)];
}
