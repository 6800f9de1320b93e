/** A configuration in words, and as the command line writes it. Pure. */
import { UNLIMITED_BLOCKS, type Config, type ParamSpec, type ParamValue, type PolicyChoice,
  type Tables } from "../../engine/protocol.ts";
import { CHOICES, chosenRow, settingOf, type ChoiceName } from "../../state/setup.ts";
import { doneOf, eventWords, whenWords } from "../../text/events.ts";
import * as format from "../../text/format.ts";

export interface ConfigWords {
  /** The router, which is what runs differ in most. */
  router: string;
  /** Whatever else is not as it always is. */
  rest: string;
  /** What is done to the cluster on the way, one after the other; "" is nothing. */
  changed: string;
}

/** Settings that have words of their own, or a column. */
const TOLD = ["nodes", "capacity_blocks", "seed"];

export function wordsOf(tables: Tables, config: Config): ConfigWords {
  const spec = (name: string) => tables.settings.find((it) => it.name === name);
  const [nodes, capacity] = TOLD.map((name) => {
    const found = spec(name);
    return found === undefined ? 0 : settingOf(config, found);
  });
  const migration = chosenRow(tables, "migration", config);
  const settings = tables.settings.filter((it) => !TOLD.includes(it.name)
    && settingOf(config, it) !== it.default);
  const rest = [choiceWords(tables, config, "eviction"),
    `${format.plural(Number(nodes), "node")} of ${capacityWords(capacity ?? 0)}`,
    `${choiceWords(tables, config, "clock").toLowerCase()} clock`,
    // The router's own rule is the first of the menu.
    ...(migration === tables.migrations[0] ? [] : [choiceWords(tables, config, "migration")]),
    ...settings.map((it) => `${it.label.toLowerCase()} ${valueWords(it, settingOf(config, it))}`),
    `seed ${config.seed ?? "0"}`];
  const changed = (config.perturb ?? []).map((text) => {
    return `${eventWords(text).said} ${whenWords(doneOf(text).when)}`;
  });
  return { router: choiceWords(tables, config, "router"), rest: rest.join(" · "),
    changed: changed.join("; ") };
}

/** The row's title, with the parameters that differ from their defaults. */
function choiceWords(tables: Tables, config: Config, name: ChoiceName): string {
  const row = chosenRow(tables, name, config);
  if (row === undefined) return "";
  const params = Object.entries(config[name]?.params ?? {}).flatMap(([param, value]) => {
    const spec = row.params.find((it) => it.name === param);
    return spec === undefined || value === spec.default ? []
      : [`${spec.label.toLowerCase()} ${valueWords(spec, value)}`];
  });
  return params.length === 0 ? row.title : `${row.title} (${params.join(", ")})`;
}

function valueWords({ kind, choices, unit }: ParamSpec, value: ParamValue): string {
  if (kind === "switch") return value === true ? "on" : "off";
  const text = typeof value === "number" ? format.value(value)
    : choices?.find(({ id }) => id === value)?.label ?? String(value);
  return unit === "" ? text : `${text} ${unit}`;
}

function capacityWords(capacity: ParamValue): string {
  if (capacity === UNLIMITED_BLOCKS || capacity === "inf") return "unlimited cache";
  return typeof capacity === "number" ? format.plural(capacity, "block") : String(capacity);
}

/** As `cache_aware:load_weight=20,match=any`; "" is what is left to the core. */
export function choiceText(choice: PolicyChoice | undefined): string {
  if (choice === undefined) return "";
  const params = Object.entries(choice.params ?? {}).sort()
    .map(([name, value]) => `${name}=${String(value)}`);
  return params.length === 0 ? choice.id : `${choice.id}:${params.join(",")}`;
}

/** The same of every choice, and every setting, by their names in a configuration. */
export function configTexts(tables: Tables, config: Config): [name: string, text: string][] {
  const choices = CHOICES.map((name): [string, string] => [name, choiceText(config[name])]);
  const settings = tables.settings.map((spec): [string, string] =>
    [spec.name, String(settingOf(config, spec))]);
  return [...choices, ...settings, ["perturb", (config.perturb ?? []).join(" ")]];
}
