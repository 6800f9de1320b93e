/**
 * The link: everything that makes a run, in the URL's fragment, which browsers never send.
 * `#v=1&workload=toolagent&speed=300&nodes=8&router=cache_aware&router.load_weight=12`
 */
import type { Config, ParamSpec, ParamValue, PolicyChoice, TableRow, Tables }
  from "../engine/protocol.ts";
import { CHOICES, OPENING, rowsOf, type ChoiceName, type Setup } from "./setup.ts";

const VERSION = "1";

export interface Restored {
  setup: Setup;
  /** The link was made while a trace of the sender's own was open. */
  ownTrace: boolean;
  /** What the link asks for and this page does not have, as sentences. */
  unknown: string[];
}

export function encode(setup: Setup): string {
  const out = new URLSearchParams({ v: VERSION });
  if (setup.trace !== null) out.set("trace", setup.trace);
  else out.set("workload", setup.workload === "" ? "own" : setup.workload);
  if (setup.requests !== null) out.set("requests", String(setup.requests));
  out.set("speed", setup.speed === Number.POSITIVE_INFINITY ? "max" : String(setup.speed));
  const { router, migration, eviction, clock, ...settings } = setup.config;
  // In one order, whatever was chosen first: the same run has one link.
  for (const [name, value] of Object.entries(settings).sort()) out.set(name, String(value));
  for (const [name, choice] of Object.entries({ router, migration, eviction, clock })) {
    if (choice === undefined) continue;
    out.set(name, choice.id);
    for (const [param, value] of Object.entries(choice.params ?? {}).sort()) {
      out.set(`${name}.${param}`, String(value));
    }
  }
  return `#${out.toString()}`;
}

export function decode(fragment: string, tables: Tables): Restored {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const trace = given.get("trace");
  const unknown: string[] = [];
  const version = given.get("v");
  const opening = fetched(OPENING, trace);
  if (version === null) return { setup: opening, ownTrace: false, unknown };
  if (version !== VERSION) {
    unknown.push(`This link is of version ${version}; this page reads version ${VERSION}.`);
    return { setup: opening, ownTrace: false, unknown };
  }
  const ownTrace = given.get("workload") === "own";
  const config: Config = {};
  readSettings(given, tables, config, unknown);
  for (const name of CHOICES) {
    const choice = readChoice(given, name, rowsOf(tables, name), unknown);
    const otherwise = OPENING.config[name];
    if (choice !== null) config[name] = choice;
    else if (otherwise !== undefined) config[name] = { id: otherwise.id };
  }
  const setup: Setup = {
    workload: readId(given, "workload", tables.workloads, ownTrace) ?? OPENING.workload,
    trace: null,
    requests: positive(given.get("requests")),
    config,
    speed: given.get("speed") === "max"
      ? Number.POSITIVE_INFINITY
      : (positive(given.get("speed")) ?? OPENING.speed),
  };
  return { setup: fetched(setup, trace), ownTrace, unknown };
}

/** A trace that is fetched takes the place of the workload. */
function fetched(setup: Setup, trace: string | null): Setup {
  return trace === null ? setup : { ...setup, trace, workload: "" };
}

function readSettings(
  given: URLSearchParams,
  tables: Tables,
  config: Config,
  unknown: string[],
): void {
  const seed = given.get("seed");
  if (seed !== null && /^\d{1,20}$/.test(seed)) config.seed = seed;
  else if (seed !== null) unknown.push(`The link's seed “${seed}” is not a whole number.`);
  for (const spec of tables.settings) {
    if (spec.name === "seed") continue;
    const text = given.get(spec.name);
    if (text === null) continue;
    const value = parse(spec, text);
    if (value === null) unknown.push(`The link's ${spec.label} “${text}” is not a value it takes.`);
    else Object.assign(config, { [spec.name]: value });
  }
}

function readChoice(
  given: URLSearchParams,
  name: ChoiceName,
  rows: TableRow[],
  unknown: string[],
): PolicyChoice | null {
  const id = given.get(name);
  if (id === null) return null;
  const row = rows.find((r) => r.id === id);
  if (row === undefined) {
    unknown.push(`The link asks for the ${name} “${id}”, which this version does not have.`);
    return null;
  }
  const params: Record<string, ParamValue> = {};
  for (const spec of row.params) {
    const text = given.get(`${name}.${spec.name}`);
    const value = text === null ? null : parse(spec, text);
    if (value !== null && value !== spec.default) params[spec.name] = value;
    if (text !== null && value === null) {
      unknown.push(`The link's ${row.title}: ${spec.label} “${text}” is not a value it takes.`);
    }
  }
  return Object.keys(params).length > 0 ? { id, params } : { id };
}

/** A value of the parameter's kind, or null. Ranges are the core's to judge. */
function parse(spec: ParamSpec, text: string): ParamValue | null {
  switch (spec.kind) {
    case "switch":
      return text === "true" ? true : text === "false" ? false : null;
    case "choice":
      return spec.choices?.some((c) => c.id === text) ? text : null;
    case "number":
    case "integer": {
      const value = Number(text);
      return text.trim() !== "" && Number.isFinite(value) ? value : null;
    }
  }
}

function readId(
  given: URLSearchParams,
  name: string,
  rows: { id: string }[],
  ignore: boolean,
): string | null {
  const id = given.get(name);
  return !ignore && id !== null && rows.some((r) => r.id === id) ? id : null;
}

function positive(text: string | null): number | null {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}
