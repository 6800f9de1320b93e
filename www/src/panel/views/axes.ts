/** What a sweep varies, in the words of the tables. Pure. */
import { UNLIMITED_BLOCKS, type ParamSpec, type TableRow, type Tables }
  from "../../engine/protocol.ts";
import { CHOICES, rowsOf, type ChoiceName } from "../../state/setup.ts";
import * as format from "../../text/format.ts";

export interface AxisWords {
  /** Whose it is: the group of a menu. */
  of: string;
  label: string;
  unit: string;
  help: string;
  /** What it may be, where that is a list. */
  values: { id: string; label: string; help: string }[];
}

const CHOICE_LABELS: Record<ChoiceName, string> =
  { router: "Router", migration: "Migration", eviction: "Eviction", clock: "Clock" };

/** An axis by its name in a grid: `router`, `nodes`, `cache_aware.load_weight`, `clock.rate`. */
export function axisWords(tables: Tables, name: string): AxisWords {
  const choice = CHOICES.find((it) => it === name);
  if (choice !== undefined) {
    return { of: "Policies", label: CHOICE_LABELS[choice], unit: "", help: "",
      values: rowsOf(tables, choice).map(({ id, title, summary }) =>
        ({ id, label: title, help: summary })) };
  }
  const setting = tables.settings.find((spec) => spec.name === name);
  if (setting !== undefined) return ofSpec(setting, "Cluster", "");
  const [owner = "", param = ""] = name.split(".");
  const rows: TableRow[] = owner === "clock" ? tables.clocks
    : CHOICES.flatMap((it) => rowsOf(tables, it)).filter(({ id }) => id === owner);
  const spec = rows.flatMap(({ params }) => params).find((it) => it.name === param);
  const of = owner === "clock" ? "Clock" : rows[0]?.title ?? owner;
  return spec === undefined ? { of, label: name, unit: "", help: "", values: [] }
    : ofSpec(spec, of, `${of}: `);
}

function ofSpec(spec: ParamSpec, of: string, before: string): AxisWords {
  const { label, unit, help, kind, choices = [] } = spec;
  const lowered = /^[A-Z][a-z]/.test(label) ? label[0]!.toLowerCase() + label.slice(1) : label;
  const values = kind === "switch" ? [{ id: "true", label: "on" }, { id: "false", label: "off" }]
    : choices;
  return { of, label: before === "" ? label : before + lowered, unit, help,
    values: values.map((it) => ({ help: "", ...it })) };
}

/** A value of an axis, as it stands in a grid: rows by their titles, with what is said of them. */
export function axisValue(tables: Tables, name: string, text: string): string {
  const [id = "", ...said] = text.split(":");
  const known = axisWords(tables, name).values.find((it) => it.id === id);
  if (known !== undefined) {
    return said.length === 0 ? known.label : `${known.label} (${said.join(":")})`;
  }
  const number = Number(text);
  if (name === "capacity_blocks" && number === UNLIMITED_BLOCKS) return "unlimited";
  return text !== "" && Number.isInteger(number) ? format.integer(number) : text;
}

/** A point of a grid in a few words. */
export function pointWords(tables: Tables, point: Readonly<Record<string, string>>): string {
  const told = Object.entries(point).map(([name, value]) => {
    const { label, unit, values } = axisWords(tables, name);
    const said = axisValue(tables, name, value);
    if (values.length > 0 && CHOICES.some((it) => it === name)) return said;
    return unit === "" ? `${label.toLowerCase()} ${said}` : `${said} ${unit}`;
  });
  return told.join(", ") || "all";
}
