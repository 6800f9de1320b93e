/** Everything the page knows. Panels read it; only the app changes it. */
import type { Progress } from "../engine/player.ts";
import type { Comparison, Config, HotBlock, Source, Tables } from "../engine/protocol.ts";
import { NO_ANALYSIS, answeredOn, type AnalysisState } from "./analysis.ts";
import { configOf } from "./lanes.ts";
import type { LedgerState } from "./ledger.ts";
import type { FileMark } from "./mark.ts";
import type { Switched } from "./needs.ts";
import { begun, isLoading, served, type RunState } from "./run.ts";
import { FIRST, type Setup } from "./setup.ts";

export type Theme = "system" | "light" | "dark";

/** A trace that only the person can give: nothing runs before it is there. */
export interface Awaited {
  /** The file that was open where the link was made; null where the link does not tell. */
  mark: FileMark | null;
  /** It was open in this very tab before. */
  mine: boolean;
  /** Why the address that the link names is not fetched, or "". */
  refused: string;
  /** The moment to go to then, in requests served. */
  at: number | null;
}

export interface State {
  /** "starting" until the wasm answers; "crashed" until a new worker has been asked for. */
  engine: "starting" | "ready" | "crashed";
  crash: string;
  tables: Tables | null;
  /** What is chosen. */
  setup: Setup;
  source: Source | null;
  /** How often something was opened in the place of what was there, each a step that the browser's
   *  Back undoes: a trace, a workload, a lesson. */
  opened: number;
  /** A trace was opened with what was chosen before it, which nobody has looked at since. */
  kept: boolean;
  /** What is waited for instead of a source, where a link asks for it. */
  awaited: Awaited | null;
  /** A change is waiting for the person to stop moving the slider. */
  pending: boolean;
  playing: boolean;
  /** On the way to a moment that somebody asked for. */
  seeking: boolean;
  /** Somebody looks at decisions. */
  explaining: boolean;
  /** What runs, one state a lane, in lock-step. */
  lanes: readonly [RunState, ...RunState[]];
  /** The lane whose controls and details are shown. */
  selected: number;
  /** The node that somebody chose, to see and do more; null is none. */
  node: number | null;
  /** The most used blocks, as they were when somebody last asked. */
  hottest: HotBlock[];
  /** The lanes beside each other, where there are several. */
  comparison: Comparison | null;
  /** Answers about the trace as a whole. */
  analysis: AnalysisState;
  /** Runs that have ended. */
  ledger: LedgerState;
  /** Why the rest of the page could not be fetched, or "". */
  unloaded: string;
  /** Sentences about a link that could not be restored in full, and the like. */
  notices: string[];
  /** Why the cluster is not painted, or "": for as long as the page is there, whatever it runs. */
  unpainted: string;
  /** What was switched for the sake of something that was chosen, and what was chosen before. */
  undo: { said: string; setup: Setup } | null;
  /** The same for as long as what was chosen is, and nobody said that it is to stay. */
  switched: Switched | null;
  theme: Theme;
  /** The page has read a file, and reaches no place but its own until it is loaded anew. */
  shut: boolean;
}

export const NO_ROWS: LedgerState = { rows: [], baseline: null, runs: 0, ids: 0 };

export const INITIAL: State = {
  engine: "starting",
  crash: "",
  tables: null,
  setup: FIRST,
  source: null,
  opened: 0,
  kept: false,
  awaited: null,
  pending: false,
  playing: true,
  seeking: false,
  explaining: false,
  lanes: [begun(0, FIRST.config), ...FIRST.others.map((_, i) =>
    begun(0, configOf(FIRST, i + 1)))],
  selected: 0,
  node: null,
  hottest: [],
  comparison: null,
  analysis: NO_ANALYSIS,
  ledger: NO_ROWS,
  unloaded: "",
  notices: [],
  unpainted: "",
  undo: null,
  switched: null,
  theme: "system",
  shut: false,
};

/** Where a run was left for another, to come back to. */
export interface Left {
  source: Source | null;
  /** In requests served. */
  at: number;
  playing: boolean;
  selected: number;
}

export function leftAt(state: State): Left {
  const { source, playing, selected } = state;
  return { source, at: served(runOf(state)), playing, selected };
}

/** The run whose details the page shows. */
export function runOf({ lanes, selected }: Pick<State, "lanes" | "selected">): RunState {
  return lanes[selected] ?? lanes[0];
}

/** What the lane runs whose controls the page shows. */
export function configNow({ setup, selected }: Pick<State, "setup" | "selected">): Config {
  return configOf(setup, Math.min(selected, setup.others.length));
}

/** Lanes that stand beside each other, or none where there is only one. */
export function isCompared({ lanes }: Pick<State, "lanes">): boolean {
  return lanes.length > 1;
}

/** What the player has to know of it. */
export function progressOf(state: State): Progress {
  const run = runOf(state);
  return {
    job: run.job,
    ready: state.engine === "ready" && run.job > 0 && !state.pending,
    playing: state.playing,
    speed: state.setup.speed,
    served: run.frame?.requests ?? null,
    loading: isLoading(run) || state.seeking,
    // Columns of several lanes are as large as those of as many nodes.
    nodes: state.lanes.reduce((sum, { series }) => sum + (series?.nodes ?? 0), 0),
  };
}

/** Whether requests are being served, or will be at once. */
export function goesOn({ playing, seeking, pending }: State): boolean {
  return playing || seeking || pending;
}

/** Whether nothing has happened since but that what goes on has gone on: the same lanes, while
 *  they play, have served further, and questions that are worked at are nearer to their answers. */
export function wentOn(before: State | null, now: State): boolean {
  if (before === null) return false;
  const { lanes, comparison, analysis } = now;
  const kept = { ...before, lanes, comparison, analysis };
  const same = (Object.keys(now) as (keyof State)[]).every((key) => kept[key] === now[key]);
  const served = lanes !== before.lanes || comparison !== before.comparison;
  const answered = analysis !== before.analysis;
  return same && (served || answered) && (!served || servedOn(before, now))
    && (!answered || answeredOn(before.analysis, analysis));
}

function servedOn(before: State, { playing, lanes }: State): boolean {
  return playing && before.lanes.length === lanes.length
    && lanes.every((run, lane) => isSameRun(before.lanes[lane]!, run));
}

function isSameRun(before: RunState, { job, config, failure, frame }: RunState): boolean {
  return job === before.job && config === before.config && failure === before.failure
    && frame !== null && before.frame !== null && frame.done === before.frame.done;
}

export function isOwnTrace(source: Source | null): boolean {
  return source !== null && source.kind !== "workload";
}

/** Whether requests name blocks, or blocks were made up for them: without, nothing can be hit. */
export function hasBlocks(state: State): boolean {
  const { report } = runOf(state);
  return !isOwnTrace(state.source) || report === null || report.requests === 0
    || report.ids || report.made_up;
}

export function sourceName({ source, tables }: Pick<State, "source" | "tables">): string {
  if (source === null) return "";
  if (source.kind === "file") return source.file.name;
  if (source.kind === "url") return source.name;
  return tables?.workloads.find((w) => w.id === source.id)?.title ?? source.id;
}

/** What the figures are of, in the words of a heading. */
export function resultsName(state: State): string {
  const { frame, failure } = runOf(state);
  const crashed = state.engine === "crashed";
  if (frame === null) return failure === null && !crashed ? "So far" : "No run";
  if (crashed) return "Until it stopped";
  if (!frame.done) return "So far";
  return frame.requests === 0 ? "No run" : "The whole run";
}

/** The whole trace: its requests, exact once it has been read, and an estimate by bytes before; and
 *  what lies between the first arrival and the last, null where that is open. */
export interface Whole {
  requests: number;
  exact: boolean;
  seconds: number | null;
}

export function wholeTrace(state: State): Whole | null {
  const { source, tables } = state;
  const { load, report, frame } = runOf(state);
  if (source?.kind === "workload") {
    const row = tables?.workloads.find(({ id }) => id === source.id);
    const seconds = row === undefined ? null
      : (row.duration_s * source.requests) / row.default_requests;
    return { requests: source.requests, exact: true, seconds };
  }
  if (load === null || report === null) return null;
  if (load.phase === "complete" || load.phase === "stopped") {
    const { first_arrival_s: first, last_arrival_s: last } = report;
    return { requests: (frame?.requests ?? 0) + (frame?.waiting ?? 0), exact: true,
      seconds: first === null || last === null ? null : last - first };
  }
  const { read_bytes, total_bytes } = load;
  if (total_bytes === null || read_bytes === 0 || report.requests === 0) return null;
  return { requests: Math.round((report.requests * total_bytes) / read_bytes), exact: false,
    seconds: null };
}

/** What is said beside the run. */
export function saidOf({ notices, unpainted }: State): string[] {
  return unpainted === "" ? notices : [...notices, unpainted];
}

/** Whether what stands there is more than the first view can say or do, which is of lanes. */
export function asksForMore(state: State): boolean {
  const { setup, source, engine, awaited, undo } = state;
  return setup.others.length === 0 || setup.view !== "run" || setup.study !== ""
    || engine === "crashed" || awaited !== null || saidOf(state).length > 0 || undo !== null
    || runOf(state).failure !== null
    || (source !== null && isOwnTrace(source));
}
