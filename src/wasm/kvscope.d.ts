/** A parameter value: numbers, switches and choices. */
export type ParamValue = number | boolean | string;

/** A policy and the parameters that differ from its defaults. */
export interface PolicyChoice { id: string; params?: Record<string, ParamValue> }

/** What to simulate. Every field left out takes its default (see `policies().settings`). */
export interface Config {
  /** Nodes, in [1, 1024]. */
  nodes?: number;
  /** Cache of one node in blocks, in [1, 2^30]; 2^30 is unlimited. Or text: "inf", "915GiB". */
  capacity_blocks?: number | string;
  /** Tokens in a full block; 0 is what the trace says. */
  block_size?: number;
  router?: PolicyChoice; eviction?: PolicyChoice;
  /** Migration or replication rule; "auto" is the router's own. */
  migration?: PolicyChoice;
  /** "auto", or: "seconds", "milliseconds", "microseconds", "nanoseconds"; "global", "local";
   *  "whole", "delta"; "closed", "as_logged". */
  time_unit?: string; id_scope?: string; rows?: string; sessions?: string;
  /** Share of each prompt, in [0, 1], that all begin with where the trace has no block ids. */
  shared_prefix?: number;
  /** "flat" or "tree". */
  insertion?: string;
  /** A decimal u64 as text, since a double cannot hold one. */
  seed?: string;
  /** Requests in the sliding window of the windowed metrics. */
  window?: number;
  /** "logical" or "timed", with the parameters of the clock's row. */
  clock?: PolicyChoice;
  /** What is done to the cluster, and when: "kill:3@5000", "drain:2@90s" (docs/metrics.md). */
  perturb?: string[];
  /** Whether the router's weights follow what is watched; when alerts are due, in detection windows
   *  of so many requests; what is hot (docs/metrics.md, "Monitoring"). */
  auto_tuning_enabled?: boolean;
  detection_window?: number; hit_rate_min?: number; concentration_max?: number; hot_share?: number;
  /** Share of the requests, in [0, 1), that warms the caches uncounted; needs the whole trace. */
  warmup?: number;
  /** Distinct blocks whose names are known at most, so that memory stays flat; 0 is no limit. */
  distinct_budget?: number;
}

/** One parameter of a table row: enough to build a control and its help. */
export interface ParamSpec {
  name: string; label: string; help: string;
  /** Empty where the value has none. */
  unit: string;
  kind: "number" | "integer" | "switch" | "choice";
  default: ParamValue;
  /** For numbers: the accepted range, both ends included; without `max` it has no upper end. */
  min?: number; max?: number;
  /** Smallest number accepted besides 0, where `min` is 0 and numbers just above it are not. */
  least?: number;
  /** How many blocks it must come to as a share of a node's capacity, unless it is 0. */
  least_blocks?: number;
  /** Whether a slider should run logarithmically over the range. */
  log: boolean;
  choices?: { id: string; label: string; needs: string[]; foresight?: string }[];
  /** Units that a number may have where the value may be text: "915GiB". */
  units?: string[];
  /** What it is to others than its row: "refresh", "threshold", "model", "rule" or, of the
   *  settings, "reading": how the trace is read. */
  role?: string;
  /** Whether it may change while a run is on; absent where not. */
  live?: boolean;
  /** Read only while another parameter of the row, if that is read, has this value. */
  only_if?: { name: string; value: number | string };
}

/** One policy, workload, preset or setting of a table. */
export interface TableRow {
  id: string; title: string; summary: string; source: string; params: ParamSpec[];
  /** Whose a policy is, of the tables' `origins`; absent where a row is nobody's. */
  origin?: string;
  /** Of "timed_clock", "future" (next uses), "output_lengths", "flat" and "tree" insertion. */
  needs: string[];
  /** What it knows that no real system can, in words; absent where that is nothing. */
  foresight?: string;
}

/** `meets`: needs of other rows. */
export interface ClockRow extends TableRow { meets: string[] }
/** With the migration rule that it comes with, and what it stands for in production. */
export interface RouterRow extends TableRow {
  migration?: string;
  production?: import("./monitoring.d.ts").Production;
}
export interface WorkloadRow extends TableRow { default_requests: number; duration_s: number }

/** A saved configuration with the lesson it teaches. */
export interface PresetRow { id: string; title: string; lesson: string; workload: string | null;
  /** The preset whose failure this one mends. */
  mends: string | null;
  config: Config; }

/** Bytes of KV cache per token of a model, to turn GiB into blocks. */
export interface ModelRow { id: string; title: string; kv_bytes_per_token: number; source: string }

/** Everything a page needs to build its menus: a new row appears by itself. */
export interface Tables {
  version: string; settings: ParamSpec[];
  routers: RouterRow[]; evictions: TableRow[]; migrations: TableRow[]; clocks: ClockRow[];
  workloads: WorkloadRow[]; presets: PresetRow[]; studies: StudyRow[]; models: ModelRow[];
  hardware: TableRow[];
  /** What menus group policies by, in their order. */
  origins: { id: string; title: string }[];
  /** Names of the columns of a `Series`: one value a sample, likewise under the timed clock only,
   *  and one value a sample and node. */
  series: Record<"each" | "timed" | "by_node", string[]>;
  /** The figures of a sweep's rows, in the order of their values. */
  metrics: { id: string; label: string; unit: string; better: "more" | "less" | "neither" }[];
  /** What may be done to the cluster while it serves, and how it is written. */
  perturbations: { id: string; form: string; summary: string; needs_time: boolean }[];
}

/** The error thrown by every call: also for an argument of the wrong type or out of its range. */
export interface KvscopeError extends Error {
  name: "KvscopeError";
  kind: "config" | "state" | "argument";
  /** For config errors: every reason at once. */
  reasons?: { path: string; value: string; expected: string; message: string }[];
}

/** The cluster at this moment, as copies that the page may transfer and keep. */
export interface Frame {
  /** Requests served (routed) so far. */
  requests: number;
  /** Requests parsed and waiting to be served. */
  waiting: number;
  /** No request will follow and none waits. */
  done: boolean;
  /** Arrival time of the last served request, seconds since the trace's first. */
  time_s: number;
  /** Blocks that a node may hold, however the configuration says it; 2^30: without end. */
  capacity_blocks: number;
  totals: Totals;
  nodes: NodeColumns;
  /** The latest requests served since the frame before, at most 256, oldest first. */
  recent: RecentColumns;
  /** What many requests were seen to begin with, at most 7, in the order in which they came to be:
   *  the first block of each, its requests since, and all that were placed (docs/metrics.md). */
  families: { block: Uint32Array; requests: Float64Array; placed: number };
  /** Migrations recorded since the frame before. */
  migrations: Migration[];
  /** Present where a detection window has ended since the frame before. */
  monitoring?: import("./monitoring.d.ts").Monitoring;
  /** Present when asked for and changed. */
  series?: Series;
  /** Comes with the series, where anything is to be done to the cluster. */
  perturbed?: import("./monitoring.d.ts").Perturbed;
}

/** Sums since the start; rates are for the reader to form (docs/metrics.md). */
export interface Totals {
  requests: number;
  blocks: number;
  block_hits: number;
  prefix_hits: number;
  /** Longest prefix match on any node, summed. */
  reachable_hits: number;
  /** Leading blocks seen before in the trace: what infinite caches on one node would hit. */
  ceiling_hits: number;
  hit_tokens: number;
  input_tokens: number;
  output_tokens: number;
  ceiling_tokens: number;
  evictions: number;
  /** Insertions of blocks that the node had evicted before. */
  rewanted: number;
  migrations: number;
  chosen_blocks: number;
  migrated_blocks: number;
  dropped_blocks: number;
  transferred_blocks: number;
  rejected: number;
  distinct_blocks: number;
  /** Requests after which ceilings and `rewanted` are at least, distinct blocks at most as told. */
  names_known_to?: number;
  /** Why a budget of distinct blocks could not be kept. */
  budget_warning?: string;
  /** That a batch of evictions leaves nothing of a cache. */
  batch_warning?: string;
  resident_blocks: number;
  /** The same sums over the last `window` requests. */
  window: Record<"requests" | "blocks" | "prefix_hits" | "hit_tokens" | "input_tokens", number>;
  /** Concentration of requests, work and resident blocks over nodes. */
  balance: Record<"requests" | "work" | "resident", Balance>;
  /** Concentration of requests and work inside the window. */
  window_balance: Record<"requests" | "work", Balance>;
  /** Under the timed clock; absent under the logical one. */
  ttft?: {
    mean_s: number; p50_s: number; p90_s: number; p99_s: number;
    wait_s: number; transfer_s: number; prefill_s: number;
    /** The objective, and requests inside it for each second of the run. */
    slo_s: number;
    goodput_rps: number;
    inside_slo: number;
    completed: number;
    /** The distribution, as counts of logarithmic bins by their upper edges, ascending. */
    bin_s: Float64Array;
    bin_requests: Float64Array;
  };
}

/** How unequally something is spread over the nodes. */
export interface Balance {
  /** Largest node's share, in [1/N, 1], and which that is; 0 while there is nothing. */
  largest_share: number; largest_node: number;
  /** Jain's fairness index, in [1/N, 1]; 1 while there is nothing. */
  jain: number;
  /** Gini coefficient, in [0, 1). */
  gini: number;
  /** Largest over mean; 0 while there is nothing. */
  max_over_mean: number;
}

/** One value a node. */
export interface NodeColumns {
  requests: Float64Array;
  /** Tokens that had to be computed: input minus hit tokens. */
  work_tokens: Float64Array;
  hit_tokens: Float64Array;
  blocks: Float64Array;
  prefix_hits: Float64Array;
  resident: Uint32Array;
  evictions: Float64Array;
  /** Unfinished requests now; zeros under the logical clock. */
  queue: Uint32Array;
  /** Seconds until the server is free; zeros under the logical clock. */
  wait_s: Float64Array;
  /** Requests and work among the last `window` requests. */
  window_requests: Uint32Array;
  window_work_tokens: Float64Array;
  window_blocks: Float64Array;
  window_prefix_hits: Float64Array;
  /** What it is to the others: 0 absent (it has not joined yet), 1 alive, 2 draining, 3 dead. */
  state: Uint16Array;
  /** How many times as long its prefills take as they should; 1 is as usual. */
  slow: Float64Array;
  /** Row-major nodes × families × `heat_bands`: resident blocks by the family they were last used
   *  in, those of none first, and by their uses since they came: 1, 2, 3 to 4, 5 to 8, 9 and more.
   *  There is room for 7 families, however many `families` there are. */
  heat: Uint32Array;
  heat_bands: number;
}

export interface RecentColumns {
  request: Uint32Array;
  node: Uint16Array;
  blocks: Uint32Array;
  prefix_hits: Uint32Array;
  evicted: Uint32Array;
  /** Blocks it stored that its node had evicted before. */
  rewanted: Uint32Array;
  /** The innermost family it begins with, from 1; 0 is none. */
  family: Uint16Array;
  /** Blocks fetched for it from another node, and which; its own node where none were. */
  fetched: Uint32Array;
  source: Uint16Array;
}

/** One (source, target) pair of a migration. */
export interface Migration {
  /** Request number from 1 at which it ran. */
  request: number;
  time_s: number;
  source: number;
  target: number;
  /** "move" or "copy". */
  kind: string;
  chosen: number;
  moved: number;
  /** The chosen ones by the family they were last used in, those of none first. */
  families: number[];
  /** Largest share of resident blocks just before. */
  share_before: number;
  /** Windowed token hit rate just before, and after a full window has passed (null until then). */
  hit_rate_before: number | null;
  hit_rate_after: number | null;
  /** Largest share of the window's requests, likewise. */
  concentration_before: number;
  concentration_after: number | null;
}

/** Time columns, at most 1,024 samples; each sample sums `stride` requests (the last may be
 *  partial). When full, neighbours are merged and the stride doubles. */
export interface Series {
  stride: number;
  samples: number;
  nodes: number;
  /** Requests served at the end of each sample. */
  request: Float64Array;
  time_s: Float64Array;
  blocks: Float64Array;
  prefix_hits: Float64Array;
  input_tokens: Float64Array;
  hit_tokens: Float64Array;
  ceiling_tokens: Float64Array;
  evictions: Float64Array;
  migrated_blocks: Float64Array;
  /** Resident blocks of the fullest node over all resident, at the end of the sample. */
  resident_share: Float64Array;
  /** Row-major samples × nodes, sums over the sample. */
  node_requests: Uint32Array;
  node_work_tokens: Float64Array;
  /** Under the timed clock, per sample; empty otherwise. */
  ttft_mean_s: Float64Array;
  ttft_p99_s: Float64Array;
  queue_max: Uint32Array;
}

/** A value that the file may leave open, and how it was settled. */
export interface Decided<T> {
  value: T;
  /** option, header, field, digits, schema, fit (of a unit: a guess) or assumed. */
  by: string;
  /** The same as a sentence. */
  why: string;
}

/** What the reader has seen so far. */
export interface ReadReport {
  bytes: number; lines: number; blank_lines: number; header_lines: number;
  /** `other_rows` are no requests by their own word: events, writes. */
  requests: number; other_rows: number;
  blocks: number; distinct_blocks: number; input_tokens: number; output_tokens: number;
  /** Of `bad_lines` the first 20. */
  sessions: number; bad_lines_total: number; bad_lines: BadLine[];
  warnings: { kind: string; count: number; first_line: number; message: string }[];
  header: string | null; held_as: "lines" | "spread" | "csv" | null;
  /** The format's id and title. Null until the first requests have been read, as the next four. */
  schema: string | null; schema_title: string | null;
  block_size: Decided<number> | null; time_unit: Decided<string> | null;
  id_scope: Decided<"global" | "local" | "mixed"> | null; rows: Decided<"whole" | "delta"> | null;
  /** Whether any row has block ids (no hit rate can be told without), or blocks were made up. */
  ids: boolean; made_up: boolean;
  /** Why nothing more was read: the file is no trace, or its header cannot be honoured. */
  stopped: string | null;
  first_arrival_s: number | null; last_arrival_s: number | null; out_of_order: number;
  /** Format, time unit, block size, scope of ids, rows and order as lines: how each was decided,
   *  and from what. `id` is the setting that overrules it, where there is one. */
  facts: { id: string; name: string; value: string; why: string }[];
}

export interface BadLine {
  /** Its number, the byte where it starts, and the byte in it, from 1, where the trouble is. */
  line: number; offset: number; column: number;
  field: string | null; found: string; reason: string;
}

export interface Simulator {
  /** Room for a chunk of the trace, of at most 2^26 bytes: returns where in the wasm memory to
   *  write it. The view must be made after this call, since memory may have grown. */
  reserve(bytes: number): number;
  /** Parses the bytes written, no more than there is room for. */
  commit(bytes: number): void;
  finish(): void;
  /** The same where somebody stopped reading: a record that was left half is no bad line. */
  finish_early(): void;
  /** Feeds a built-in workload instead of bytes; finished by itself. Repeatable: makes at most
   *  `requests` more requests each call, and returns whether there are more. */
  synthesize(id: string, seed: string, total: number, requests: number): boolean;
  /** Serves at most n waiting requests; returns how many. */
  step(n: number): number;
  waiting(): number;
  /** Keeps the whole trace from here on; before the first step. */
  keep(): void;
  /** A whole trace that has ended, as one buffer, for an `Analysis`. */
  pack(): Uint8Array<ArrayBuffer>;
  frame(series: boolean): Frame;
  report(): ReadReport;
  /** Every migration of the run (the first 10,000). */
  migrations(): Migration[];
  /** The object the command line prints with --json. */
  summary(): Record<string, unknown>;
  /** The most used blocks of a lane's window, at most so many, the most used first. */
  hottest(lane: number, most: number): import("./monitoring.d.ts").HotBlock[];
  /** Whether decisions are taken down from now on; costs a little for each request. */
  explain(wanted: boolean): void;
  /** The components of the latest decision taken down. */
  decision(): Decision | null;
  /** Frees the memory at once. */
  free(): void;
}

export interface StudyRow { id: string; kind: "figure" | "claim" | "peers"; title: string;
  summary: string; source: string; default_seeds: number }

/** One routing decision: what it was made of (row-major nodes × columns), what it amounts to. */
export interface Decision { request: number; node: number; columns: string[]; values: number[];
  /** Which value of the last column wins; null where the router does not compare all nodes. */
  aim: "highest" | "lowest" | null;
  /** Blocks of the request, and its leading ones resident on every node. */
  blocks: number; matched: number[];
  /** Seconds, or requests without time; seconds by node, none without time. */
  signal_age: number; ttft_s: number[];
  longest_node: number; longest_match: number; forgone_blocks: number;
  regret: number | null; fastest_node: number | null; regret_s: number | null; why: string; }
