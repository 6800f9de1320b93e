/** One table of policies as a menu, with the chosen row's parameters below it. */
import type { App } from "../../app/app.ts";
import { h, setAttribute, setChosen, setText } from "../dom.ts";
import type { Config, TableRow, Tables } from "../../engine/protocol.ts";
import { keptFrom, unmetNeed, withRow } from "../../state/needs.ts";
import { applies, chosenRow, groupsOf, paramOf, rowsOf, withParam, type ChoiceName,
  type Setup } from "../../state/setup.ts";
import { configNow, runOf, type State } from "../../state/state.ts";
import { paramControl, tellNeeds, type ParamControl } from "./param.ts";
import { reasonFor } from "./reasons.ts";

/** Parameters shown at once; the others wait behind a line that counts them. */
const INLINE = 3;

const TITLES: Record<ChoiceName, string> = {
  router: "Router",
  migration: "Migration",
  eviction: "Eviction",
  clock: "Clock",
};

/** What there is to say about a row with the parameters of a configuration. */
export type WordsAbout = (name: ChoiceName, row: TableRow, config: Config) => readonly Node[];

export class PolicyPanel {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #name: ChoiceName;
  readonly #select: HTMLSelectElement;
  readonly #summary = h("p", { class: "summary" });
  readonly #about = h("div", {});
  readonly #aboutLine = h("details", { class: "about", hidden: true });
  readonly #error = h("p", { class: "error", hidden: true });
  readonly #params = h("div", { class: "params" });
  #row: TableRow | null = null;
  #rowsBuilt = false;
  #options = new Map<TableRow, HTMLOptionElement>();
  #told: { setup: Setup; lane: number } | null = null;
  #controls: ParamControl[] = [];
  #rest: HTMLElement | null = null;
  #wordsAbout: WordsAbout = () => [];
  #aboutOf: Config | null = null;

  constructor(app: App, name: ChoiceName) {
    this.#app = app;
    this.#name = name;
    const label = TITLES[name];
    this.#select = h("select", { "data-choice": name, "aria-label": label,
      change: () => this.#choose(this.#select.value) });
    this.#aboutLine.append(h("summary", { "aria-label": `About this ${label}` }, "About"),
      this.#about);
    this.element = h("section", { class: "group", "data-group": name, hidden: true },
      h("h2", {}, label), this.#aboutLine, this.#select, this.#summary, this.#error, this.#params);
  }

  /** From now on there are words about every row. */
  takeAbout(words: WordsAbout): void {
    this.#wordsAbout = words;
    this.#aboutOf = null;
  }

  render(state: State): void {
    const { tables } = state;
    const config = configNow(state);
    if (tables === null) return;
    const { failure } = runOf(state);
    const rows = rowsOf(tables, this.#name);
    const row = chosenRow(tables, this.#name, config);
    if (row === undefined) return;
    if (!this.#rowsBuilt) this.#buildMenu(tables, rows);
    this.element.hidden = rows.length < 2;
    this.#tellNeeds(state, tables);
    if (row !== this.#row) this.#buildParams(row);
    setChosen(this.#select, row.id);
    setText(this.#summary, row.summary);
    const problem = reasonFor(failure, this.#name, "id") || unmetSentence(row, state);
    this.#error.hidden = problem === "";
    setText(this.#error, problem);
    this.#update(row, state);
    this.#tellAbout(row, config);
  }

  #tellAbout(row: TableRow, config: Config): void {
    if (config === this.#aboutOf) return;
    this.#aboutOf = config;
    const words = this.#wordsAbout(this.#name, row, config);
    this.#aboutLine.hidden = words.length === 0;
    this.#about.replaceChildren(...words);
  }

  /** What a row needs of the other menus is chosen with it, and that is said. */
  #choose(id: string): void {
    const { tables, setup, selected, opened, switched } = this.#app.store.now;
    const row = tables === null ? undefined
      : rowsOf(tables, this.#name).find((one) => one.id === id);
    if (tables === null || row === undefined) return;
    const lane = Math.min(selected, setup.others.length);
    const mine = switched?.name === this.#name && switched.lane === lane
      && switched.opened === opened;
    const chosen = withRow(tables, setup, lane, this.#name, row, mine ? switched : null);
    this.#app.run.configure(chosen.config, chosen.said);
    // What was switched for a row of another menu stands as long as that row does.
    if (mine || chosen.switched !== null) {
      this.#app.store.set({ switched: chosen.switched === null ? null
        : { name: this.#name, lane, opened, ...chosen.switched } });
    }
  }

  /** In groups by whose they are, where there are several. */
  #buildMenu(tables: Tables, rows: TableRow[]): void {
    this.#rowsBuilt = true;
    this.#options = new Map(rows.map((row) => [row, h("option", { value: row.id }, row.title)]));
    const groups = groupsOf(tables, rows);
    const rest = rows.filter(({ origin }) => origin === undefined);
    const optionsOf = (of: readonly TableRow[]) => of.map((row) => this.#options.get(row)!);
    this.#select.replaceChildren(...optionsOf(rest), ...(groups.length < 2
      ? groups.flatMap(([, of]) => optionsOf(of))
      : groups.map(([label, of]) => h("optgroup", { label }, ...optionsOf(of)))));
  }

  /** What a row needs is beside its name; choosing it switches that, and one is closed for which
   *  something else would have to go. */
  #tellNeeds(state: State, tables: Tables): void {
    const { setup } = state;
    const lane = Math.min(state.selected, setup.others.length);
    if (this.#told?.setup === setup && this.#told.lane === lane) return;
    this.#told = { setup, lane };
    const config = configNow(state);
    for (const [row, option] of this.#options) {
      const kept = keptFrom(tables, setup, lane, this.#name, row);
      option.disabled = kept !== "";
      if (kept === "") tellNeeds(option, row.title, row, config);
      else setText(option, `${row.title} (${unmetNeed(row, config)}; ${kept})`);
    }
  }

  #buildParams(row: TableRow): void {
    this.#row = row;
    this.#controls = row.params.map((spec) =>
      paramControl(spec, (value) => {
        const config = this.#app.run.config();
        this.#app.run.configure(withParam(config, this.#name, row, spec, value));
      }),
    );
    const elements = this.#controls.map((control) => control.element);
    this.#rest = null;
    this.#params.replaceChildren(...elements.slice(0, INLINE));
    if (elements.length > INLINE) {
      const line = h("summary", {});
      this.#rest = h("details", { class: "more" }, line, ...elements.slice(INLINE));
      this.#params.append(this.#rest);
    }
  }

  #update(row: TableRow, state: State): void {
    const { tables } = state;
    const config = configNow(state);
    const { failure, frame } = runOf(state);
    const choice = config[this.#name];
    let changed = 0;
    row.params.forEach((spec, i) => {
      const control = this.#controls[i]!;
      const problem = reasonFor(failure, this.#name, spec.name);
      const note = spec.role === "batch" ? frame?.totals.batch_warning : undefined;
      control.update(paramOf(choice, spec), problem, config, note);
      control.element.hidden =
        tables !== null && !applies(tables, config, this.#name, spec);
      if (i < INLINE) return;
      if (choice?.params?.[spec.name] !== undefined) changed += 1;
      if (problem !== "") setAttribute(this.#rest!, "open", "");
    });
    const hidden = row.params.length - INLINE;
    const line = this.#rest?.querySelector("summary");
    if (line) setText(line, `${hidden} more${changed > 0 ? `, ${changed} changed` : ""}`);
  }
}

function unmetSentence(row: TableRow, state: State): string {
  const unmet = unmetNeed(row, configNow(state));
  return unmet === "" ? "" : `${row.title} ${unmet}. Choose that, or another row here.`;
}
