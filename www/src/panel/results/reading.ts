/**
 * How the trace was read, each decision with what it was made from, and beside it the setting that
 * overrules it: a change starts the run over.
 */
import type { App } from "../../app/app.ts";
import type { ParamSpec, ParamValue, ReadReport } from "../../engine/protocol.ts";
import { settingOf, withSetting } from "../../state/setup.ts";
import { configNow, isOwnTrace, runOf, type State } from "../../state/state.ts";
import { paramControl, type ParamControl } from "../controls/param.ts";
import { reasonFor } from "../controls/reasons.ts";
import { h } from "../dom.ts";

/** Settings that have a say in some traces only. */
const MATTERS: Record<string, (report: ReadReport) => boolean> = {
  id_scope: ({ ids }) => ids,
  rows: ({ sessions }) => sessions > 0,
  sessions: ({ sessions }) => sessions > 0,
  shared_prefix: ({ ids, made_up }) => !ids || made_up,
};

/** Built-in workloads are made, not read; what their blocks hold can be changed all the same. */
const OF_WORKLOADS = "block_size";

interface Row {
  /** As the table has it. */
  spec: ParamSpec;
  /** The same, with what the trace says as its default. */
  said: ParamSpec;
  control: ParamControl;
}

export class Reading {
  readonly element = h("div", { class: "params" });
  readonly #app: App;
  #rows: Row[] = [];

  constructor(app: App) {
    this.#app = app;
  }

  render(state: State): void {
    const { tables, source } = state;
    const config = configNow(state);
    const { report, failure } = runOf(state);
    if (tables === null) return;
    if (this.#rows.length === 0) this.#build(tables.settings);
    const own = isOwnTrace(source);
    for (const { spec, said, control } of this.#rows) {
      const chosen = settingOf(config, spec);
      const reason = reasonFor(failure, spec.name);
      if (report !== null) sayAsRead(said, spec, report);
      const value = chosen === spec.default ? said.default : chosen;
      control.update(value, reason, config, own ? whyOf(spec, report) : "");
      control.element.hidden = chosen === spec.default && reason === ""
        && !hasSay(spec, own, report);
    }
  }

  #build(settings: ParamSpec[]): void {
    const { store } = this.#app;
    this.#rows = settings.filter(({ role }) => role === "reading").map((spec) => {
      const said = withoutRange(spec);
      const control = paramControl(said, (value: ParamValue) => {
        const wanted = value === said.default ? spec.default : value;
        this.#app.run.configure(withSetting(configNow(store.now), spec, wanted));
      });
      return { spec, said, control };
    });
    this.element.append(...this.#rows.map(({ control }) => control.element));
  }
}

function hasSay({ name }: ParamSpec, own: boolean, report: ReadReport | null): boolean {
  if (report === null || (!own && name !== OF_WORKLOADS)) return false;
  return MATTERS[name]?.(report) ?? true;
}

function whyOf({ name }: ParamSpec, report: ReadReport | null): string {
  return report?.facts.find(({ id }) => id === name)?.why ?? "";
}

/** Nobody slides through 65,536 block sizes. Labels are this copy's own: they change. */
function withoutRange(spec: ParamSpec): ParamSpec {
  const said = { ...spec };
  if (spec.kind === "integer") delete said.max;
  if (spec.choices !== undefined) said.choices = spec.choices.map((choice) => ({ ...choice }));
  return said;
}

/** Where the setting leaves it to the trace, its control says what the trace said. */
export function sayAsRead(said: ParamSpec, spec: ParamSpec, report: ReadReport): void {
  const { time_unit, block_size, id_scope, rows } = report;
  const decided = { time_unit, block_size, id_scope, rows }[spec.name] ?? null;
  const read = decided === null || decided.by === "option" ? null : decided.value;
  if (spec.kind === "integer") said.default = read ?? spec.default;
  const usual = spec.choices?.find(({ id }) => id === spec.default);
  const auto = said.choices?.find(({ id }) => id === spec.default);
  if (usual === undefined || auto === undefined) return;
  auto.label = read === null ? usual.label : `${read} (as read)`;
}
