/** Everything the page knows. Panels read it; only the app's methods change it. */
import type {
  Config,
  Decision,
  Failure,
  Frame,
  LoadState,
  Migration,
  ReadReport,
  Series,
  Source,
  Study,
  Tables,
} from "../engine/protocol.ts";
import { OPENING, type Setup } from "./setup.ts";

export type Theme = "system" | "light" | "dark";

export interface State {
  /** "starting" until the wasm answers; "crashed" until a new worker has been asked for. */
  engine: "starting" | "ready" | "crashed";
  crash: string;
  tables: Tables | null;
  /** What is chosen. */
  setup: Setup;
  source: Source | null;
  /** A change is waiting for the person to stop moving the slider. */
  pending: boolean;
  run: number;
  /** What the run that is shown was started with: while a change is pending, not what is chosen. */
  running: Config;
  playing: boolean;
  frame: Frame | null;
  series: Series | null;
  migrations: Migration[];
  load: LoadState | null;
  report: ReadReport | null;
  /** Why the latest request went where it went, while somebody looks at it. */
  decision: Decision | null;
  explaining: boolean;
  /** Figure 5 on the trace that is open, once somebody has asked for it. */
  study: Study | "computing" | null;
  failure: Failure | null;
  /** Sentences about a link that could not be restored in full. */
  notices: string[];
  theme: Theme;
}

export const INITIAL: State = {
  engine: "starting",
  crash: "",
  tables: null,
  setup: OPENING,
  source: null,
  pending: false,
  run: 0,
  running: OPENING.config,
  playing: true,
  frame: null,
  series: null,
  migrations: [],
  load: null,
  report: null,
  decision: null,
  explaining: false,
  study: null,
  failure: null,
  notices: [],
  theme: "system",
};

/** What belongs to one run, as it stands before the first frame. */
export const NO_RUN: Pick<
  State,
  "frame" | "series" | "migrations" | "load" | "report" | "decision" | "study" | "failure"
> = {
  frame: null, series: null, migrations: [], load: null, report: null, decision: null,
  study: null, failure: null,
};

/** What the figures are of, in the words of a heading. */
export function resultsName({ engine, frame, failure }: State): string {
  if (frame === null) return failure === null ? "So far" : "No run";
  if (engine === "crashed") return "Until it stopped";
  return frame.done ? "The whole run" : "So far";
}

export function isOwnTrace(source: Source | null): boolean {
  return source !== null && source.kind !== "workload";
}

export function sourceName({ source, tables }: State): string {
  if (source === null) return "";
  if (source.kind === "file") return source.file.name;
  if (source.kind === "url") return source.name;
  return tables?.workloads.find((w) => w.id === source.id)?.title ?? source.id;
}

/** Requests of the whole trace: exact once it has been read, an estimate by bytes before. */
export function totalRequests({ source, load, report, frame }: State): {
  requests: number;
  exact: boolean;
} | null {
  if (source?.kind === "workload") return { requests: source.requests, exact: true };
  if (load === null || report === null) return null;
  if (load.phase === "complete" || load.phase === "stopped") {
    return { requests: (frame?.requests ?? 0) + (frame?.waiting ?? 0), exact: true };
  }
  const { read_bytes, total_bytes } = load;
  if (total_bytes === null || read_bytes === 0 || report.requests === 0) return null;
  return { requests: Math.round((report.requests * total_bytes) / read_bytes), exact: false };
}
