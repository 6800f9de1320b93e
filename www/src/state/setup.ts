/** What a person has chosen: a source, a configuration that names only what differs, a speed. */
import type { Config, ParamSpec, ParamValue, PolicyChoice, TableRow, Tables }
  from "../engine/protocol.ts";
import type { LaneChoice } from "./lanes.ts";
import type { FileMark } from "./mark.ts";

/** The tables a policy is chosen from, by the field of the configuration. */
export const CHOICES = ["router", "migration", "eviction", "clock"] as const;
export type ChoiceName = (typeof CHOICES)[number];

export type SettingName = keyof Omit<Config, ChoiceName | "perturb">;

/** What the page shows: the run, what to buy and choose, why requests went where they went, what is
 *  in the trace, what others said, runs that ended. */
export const VIEWS = ["run", "plan", "requests", "trace", "learn", "ledger"] as const;
export type ViewName = (typeof VIEWS)[number];

export type Axes = Readonly<Record<string, readonly string[]>>;

export interface CurveSetup {
  evictions: readonly string[];
  /** With more than one the curve is of the cluster under the router. */
  nodes: number;
  router: string;
  /** The model that blocks are bytes of; "" is the first. */
  model: string;
  /** The share of the blocks that they are estimated from; 1 is the whole trace. */
  sample: number;
}

export interface AdviceSetup {
  /** What is compared beside the cluster's own, by id; none are those that the core compares. */
  routers: readonly string[];
  evictions: readonly string[];
  seeds: number;
  /** Of each of the five scenarios. */
  requests: number;
  /** By goal; what is left out weighs 1. */
  weights: Readonly<Record<string, number>>;
}

export interface SweepSetup {
  axes: Axes;
  seeds: number;
  /** The metrics that the frontier is of. */
  against: readonly [string, string];
}

/** What figures are of: the last requests, as many as the window has, or all since the start. */
export const SCOPES = ["window", "run"] as const;
export type Scope = (typeof SCOPES)[number];

/** The tabs beside the run, as links name them. */
export const TABS = ["migrations", "decision", "nodes", "alerts", "what-if", "totals",
  "trace"] as const;
export type TabName = (typeof TABS)[number];

export interface Setup {
  view: ViewName;
  scope: Scope;
  /** Lanes beside the first: what each has differently from `config`. */
  others: readonly LaneChoice[];
  /** Whose capacity curves are drawn: LRU's, and beside it those of these evictions. */
  curve: CurveSetup;
  /** What a sweep varies, values as text by the name of the axis, and what its runs are told by. */
  sweep: SweepSetup;
  advice: AdviceSetup;
  /** What a node without cache and what a GiB of its cache costs. */
  prices: { node: number; gib: number };
  /** The study whose sheet is open; "" is none. */
  study: string;
  /** How long answers took, in seconds, by the question: of this page, or of whoever made the
   *  link. */
  took_s: Readonly<Record<string, number>>;
  /** Moments of the run that somebody wants to come back to, in requests served, ascending. */
  moments: readonly number[];
  /** The request whose record is looked at, by its number; null is none. */
  request: number | null;
  /** Which tab beside the run is open; "" is the first. */
  tab: TabName | "";
  /** A workload's id, or "" while a trace of the person's own is open. */
  workload: string;
  /** A trace to fetch: a path beside the page, or an address; a link names it. */
  trace: string | null;
  /** Which file the trace of the person's own is, once its beginning has been looked at. */
  file: FileMark | null;
  /** Requests of the workload; null is what its row says. */
  requests: number | null;
  /** What its requests are drawn with, where a run of another seed was opened; null is the
   *  run's. */
  workloadSeed: string | null;
  config: Config;
  /** Requests a second; Infinity is as fast as possible. */
  speed: number;
}

/** What a link leaves unsaid: caches so small that they are full, and evict, within seconds; while
 *  they fill, nodes crowd and give blocks away in turn. */
export const OPENING: Setup = {
  view: "run",
  scope: "run",
  others: [],
  curve: { evictions: [], nodes: 1, router: "round_robin", model: "", sample: 1 },
  sweep: {
    axes: {
      router: ["round_robin", "cache_aware", "hotspot_migration"],
      capacity_blocks: ["1000", "5859", "20000"],
    },
    seeds: 1,
    against: ["token_hit_rate", "balance_work.largest_share"],
  },
  advice: { routers: [], evictions: [], seeds: 5, requests: 10_000, weights: {} },
  prices: { node: 1, gib: 0.01 },
  study: "",
  took_s: {},
  moments: [],
  request: null,
  tab: "",
  workload: "toolagent",
  trace: null,
  file: null,
  requests: null,
  workloadSeed: null,
  config: {
    nodes: 8,
    capacity_blocks: 1500,
    router: { id: "hotspot_migration", params: { threshold: 0.15, interval: 200 } },
    eviction: { id: "lru" },
    seed: "7",
  },
  speed: 300,
};

/** What the page opens with where no link says otherwise: one question, two answers side by side.
 *  Both find about as much in their caches; what they make people wait is ten times apart. */
export const FIRST: Setup = {
  ...OPENING,
  workload: "conversation",
  others: [{ router: { id: "conductor" }, migration: { id: "auto" }, eviction: { id: "lru" } }],
  config: {
    nodes: 16,
    capacity_blocks: 1000,
    clock: { id: "timed" },
    router: { id: "cache_aware" },
    eviction: { id: "lru" },
    seed: "7",
  },
};

/** Whether the lanes and the workload are still those that the page opens with. */
export function asksFirst({ config, others, workload }: Setup): boolean {
  const told = (it: Pick<Setup, "config" | "others" | "workload">) =>
    JSON.stringify([it.config, it.others, it.workload]);
  return told({ config, others, workload }) === told(FIRST);
}

/** The one seed: a u64, so it is text and has no slider. */
export const SEED: ParamSpec = {
  name: "seed",
  label: "Seed",
  help: "Where every random stream starts: the workload's and the policies'. A whole number.",
  unit: "",
  kind: "integer",
  default: "0",
  log: false,
};

/** The table that each is a choice from. */
export const TABLES = { router: "routers", migration: "migrations", eviction: "evictions",
  clock: "clocks" } as const satisfies Record<ChoiceName, keyof Tables>;

export function rowsOf(tables: Tables, name: ChoiceName): TableRow[] {
  return tables[TABLES[name]];
}

/** The row chosen, or the first. */
export function chosenRow(tables: Tables, name: ChoiceName, config: Config): TableRow | undefined {
  const rows = rowsOf(tables, name);
  return rows.find((row) => row.id === config[name]?.id) ?? rows[0];
}

/** Every choice spelled out, with what has a say and nothing else: what the menus show runs. */
export function explicit(tables: Tables, config: Config): Config {
  const full = { ...config };
  for (const name of CHOICES) {
    const row = chosenRow(tables, name, config);
    if (row === undefined) continue;
    const given = Object.entries(config[name]?.params ?? {}).filter(([param]) => {
      const spec = row.params.find((p) => p.name === param);
      return spec === undefined || applies(tables, config, name, spec);
    });
    const params = Object.fromEntries(given);
    full[name] = given.length > 0 ? { id: row.id, params } : { id: row.id };
  }
  return full;
}

export function paramOf(choice: PolicyChoice | undefined, spec: ParamSpec): ParamValue {
  return choice?.params?.[spec.name] ?? spec.default;
}

export function settingOf(config: Config, spec: ParamSpec): ParamValue {
  const value = config[spec.name as SettingName];
  return value ?? spec.default;
}

/** Another row of a table; its parameters start at their defaults. */
export function withChoice(config: Config, name: ChoiceName, id: string): Config {
  return { ...config, [name]: { id } };
}

export function withParam(
  config: Config,
  name: ChoiceName,
  row: TableRow,
  spec: ParamSpec,
  value: ParamValue,
): Config {
  const params = { ...config[name]?.params };
  if (value === spec.default) delete params[spec.name];
  else params[spec.name] = value;
  const { id } = row;
  const choice: PolicyChoice = Object.keys(params).length > 0 ? { id, params } : { id };
  return { ...config, [name]: choice };
}

export function withSetting(config: Config, spec: ParamSpec, value: ParamValue): Config {
  // The seed is a u64 and travels as text.
  const kept = spec.name === "seed" ? String(value) : value;
  return { ...config, [spec.name]: kept };
}

/** Whether a parameter of the chosen row has a say, given the others; the core refuses those that
 *  have none. */
export function applies(
  tables: Tables,
  config: Config,
  name: ChoiceName,
  spec: ParamSpec,
): boolean {
  // The router's own rule is the first of the menu, and only it reads these.
  const ownRule = chosenRow(tables, "migration", config) === tables.migrations[0];
  if (spec.role === "rule" && name === "router" && !ownRule) return false;
  const { only_if } = spec;
  if (only_if === undefined) return true;
  const other = chosenRow(tables, name, config)?.params.find((p) => p.name === only_if.name);
  return other !== undefined && paramOf(config[name], other) === only_if.value &&
    applies(tables, config, name, other);
}

/** The rows of a menu by whose they are: the tables' groups that have any, in their order. */
export function groupsOf(tables: Tables, rows: readonly TableRow[]): [string, TableRow[]][] {
  const groups = tables.origins.map(({ id, title }): [string, TableRow[]] =>
    [title, rows.filter(({ origin }) => origin === id)]);
  return groups.filter(([, of]) => of.length > 0);
}

/** What a row knows that no real system can, with the choices made for it; "" is nothing. */
export function foresightOf(row: TableRow, choice: PolicyChoice | undefined): string {
  const chosen = row.params.flatMap((spec) =>
    spec.choices?.filter(({ id }) => id === paramOf(choice, spec)) ?? []);
  return [row, ...chosen].flatMap(({ foresight }) => foresight ?? []).join(" and ");
}

export function numberSetting(tables: Tables | null, config: Config, name: SettingName): number {
  const spec = tables?.settings.find((s) => s.name === name);
  return Number(config[name] ?? spec?.default ?? 0);
}
