/** What is known of the open trace as a whole: its facts, its capacity curve, a sweep over it. */
import type { Amount, Bends, Cell, CellResult, Facts, Grid, LruCurve, Study, Summary }
  from "../engine/protocol.ts";

/** How a question stands. What came before it was given up or failed stays on the page. */
export type Phase = "idle" | "reading" | "running" | "done" | "cancelled" | "failed";

export interface Work {
  phase: Phase;
  done: number;
  of: number;
  /** Why it failed, as sentences; empty otherwise. */
  why: string[];
  took_ms: number;
}

export const IDLE: Work = { phase: "idle", done: 0, of: 0, why: [], took_ms: 0 };

export function isBusy({ phase }: Work): boolean {
  return phase === "reading" || phase === "running";
}

/** Hit rates of one policy by capacity. */
export interface Line {
  eviction: string;
  /** In one pass and for every capacity, not by runs at some of them. */
  exact: boolean;
  capacity: number[];
  token_hit_rate: number[];
  prefix_hit_rate: number[];
}

export interface CurveState {
  work: Work;
  insertion: string;
  lru: LruCurve | null;
  lines: Line[];
  /** LRU at the capacities of the others, and the others: what the bends are of. */
  measured: Line[];
  bends: Bends | null;
}

export interface SweepState {
  work: Work;
  /** The grid that the cells are of. */
  grid: Grid | null;
  cells: Cell[];
  /** By the number of the cell. */
  results: ReadonlyMap<number, CellResult>;
  /** The metrics that the frontier is of. */
  against: [string, string];
  amount: Amount | null;
}

export interface StudyState {
  work: Work;
  /** Which study; "" before any. */
  id: string;
  seeds: number;
  /** Summaries by the number of the run. */
  found: ReadonlyMap<number, Summary>;
  result: Study | null;
}

export interface AnalysisState {
  /** Which trace all of this is of, read in which way; "" before any. */
  trace: string;
  facts: { work: Work; value: Facts | null };
  curve: CurveState;
  sweep: SweepState;
  study: StudyState;
}

export const NO_ANALYSIS: AnalysisState = {
  trace: "",
  facts: { work: IDLE, value: null },
  curve: { work: IDLE, insertion: "flat", lru: null, lines: [], measured: [], bends: null },
  sweep: { work: IDLE, grid: null, cells: [], results: new Map(),
    against: ["token_hit_rate", "balance_work.largest_share"], amount: null },
  study: { work: IDLE, id: "", seeds: 0, found: new Map(), result: null },
};

/** Nothing is known of another trace; which metrics are compared stays. */
export function of(trace: string, { sweep }: AnalysisState): AnalysisState {
  return { ...NO_ANALYSIS, trace, sweep: { ...NO_ANALYSIS.sweep, against: sweep.against } };
}
