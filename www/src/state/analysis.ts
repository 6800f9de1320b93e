/** What is known of the open trace as a whole: its facts, its capacity curve, a sweep over it. */
import type { Advice, AdviceAnswer, AdviceAsked, Amount, Cell, CellConfig, CellResult, Comparison,
  Config, Curve, CurveAnswer, CurvesAsked, Facts, Grid, LruCurve, Search, Served, Step, Study,
  Summary } from "../engine/protocol.ts";

/** How a question stands. What came before it was given up or failed stays on the page. */
export type Phase = "idle" | "reading" | "running" | "done" | "cancelled" | "failed";

export interface Work {
  phase: Phase;
  done: number;
  of: number;
  /** Why it failed, as sentences; empty otherwise. */
  why: string[];
  took_ms: number;
  /** What keeps the workers busy that it waits for, in words; "" while it does not wait. */
  behind: string;
}

export function isBusy({ phase }: Work): boolean {
  return phase === "reading" || phase === "running";
}

export const IDLE: Work = { phase: "idle", done: 0, of: 0, why: [], took_ms: 0,
  behind: "" };

export interface CurveState {
  work: Work;
  /** What the lines are of; null before any. */
  asked: CurvesAsked | null;
  /** The share of the blocks that they are estimated from; 1 is the whole trace. */
  rate: number;
  /** LRU on one node at many capacities, where that is what was asked for. */
  lru: LruCurve | null;
  /** What was measured, by the configuration of the line. */
  known: ReadonlyMap<string, CurveAnswer[]>;
  curve: Curve | null;
}

/** How far a combination of the sweep goes. */
export interface Limit {
  /** Its first cell. */
  cell: Cell;
  rate: Search | null;
  nodes: Search | null;
  /** Of a node's cache; null is without limit, or not known yet. */
  cache_bytes: number | null;
}

export interface LimitsState {
  work: Work;
  grid: Grid | null;
  /** By the number of the combination. */
  found: ReadonlyMap<number, Limit>;
  /** By the number of the combination, as far as there is something to pay for. */
  costs: ReadonlyMap<number, number | null>;
}

export interface AdviceState {
  work: Work;
  asked: AdviceAsked | null;
  /** By the number of the unit. */
  answers: ReadonlyMap<number, AdviceAnswer>;
  advice: Advice | null;
}

export interface DecisionsState {
  work: Work;
  /** What was asked, in words, and of what; null before any. */
  title: string;
  config: Config | null;
  steps: Step[];
}

export interface RequestsState {
  work: Work;
  /** What the lanes are; none before any. */
  configs: Config[];
  /** The number of the first one asked for, and that of the one that is chosen. */
  from: number;
  chosen: number;
  /** The one that was asked for where there is none of that number, and the nearest was chosen. */
  missing: number | null;
  rows: Served[];
  /** Requests of the trace, once that is known. */
  total: number | null;
}

export interface SweepState {
  work: Work;
  /** The grid that the cells are of. */
  grid: Grid | null;
  cells: Cell[];
  /** By the number of the cell. */
  results: ReadonlyMap<number, CellResult>;
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

export interface RepeatState {
  work: Work;
  /** What the lanes are; none before any. */
  configs: CellConfig[];
  seeds: number;
  /** Summaries by the number of the run: seed after seed, and of a seed lane after lane. */
  found: ReadonlyMap<number, Summary>;
  comparison: Comparison | null;
}

export interface AnalysisState {
  /** Which trace all of this is of, read in which way; "" before any. */
  trace: string;
  facts: { work: Work; value: Facts | null };
  curve: CurveState;
  sweep: SweepState;
  limits: LimitsState;
  advice: AdviceState;
  decisions: DecisionsState;
  requests: RequestsState;
  study: StudyState;
  repeat: RepeatState;
}

export const NO_ANALYSIS: AnalysisState = {
  trace: "",
  facts: { work: IDLE, value: null },
  curve: { work: IDLE, asked: null, rate: 1, lru: null, known: new Map(), curve: null },
  sweep: { work: IDLE, grid: null, cells: [], results: new Map(), amount: null },
  limits: { work: IDLE, grid: null, found: new Map(),
    costs: new Map() },
  advice: { work: IDLE, asked: null, answers: new Map(), advice: null },
  decisions: { work: IDLE, title: "", config: null, steps: [] },
  requests: { work: IDLE, configs: [], from: 1, chosen: 1, missing: null, rows: [], total: null },
  study: { work: IDLE, id: "", seeds: 0, found: new Map(), result: null },
  repeat: { work: IDLE, configs: [], seeds: 0, found: new Map(), comparison: null },
};

/** The questions, each a part of the state and a kind of job. */
export const ASKINGS =
  ["facts", "curve", "sweep", "limits", "advice", "decisions", "requests", "study",
    "repeat"] as const;
export type Asking = (typeof ASKINGS)[number];

export function isAsking(kind: string): kind is Asking {
  return ASKINGS.some((asking) => asking === kind);
}

/** Whether nothing has happened since but that what is worked at has come further: nothing was
 *  asked, answered to its end or given up, nothing waits that did not, and it is not the first of
 *  what comes. */
export function answeredOn(before: AnalysisState, now: AnalysisState): boolean {
  return before.trace === now.trace && ASKINGS.every((asking) => {
    if (before[asking] === now[asking]) return true;
    const [was, is] = [before[asking].work, now[asking].work];
    return isBusy(is) && was.phase === is.phase && was.behind === is.behind && was.done > 0;
  });
}

/** What each is called by who waits for it. */
export const CALLED: Record<Asking, string> = { facts: "the facts of the trace",
  curve: "the capacity curve", sweep: "the sweep", limits: "the search for limits",
  advice: "the comparison of policies", decisions: "the decisions that were asked for",
  requests: "the requests that were asked for", study: "the study",
  repeat: "the runs over seeds" };

/** Nothing is known of another trace. */
export function of(trace: string): AnalysisState {
  return { ...NO_ANALYSIS, trace };
}
