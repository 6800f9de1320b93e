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
  /** How many runs a study has; chance is averaged over `seeds`, in [1, 1000]. */
  study_cells(id: string, seeds: number): number;
  /** One run of a study: its summary. */
  study_cell(id: string, seeds: number, number: number): Summary;
  /** What a study concludes from the summaries of all its runs, in their order. */
  study(id: string, seeds: number, summaries: Summary[]): Study;
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
   *  a share's 95 % interval), difference and number. */
  tables: { title: string; columns: { name: string; unit: string }[];
    rows: StudyTableRow[] }[];
  /** What went in; fitted says whether it was fitted to the figures it is compared with. */
  facts: { name: string; value: string; fitted: boolean }[];
  /** What the numbers say, in a word and in one sentence without a full stop. */
  verdict: { holds: "supported" | "only_under" | "not_supported"; sentence: string };
}

/** A row of a study; `config` is the run behind it, where it is one run of the open trace. */
export interface StudyTableRow { name: string; values: (number | null)[]; config?: CellConfig }

/** What rows amount to. */
export interface Amount {
  groups: { group: number; point: Record<string, string>; seeds: number;
    /** `half_width` is of the 95 % interval, null for one seed. */
    means: ({ mean: number; half_width: number | null; least: number; most: number } | null)[] }[];
  /** Whether nothing beats the group in both metrics. */
  best: boolean[];
}

/** Of curves by their places. */
export interface Bends {
  /** Null where doubling is worth it up to the largest capacity. */
  knees: (number | null)[];
  /** From between these capacities on, one curve is better than the other. */
  crossings: { better: number; worse: number; from: number; to: number }[];
}
