/**
 * The link: everything that makes a run, in the URL's fragment, which browsers never send. The
 * names are in docs/links.md.
 * `#v=1&workload=toolagent&speed=300&nodes=8&router=cache_aware&router.load_weight=12`
 */
import type { Config, ParamSpec, ParamValue, PolicyChoice, TableRow, Tables }
  from "../engine/protocol.ts";
import { wordedCapacity } from "../text/capacity.ts";
import { BETWEEN, Given, listOf, oneOf, positive, wholeOf } from "./given.ts";
import { MOST_LANES, OWN, letterOf, type LaneChoice } from "./lanes.ts";
import { readMark, writeMark } from "./mark.ts";
import { CHOICES, FIRST, OPENING, SCOPES, TABS, VIEWS, rowsOf, type ChoiceName, type Setup }
  from "./setup.ts";

/** It rises when a name comes to mean something else, and `decode` then reads both; a name more is
 *  no reason. */
const VERSION = "1";
/** What stands in the place of a workload while a trace of the person's own is open. */
const OWN_TRACE = "own";
const PRICED = ["node", "gib"] as const;
/** Questions of the view Plan that somebody asks; the curve is there as soon as it is opened. */
const ASKED_IN_PLAN = ["sweep", "limits", "advice"];

/** Where a run is looked at. */
export interface Seen {
  /** The moment, in requests served; null is whatever it comes to. */
  at: number | null;
  /** The lane that is selected. */
  lane: number;
}

export interface Restored extends Seen {
  setup: Setup;
  /** What the link asks for and this page does not have, as sentences. */
  unknown: string[];
}

export function encode(setup: Setup, { at, lane }: Seen = { at: null, lane: 0 }): string {
  const out = new URLSearchParams({ v: VERSION });
  if (setup.view !== OPENING.view) out.set("view", setup.view);
  if (setup.scope !== OPENING.scope) out.set("scope", setup.scope);
  writeQuestions(setup, out);
  const { axes, seeds, against } = setup.sweep;
  if (against.join() !== OPENING.sweep.against.join()) out.set("against", against.join(BETWEEN));
  if (JSON.stringify([axes, seeds]) !== JSON.stringify([OPENING.sweep.axes, OPENING.sweep.seeds])) {
    out.set("seeds", String(seeds));
    for (const [name, values] of Object.entries(axes)) {
      out.set(`vary.${name}`, values.join(BETWEEN));
    }
  }
  if (setup.trace !== null) out.set("trace", setup.trace);
  else out.set("workload", setup.workload === "" ? OWN_TRACE : setup.workload);
  if (setup.workload === "" && setup.file !== null) writeMark(setup.file, out);
  if (setup.requests !== null) out.set("requests", String(setup.requests));
  if (setup.workloadSeed !== null) out.set("workload_seed", setup.workloadSeed);
  out.set("speed", setup.speed === Number.POSITIVE_INFINITY ? "max" : String(setup.speed));
  if (at !== null) out.set("at", String(at));
  if (setup.moments.length > 0) out.set("moments", setup.moments.join(BETWEEN));
  if (setup.request !== null) out.set("request", String(setup.request));
  if (lane > 0) out.set("lane", letterOf(lane).toLowerCase());
  if (setup.tab !== "") out.set("tab", setup.tab);
  write(out, "", setup.config);
  setup.others.forEach((other, i) => write(out, prefixOf(i + 1), other));
  return `#${out.toString()}`;
}

/** Whether two links make the same run of the same trace, whatever each looks at. */
export function areOfOneRun(one: string, other: string, tables: Tables): boolean {
  const [a, b] = [one, other].map((fragment) => {
    const { setup } = decode(fragment, tables);
    const { workload, trace, file, requests, workloadSeed, config, others } = setup;
    return encode({ ...OPENING, workload, trace, file, requests, workloadSeed, config, others });
  });
  return a === b;
}

/** The names of another lane than the first begin with its letter: `b.router=random`. */
function prefixOf(lane: number): string {
  return lane === 0 ? "" : `${letterOf(lane).toLowerCase()}.`;
}

/** In one order, whatever was chosen first: the same run has one link. */
function write(out: URLSearchParams, prefix: string, config: Config): void {
  const { router, migration, eviction, clock, perturb, ...settings } = config;
  // That nothing is done to another lane than the first is said; of the first it goes without.
  if (perturb !== undefined && (prefix !== "" || perturb.length > 0)) {
    out.set(`${prefix}perturb`, perturb.join(BETWEEN));
  }
  for (const [name, value] of Object.entries(settings).sort()) {
    out.set(`${prefix}${name}`, String(value));
  }
  for (const [name, choice] of Object.entries({ router, migration, eviction, clock })) {
    if (choice === undefined) continue;
    out.set(`${prefix}${name}`, choice.id);
    for (const [param, value] of Object.entries(choice.params ?? {}).sort()) {
      out.set(`${prefix}${name}.${param}`, String(value));
    }
  }
}

/** What the views beside the run are asked for, as far as it is not what the page opens with. */
function writeQuestions(setup: Setup, out: URLSearchParams): void {
  const { curve, advice, prices, study } = setup;
  const { evictions, ...rest } = curve;
  if (evictions.length > 0) out.set("curve", evictions.join(BETWEEN));
  for (const [name, value] of Object.entries(rest)) {
    if (value !== OPENING.curve[name as keyof typeof rest]) out.set(`curve.${name}`, String(value));
  }
  const { weights, routers, evictions: compared, ...numbers } = advice;
  if (routers.length > 0) out.set("advice.routers", routers.join(BETWEEN));
  if (compared.length > 0) out.set("advice.evictions", compared.join(BETWEEN));
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== OPENING.advice[name as keyof typeof numbers]) {
      out.set(`advice.${name}`, String(value));
    }
  }
  for (const [goal, weight] of Object.entries(weights).sort()) {
    out.set(`weight.${goal}`, String(weight));
  }
  for (const of of PRICED) {
    if (prices[of] !== OPENING.prices[of]) out.set(`price.${of}`, String(prices[of]));
  }
  if (study !== "") out.set("study", study);
  const took = tookOf(setup);
  if (took.length > 0) out.set("took", took.join(BETWEEN));
}

/** How long the answers took to the questions that the link's view asks, as `sweep-12`. */
function tookOf({ view, study, took_s }: Setup): string[] {
  const asked = [...(view === "plan" ? ASKED_IN_PLAN : []), ...(study === "" ? [] : ["study"])];
  return asked.flatMap((name) => (took_s[name] === undefined ? []
    : `${name}-${Number(took_s[name].toPrecision(2))}`));
}

export function decode(fragment: string, tables: Tables): Restored {
  const given = new Given(fragment.replace(/^#/, ""));
  const trace = given.get("trace");
  const unknown: string[] = [];
  const version = given.get("v");
  const opening = fetched(FIRST, trace);
  if (version === null) return { setup: opening, at: null, lane: 0, unknown };
  if (version !== VERSION) {
    unknown.push(`This link is of version ${version}; this page reads version ${VERSION}.`);
    return { setup: opening, at: null, lane: 0, unknown };
  }
  const ownTrace = given.get("workload") === OWN_TRACE;
  const config: Config = {};
  readSettings(given, tables, config, unknown);
  for (const name of CHOICES) {
    const choice = readChoice(given, name, rowsOf(tables, name), unknown);
    const otherwise = OPENING.config[name];
    if (choice !== null) config[name] = choice;
    else if (otherwise !== undefined) config[name] = { id: otherwise.id };
  }
  if (config.perturb?.length === 0) delete config.perturb;
  const setup: Setup = {
    moments: given.those("moments", (text) => positive(text) !== null).map(Number),
    request: given.taken("request", wholeOf),
    tab: given.taken("tab", (text) => oneOf(TABS, text)) ?? "",
    view: given.taken("view", (text) => oneOf(VIEWS, text)) ?? OPENING.view,
    scope: given.taken("scope", (text) => oneOf(SCOPES, text)) ?? OPENING.scope,
    others: readOthers(given, tables, unknown),
    curve: readCurve(given, tables),
    advice: readAdvice(given, tables),
    ...readLimits(given),
    study: readId(given, "study", tables.studies, unknown)?.id ?? "",
    sweep: readSweep(given, tables),
    workload: ownTrace ? ""
      : readId(given, "workload", tables.workloads, unknown)?.id ?? OPENING.workload,
    file: ownTrace && trace === null ? readMark(given) : null,
    trace: null,
    requests: given.taken("requests", positive),
    workloadSeed: readSeed(given, "workload_seed", unknown),
    config,
    speed: given.taken("speed", (text) =>
      (text === "max" ? Number.POSITIVE_INFINITY : positive(text))) ?? OPENING.speed,
  };
  const letters = [0, ...setup.others.keys()].map((_, i) => letterOf(i).toLowerCase());
  const lane = letters.indexOf(given.taken("lane", (text) => oneOf(letters, text)) ?? "a");
  const at = given.taken("at", (text) => (text === "0" ? 0 : wholeOf(text)));
  given.tell(unknown);
  return { setup: fetched(setup, trace), at, lane, unknown };
}

/** The other lanes, as far as each has a letter of its own and follows on the one before. */
function readOthers(given: Given, tables: Tables, unknown: string[]): LaneChoice[] {
  const others: LaneChoice[] = [];
  for (let lane = 1; lane < MOST_LANES; lane += 1) {
    const prefix = prefixOf(lane);
    const its = given.under(prefix);
    if (its.size === 0) break;
    const config: Config = {};
    readSettings(its, tables, config, unknown);
    for (const name of CHOICES) {
      const choice = readChoice(its, name, rowsOf(tables, name), unknown);
      if (choice !== null) config[name] = choice;
    }
    its.tell(unknown, prefix);
    others.push(Object.fromEntries(OWN.flatMap((name) =>
      (config[name] === undefined ? [] : [[name, config[name]]]))));
  }
  return others;
}

/** A trace that is fetched takes the place of the workload. */
function fetched(setup: Setup, trace: string | null): Setup {
  return trace === null ? setup : { ...setup, trace, workload: "" };
}

function readCurve(given: Given, tables: Tables): Setup["curve"] {
  const { nodes, router, model } = OPENING.curve;
  const known = (name: string, rows: { id: string }[]) =>
    given.taken(name, (text) => rows.find(({ id }) => id === text)?.id ?? null);
  return {
    sample: Math.min(given.taken("curve.sample", positive) ?? 1, 1),
    evictions: given.those("curve", (id) => tables.evictions.some((row) => row.id === id)),
    nodes: given.taken("curve.nodes", wholeOf) ?? nodes,
    router: known("curve.router", tables.routers) ?? router,
    model: known("curve.model", tables.models) ?? model,
  };
}

/** What the goals weigh and how much is run; whether that can be, the core says when asked. */
function readAdvice(given: Given, tables: Tables): Setup["advice"] {
  const weights = [...given.under("weight.")].map(([name, text]) => [name, Number(text)] as const);
  const { seeds, requests } = OPENING.advice;
  // Behind a colon are parameters.
  const known = (name: string, rows: { id: string }[]) =>
    given.those(name, (text) => rows.some((row) => row.id === text.split(":")[0]));
  return { routers: known("advice.routers", tables.routers),
    evictions: known("advice.evictions", tables.evictions),
    seeds: given.taken("advice.seeds", positive) ?? seeds,
    requests: given.taken("advice.requests", positive) ?? requests,
    weights: Object.fromEntries(weights.filter(([, weight]) => weight >= 0)) };
}

/** What things cost, and how long answers took where the link was made. */
function readLimits(given: Given): Pick<Setup, "prices" | "took_s"> {
  const amount = (text: string) => (text !== "" && Number(text) >= 0 ? Number(text) : null);
  const price = (of: "node" | "gib") =>
    given.taken(`price.${of}`, amount) ?? OPENING.prices[of];
  // Earlier links have a name for each.
  const before = [...given.under("took.")];
  const now = listOf(given.get("took")).map((one) => one.split("-"));
  const took = [...before, ...now].flatMap(([asked = "", text = ""]) => {
    const seconds = positive(text);
    return seconds === null ? [] : [[asked, seconds] as const];
  });
  return { prices: { node: price("node"), gib: price("gib") }, took_s: Object.fromEntries(took) };
}

/** What a sweep varies; whether the values can stand there, the core says when it is run. */
function readSweep(given: Given, { metrics }: Tables): Setup["sweep"] {
  const [one, other] = given.those("against", (id) => metrics.some((metric) => metric.id === id));
  const against = one === undefined || other === undefined ? OPENING.sweep.against
    : [one, other] as const;
  const axes = [...given.under("vary.")];
  const { sweep } = OPENING;
  const seeds = given.taken("seeds", positive);
  if (axes.length === 0 && seeds === null) return { ...sweep, against };
  return { axes: Object.fromEntries(axes.map(([name, text]) => [name, listOf(text)])),
    seeds: seeds ?? 1, against };
}

function readSettings(
  given: URLSearchParams,
  tables: Tables,
  config: Config,
  unknown: string[],
): void {
  const seed = readSeed(given, "seed", unknown);
  if (seed !== null) config.seed = seed;
  const perturb = listOf(given.get("perturb"));
  if (given.has("perturb")) config.perturb = perturb;
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
  const row = readId(given, name, rows, unknown);
  if (row === undefined) return null;
  const { id } = row;
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
      if (text.trim() !== "" && Number.isFinite(value)) return value;
      return spec.units === undefined ? null : wordedCapacity(text);
    }
  }
}

function readId<Row extends { id: string }>(
  given: URLSearchParams,
  name: string,
  rows: Row[],
  unknown: string[],
): Row | undefined {
  const id = given.get(name);
  const row = rows.find((r) => r.id === id);
  if (id !== null && row === undefined) {
    unknown.push(`The link asks for the ${name} “${id}”, which this version does not have.`);
  }
  return row;
}

function readSeed(given: URLSearchParams, name: string, unknown: string[]): string | null {
  const seed = given.get(name);
  if (seed === null || /^\d{1,20}$/.test(seed)) return seed;
  unknown.push(`The link's ${name} “${seed}” is not a whole number.`);
  return null;
}
