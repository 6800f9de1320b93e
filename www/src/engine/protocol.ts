/**
 * What the page and its worker say to each other. The page owns pixels, the worker owns the wasm
 * instance and the file; everything between them is one of the messages below.
 */
import type { Advice, AdviceAnswer, AdviceAsked, Amount, Cell, CellConfig, CellResult, Curve,
  CurveAnswer, CurvesAsked, Facts, Grid, LruCurve, Search, Step, Study, Summary, SweepRow, Wanted,
  Whole } from "../../../src/wasm/analysis.d.ts";
import type { Comparison } from "../../../src/wasm/compare.d.ts";
import type { HotBlock } from "../../../src/wasm/monitoring.d.ts";
import type * as core from "../../../src/wasm/kvscope.d.ts";
import type {
  Config,
  Decision,
  Frame,
  KvscopeError,
  Migration,
  ReadReport,
} from "../../../src/wasm/kvscope.d.ts";
import type { Uncited } from "./tables.ts";

export type * from "../../../src/wasm/analysis.d.ts";
export type * from "../../../src/wasm/compare.d.ts";
export type * from "../../../src/wasm/kvscope.d.ts";
export type * from "../../../src/wasm/monitoring.d.ts";
export type { Tables } from "./tables.ts";

/** Rows of tables as the page has them. */
export type TableRow = Uncited<core.TableRow>;
export type ModelRow = Uncited<core.ModelRow>;

/** The core's word for a cache without a limit. */
export const UNLIMITED_BLOCKS = 2 ** 30;

/** What a node is to the others, as a frame has it. */
export const NODE_STATES = ["absent", "alive", "draining", "dead"] as const;
export const [ABSENT, ALIVE, DRAINING, DEAD] = [0, 1, 2, 3] as const;

/** Where the requests come from. A file is read again from its beginning at every restart. */
export type Source =
  | { kind: "workload"; id: string; seed: string; requests: number }
  | { kind: "file"; file: File }
  | { kind: "url"; url: string; name: string };

/**
 * The number of a piece of work: a run, a figure, a new seed. Every question carries it and so does
 * every answer, so that the answers to what nobody waits for any more are known.
 */
export type Job = number;

export type ToWorker =
  /** The compiled core, before anything else is answered. Where it comes in parts: the whole, if it
   *  is there, and where it lies. */
  | { type: "core"; job: Job; core: WebAssembly.Module; whole: WebAssembly.Module | null;
    whole_url: string }
  /** The whole core, where only a part of it was given before. */
  | { type: "whole"; job: Job; whole: WebAssembly.Module }
  /** Forget the run there may be and begin this one, of a lane for each configuration. What follows
   *  about it has the same number. */
  | { type: "start"; job: Job; configs: Config[]; source: Source; explain: boolean }
  /** Serve at most `max_requests` within `budget_ms`, then answer with one frame. */
  | { type: "advance"; job: Job; max_requests: number; budget_ms: number; series: boolean }
  /** Go to the moment after request `to`, forwards or back, then answer with one frame. */
  | { type: "seek"; job: Job; to: number }
  /** Read no further; what was read is served to its end. */
  | { type: "stop_reading"; job: Job }
  /** Whether frames bring the latest decision from now on. */
  | { type: "explain"; job: Job; wanted: boolean }
  /** The object that the command line prints. */
  | { type: "summary"; job: Job }
  /** What happened to a lane on the way, as the command line prints it. */
  | { type: "events"; job: Job; lane: number }
  /** The most used blocks of a lane's window. */
  | { type: "hottest"; job: Job; lane: number; most: number }
  /** A seed nobody has chosen. */
  | { type: "new_seed"; job: Job }
  /** The trace that questions are about from now on. */
  | { type: "hold"; job: Job; packed: ArrayBuffer }
  /** The sample that curves are estimated from, from now on. */
  | { type: "hold_sample"; job: Job; sample: PackedSample }
  | Asked;

/** What a worker of the pool is asked about a whole trace; `task` is one piece of the job. */
export type Question =
  /** Read the source to its end and hand it over as one buffer. */
  | { type: "pack"; job: Job; config: Config; source: Source }
  /** Read the source to its end and keep a share of its blocks. */
  | { type: "thin"; job: Job; config: Config; source: Source; rate: number }
  | { type: "facts"; job: Job }
  | { type: "curve"; job: Job; insertion: string; count: number }
  | { type: "cells"; job: Job; grid: Grid }
  | { type: "cell"; job: Job; grid: Grid; number: number }
  | { type: "amount"; job: Job; rows: SweepRow[]; one: string; other: string }
  /** The sweep so far as the command line writes it. */
  | { type: "document"; job: Job; grid: Grid; rows: SweepRow[] }
  /** How far a cell goes: the largest rate, the smallest number of nodes. */
  | { type: "most_rate" | "least_nodes"; job: Job; grid: Grid; number: number }
  /** What so many nodes cost that cache so many bytes each. */
  | { type: "prices"; job: Job; sizes: (number | null)[][]; node: number; gib: number }
  /** `sampled`: of the sample, as estimates of the trace. */
  | { type: "curves"; job: Job; asked: CurvesAsked; sampled: boolean; answers: CurveAnswer[] }
  /** What to measure next of a line, of which `answers` are. */
  | { type: "next"; job: Job; asked: CurvesAsked; sampled: boolean; line: number;
    answers: CurveAnswer[] }
  | { type: "measure"; job: Job; asked: CurvesAsked; sampled: boolean; line: number;
    capacity: number }
  | { type: "advice"; job: Job; asked: AdviceAsked; answers: AdviceAnswer[] }
  | { type: "advice_unit"; job: Job; asked: AdviceAsked; number: number }
  /** `count` decisions of a configuration from the wanted one on. */
  | { type: "decisions"; job: Job; config: CellConfig; wanted: Wanted; count: number }
  /** `count` requests from number `from` on, as lanes serve them one after the other. */
  | { type: "requests"; job: Job; configs: Config[]; source: Source; from: number; count: number }
  | { type: "study_cells"; job: Job; id: string; seeds: number }
  | { type: "study_cell"; job: Job; id: string; seeds: number; number: number }
  | { type: "study"; job: Job; id: string; seeds: number; summaries: Summary[] }
  | { type: "repeat"; job: Job; config: CellConfig; by: number }
  | { type: "beside"; job: Job; configs: CellConfig[]; runs: Summary[][] }
  /** What a configuration file says. */
  | { type: "configuration"; job: Job; file: unknown };

export type Asked = Question & { task: number };

/** A share of a trace's blocks, and what it was taken from. */
export interface PackedSample { packed: ArrayBuffer; whole: Whole }

/** A request where a lane served it. */
export interface ServedBy {
  /** Null where it was turned away. */
  node: number | null;
  /** Null where that is not told: of one that was turned away, or that warmed the caches. */
  blocks: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  /** Blocks that were fetched for it, and from which node. */
  fetched: number;
  source: number | null;
  /** Null where no router was asked. */
  decision: Decision | null;
  /** The largest node's, of all requests so far. */
  share_of_requests: number;
  share_of_work: number;
}

/** A request, in every lane. */
export interface Served {
  number: number;
  /** When it arrived, after the trace's first. */
  time_s: number;
  /** The first block of the family that it was seen to begin with; null is none. */
  family: number | null;
  lanes: ServedBy[];
}

/** What comes back, by the type of the question. */
export interface Answers {
  pack: ArrayBuffer;
  thin: PackedSample;
  facts: Facts;
  curve: LruCurve;
  cells: Cell[];
  cell: CellResult;
  amount: Amount;
  document: string;
  most_rate: Search;
  least_nodes: { search: Search; cache_bytes: number | null };
  prices: (number | null)[];
  curves: { open: [line: number, capacity: number][]; curve: Curve };
  next: number[];
  measure: CurveAnswer;
  advice: { open: number[]; advice: Advice };
  advice_unit: AdviceAnswer;
  decisions: Step[];
  /** `total`: of the trace, once that has been read to its end. */
  requests: { rows: Served[]; total: number | null };
  study_cells: number;
  study_cell: Summary;
  study: Study;
  repeat: Summary;
  beside: Comparison;
  configuration: CellConfig;
}

export type FromWorker =
  | { type: "ready"; job: Job }
  | { type: "started"; job: Job }
  | FrameMessage
  | { type: "summary"; job: Job; summary: Record<string, unknown> }
  | { type: "events"; job: Job; csv: string }
  | { type: "hottest"; job: Job; blocks: HotBlock[] }
  | { type: "seed"; job: Job; seed: string }
  | { type: "answer"; job: Job; task: number; answer: Answers[keyof Answers] }
  /** Of a long answer, how many of so many requests are done. */
  | { type: "progress"; job: Job; task: number; done: number; of: number }
  /** The work cannot go on, and the worker can take other work. */
  | { type: "failed"; job: Job; task?: number; failure: Failure }
  /** The wasm instance is gone (a panic, out of memory): only a new worker helps. */
  | { type: "crashed"; job: Job; message: string };

/** How a crash begins to tell that the browser gives the core no more memory. */
export const OUT_OF_MEMORY = "Out of memory:";

/** What is new of one lane. */
export interface LaneNews {
  frame: Frame;
  /** The whole list, present when it changed and the series was asked for. */
  migrations: Migration[] | null;
  /** The latest one, where decisions are wanted. */
  decision: Decision | null;
}

/** The first lane's news, and those of the others. */
export interface FrameMessage extends LaneNews {
  type: "frame";
  job: Job;
  load: LoadState;
  /** Null where nothing is read and nobody is there who asks: what is built in says little. */
  report: ReadReport | null;
  /** How many times it was asked to go somewhere, and whether it is still on its way. */
  seeks: number;
  seeking: boolean;
  others: LaneNews[];
  /** Where there are several lanes and the series was asked for. */
  comparison: Comparison | null;
}

/** How far reading has come. */
export interface LoadState {
  phase: "reading" | "held" | "complete" | "stopped";
  /** Bytes of the source taken so far, as it lies on disk (compressed where it is). */
  read_bytes: number;
  /** Its size, where known. */
  total_bytes: number | null;
  /** Recent rate while reading; 0 while held back. */
  bytes_per_s: number;
  /** "gzip", "zstd" or "". */
  compression: string;
  /** Whether the trace is kept, so that one can go back. */
  kept: boolean;
}

/** An error as data: what the page shows, and beside which control. */
export interface Failure {
  kind: KvscopeError["kind"] | "file";
  message: string;
  reasons: NonNullable<KvscopeError["reasons"]>;
}
