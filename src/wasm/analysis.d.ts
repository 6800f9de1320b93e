/** A whole trace: what is in it, what caches are worth to it, and cells of a sweep over it. */
export interface Analysis {
  requests(): number;
  /** Looks at the next n requests; returns how many are left. */
  collect(n: number): number;
  /** What is in the trace, once none is left. */
  facts(): Facts;
  /** Takes the next n requests into the curve of LRU, "flat" or "tree"; returns how many are
   *  left. */
  reuse(insertion: string, n: number): number;
  /** What LRU hits, once none is left, at capacities even on a logarithmic axis: at most `count`
   *  of them, in [2, 10000]. */
  lru(insertion: string, count: number): LruCurve;
  /** The cells of a grid (docs/sweep.md); throws every reason at once. */
  cells(grid: Grid): Cell[];
  /** Serves the whole trace for a cell of the grid. */
  run_cell(number: number): CellResult;
  /** The sweep so far as `kvscope sweep --json` prints it, to the byte: `merge` and `--resume` take
   *  it. */
  document(grid: Grid, rows: SweepRow[]): string;
  /** The largest arrival rate at which a cell of the grid keeps its objective; `hear` is told how
   *  many runs were made. */
  most_rate(number: number, hear: (runs: number) => void): Search;
  /** The smallest number of nodes likewise; null bytes are a cache without limit. */
  least_nodes(number: number, hear: (runs: number) => void):
    { search: Search; cache_bytes: number | null };
  /** Curves as far as they were measured, and what to measure next: lines with capacities. */
  curves(asked: CurvesAsked, answers: CurveAnswer[]): { open: [line: number, capacity: number][];
    curve: Curve };
  /** The capacities of a line to measure next, by what was measured of it: no line waits for
   *  another. None when that was all. */
  next(asked: CurvesAsked, line: number, answers: CurveAnswer[]): number[];
  /** Serves the whole trace for a line of curves at a capacity. */
  measure(asked: CurvesAsked, line: number, capacity: number): CurveAnswer;
  /** Advice as far as its units were run, and which to run next. All requests must have been
   *  collected. */
  advice(asked: AdviceAsked, answers: AdviceAnswer[]): { open: number[]; advice: Advice };
  /** Runs a unit of advice. */
  advice_unit(asked: AdviceAsked, number: number): AdviceAnswer;
  /** Serves the whole trace in a lane of a comparison, with the seed that comes `by` in [0, 2^32)
   *  after its own; after the last comes 0. */
  repeat(config: CellConfig, by: number): Summary;
  /** Begins to look for the decisions of a configuration: `count` from the wanted one on. */
  find(config: CellConfig, wanted: Wanted, count: number): void;
  /** Serves the next n requests of that run; returns whether there is more to do. */
  look(n: number): boolean;
  /** The decisions found so far. */
  found(): Step[];
  /** How many runs a study has; chance is averaged over `seeds`, in [1, 1000]. */
  study_cells(id: string, seeds: number): number;
  /** One run of a study: its summary. */
  study_cell(id: string, seeds: number, number: number): Summary;
  /** What a study concludes from the summaries of all its runs, in their order. */
  study(id: string, seeds: number, summaries: Summary[]): Study;
  free(): void;
}

/** Takes a sample of a trace too long to hold, which comes in chunks or is a workload. */
export interface Sampler {
  /** Room for a chunk; returns its address. */
  reserve(bytes: number): number;
  commit(bytes: number): void;
  finish(): void;
  synthesize(id: string, seed: string, requests: number): void;
  /** What was taken so far. */
  sample(): { packed: Uint8Array<ArrayBuffer>; whole: Whole };
  free(): void;
}

/** What a sample is of: the share of its blocks, and what is known of all of them. */
export interface Whole { rate: number; requests: number; blocks: number; input_tokens: number;
  block_tokens: number; longest_request: number }

/** A sample of a trace: the curves of the whole, estimated. */
export interface Sampled {
  curves(asked: CurvesAsked, answers: CurveAnswer[]): { open: [line: number, capacity: number][];
    curve: Curve };
  next(asked: CurvesAsked, line: number, answers: CurveAnswer[]): number[];
  measure(asked: CurvesAsked, line: number, capacity: number): CurveAnswer;
  free(): void;
}

/** What is in a trace: docs/metrics.md defines every figure. */
export interface Facts {
  block_size: number;
  totals: { requests: number; blocks: number; input_tokens: number; ceiling_hits: number;
    ceiling_tokens: number; distinct_blocks: number; longest_request: number };
  ceiling_rate: number;
  ceiling_token_rate: number;
  times: { duration_s: number; mean_rps: number; peak_rps: number; moments: number;
    bin_s: number;
    bins: { requests: number; input_tokens: number; output_tokens: number }[] };
  input_tokens: Spread;
  output_tokens: Spread;
  request_blocks: Spread;
  popularity: {
    distinct_blocks: number; used_once: number; used_once_share: number; gini: number;
    hottest: { blocks: number; references: number; share: number }[];
    ranks: { rank: number; uses: number }[];
    /** Null where fewer than two blocks are used twice. */
    zipf: { exponent: number; ranks: number; references: number; distance: number;
      first_uses: number; last_uses: number; method: string } | null;
  };
  course: { part_requests: number; parts: { references: number; first_uses: number;
    last_uses: number; ceiling_token_rate: number }[] };
  gaps: { reuses: number; within_10: number; within_10_share: number; beyond_100: number;
    beyond_100_share: number; requests: Bin[]; milliseconds: Bin[] };
  working_sets: { window: number; mean_blocks: number }[];
  tree: { roots: number; leaves: number; branching: number; depth: number; depths: Bin[];
    children: Bin[]; families: number; largest: Family[] };
  hot_set: { window_requests: number; windows: { from_request: number; changed: number;
    hot: { block: number; requests: number; share: number }[] }[] };
  /** Null where no request names a session. */
  sessions: { sessions: number; requests: number; waiting: number; turns: Spread;
    gaps_ms: Spread } | null;
  first_blocks: { share_of_block_0: number; share_of_blocks_46_57: number };
  /** The first stands beside any trace; the others beside the workload of that id. */
  published: { id: string; title: string;
    rows: { what: string; published: number; here: number; is_share: boolean }[] }[];
}

/** Counts of whole numbers up to and including `upto`, above the bin before. */
export interface Bin { upto: number; count: number }

export interface Spread {
  count: number; sum: number; mean: number; least: number; most: number;
  p50: number; p90: number; p99: number; quantiles_exact: boolean; bins: Bin[];
}

/** Requests that begin alike. */
export interface Family {
  block: number; above: number;
  /** The root of the family that it is a part of. */
  within: number | null;
  requests: number; share: number; input_tokens: number; token_share: number;
  prefix_blocks: number; prefix_tokens: number; example_request: number;
}

/** What one LRU cache hits, exactly, by its capacity in blocks. */
export interface LruCurve {
  /** The smallest capacity that hits whatever an unlimited one does. */
  enough_blocks: number;
  knee_blocks: number;
  block_size: number;
  ceiling_token_rate: number;
  ceiling_rate: number;
  capacity: Uint32Array;
  token_hit_rate: Float64Array;
  prefix_hit_rate: Float64Array;
  block_hit_rate: Float64Array;
}

/** What is the same in all cells, what varies, and over which seeds: docs/sweep.md. */
export interface Grid {
  base?: Record<string, unknown>;
  /** What is done to the cluster of every cell. */
  perturb?: string[];
  axes?: Record<string, unknown[]>;
  seeds?: number | (number | string)[];
}

export interface Cell {
  number: number;
  /** The combination that it repeats with another seed. */
  group: number;
  /** Its value of each axis that counts. */
  point: Record<string, string>;
  config: CellConfig;
}

/** A configuration as the grid has it: small seeds are numbers. */
export interface CellConfig extends Omit<import("./kvscope.d.ts").Config, "seed"> {
  seed?: number | string;
}

/** A row as `kvscope sweep` writes it. */
export interface SweepRow {
  cell: number;
  group: number;
  point: Record<string, string>;
  config: CellConfig;
  summary: Record<string, unknown>;
}

export interface CellResult {
  row: SweepRow;
  /** One for each metric of the tables; null where the clock does not tell it. */
  values: (number | null)[];
}

/** What `kvscope run --json` prints, as far as a run of sums keeps it. */
export type Summary = Record<string, unknown>;

export interface Study {
  /** The first column is the row's name; units are name, seconds, share, spread (half the width of
   *  a share's 95 % interval), points (of a share from another), difference, number and count. */
  tables: { title: string; columns: { name: string; unit: string }[];
    rows: StudyTableRow[] }[];
  /** What went in; fitted says whether it was fitted to the figures it is compared with. */
  facts: { name: string; value: string; fitted: boolean }[];
  /** What the numbers say, in a word and in one sentence without a full stop. */
  verdict: { holds: "supported" | "only_under" | "only_right" | "in_part" | "undecided"
    | "not_supported"; sentence: string };
}

/** A row of a study; `opens` are the runs behind it, in groups that can stand side by side. */
export interface StudyTableRow { name: string; values: (number | null)[]; opens?: StudyOpening[] }

/** Runs of a row that are opened at once. */
export interface StudyOpening {
  /** Which of the row's settings they are, where it has several. */
  setting?: string;
  /** What all of them serve: the open trace, its first so many requests, or a workload. */
  serves: "trace" | { first: number }
    | { workload: { id: string; seed: number; requests: number } };
  /** One to four, named where there are several. Where the row has means over seeds, `config` has
   *  the first of them, 1. */
  lanes: { name?: string; config: CellConfig }[];
}

/** What rows amount to. */
export interface Amount {
  groups: { group: number; point: Record<string, string>; seeds: number;
    /** `half_width` is of the 95 % interval, null for one seed. */
    means: ({ mean: number; half_width: number | null; least: number; most: number } | null)[] }[];
  /** Whether nothing beats the group in both metrics. */
  best: boolean[];
}

/** What a search found: the largest rate or the smallest number of nodes, null where there is none
 *  in its range, and every run. */
export interface Search {
  found: number | null;
  /** The objective, in seconds. */
  slo_s: number;
  /** Why there is none, in a sentence. */
  why_none: string | null;
  probes: { at: number; p99_s: number; mean_wait_s: number; mean_prefill_s: number;
    rejected: number; kept: boolean }[];
}

/** A line for each configuration, whose own capacity does not matter. */
export interface CurvesAsked { configs: CellConfig[]; points: number }

/** `measured` is null where the policy has no use of so small a cache. */
export interface CurveAnswer {
  line: number;
  capacity: number;
  measured: { hits: CurveHits; blocks: number; input_tokens: number } | null;
}

export interface CurveHits { prefix_hits: number; block_hits: number; hit_tokens: number }

/** Hit rate against the capacity of a node, as `kvscope curve --json` prints it. */
export interface Curve {
  is_complete: boolean;
  nodes: number;
  /** The share of the blocks that it is estimated from, where it is. */
  sample_rate?: number;
  block_size: number;
  model: string;
  totals: Facts["totals"];
  ceiling_token_rate: number;
  ceiling_rate: number;
  lines: {
    name: string;
    /** The last two are the first two of a sample. */
    method: "exact" | "simulated" | "estimated" | "estimated_runs";
    points: CurvePoint[];
    /** Null where doubling is worth it as far as was measured. */
    knee: Knee | null;
    /** Where one more GiB brings less than a tenth of the first. */
    worth: Knee | null;
  }[];
  crossings: { below: string; above: string; between: [number, number]; sentence: string }[];
}

export interface CurvePoint extends CurveHits { capacity: number; gib: number;
  token_hit_rate: number; prefix_hit_rate: number; block_hit_rate: number }

export interface Knee { capacity: number; gib: number; token_hit_rate: number }

/** What advice is asked for: docs/metrics.md. */
export interface AdviceAsked {
  config: CellConfig;
  routers?: { id: string; params?: Record<string, unknown> }[];
  evictions?: { id: string; params?: Record<string, unknown> }[];
  /** 2 or more. */
  seeds: number;
  /** By goal. */
  weights?: Record<string, number>;
  /** Of each of the five scenarios; 0 leaves them out. */
  scenario_requests: number;
}

export interface AdviceAnswer { unit: number; summaries: Record<string, unknown>[] }

/** A mean over seeds; `half_width` of its 95 % interval is null for one seed. */
export interface Mean { mean: number; half_width: number | null; least: number; most: number }

/** As `kvscope advise --json` prints it; candidates are named by their places. */
export interface Advice {
  class: { id: string | null; skew: number | null; distance: number | null; ranks: number | null;
    method: string | null; caveat: string };
  nodes: number;
  capacity_blocks: number;
  clock: string;
  seeds: number;
  missing: number;
  candidates: { router: string; eviction: string; parameters: number; is_own: boolean }[];
  /** Routers that the clock leaves out, where nobody said which to compare. */
  left_out: { router: string; why: string }[];
  goals: { goal: string; title: string; unit: string;
    margin: { absolute: number } | { relative: number };
    ranked: { candidate: number; value: Mean; exact: boolean; behind: Mean; told_apart: boolean;
      is_near: boolean }[] }[];
  simplest: number | null;
  rule: { leaf: string; condition: string; applies: boolean;
    routers: { router: string; candidate: number | null }[] }[];
  turns: { goal: string; answer: number; at: { capacity_blocks: number; best: number; value: Mean;
    behind: Mean; turned: boolean }[] }[];
  /** Null until one seed of all scenarios was served. */
  fitness: { scenarios: string[]; requests: number; seeds: number; weights: [string, number][];
    scores: { router: string; notes: number | null; score: Mean; least_cell: number;
      most_cell: number; by_scenario: Mean[]; distances: { goal: string; distance: Mean }[] }[] }
    | null;
  words: string[];
}

/** A request by its number, by the trace's time in seconds after the first, or the first from a
 *  number on that enters the family of a block. */
export type Wanted = { number: number } | { at_s: number } | { family: number; from: number };

/** A decision with the largest node's shares after it. */
export interface Step extends NonNullable<import("./kvscope.d.ts").Decision> {
  largest_share_of_requests: number;
  largest_share_of_work: number;
}
