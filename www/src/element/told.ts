/** What a figure tells the page it is on, from one state to the next. */
import { laneName } from "../panel/compare/multiples.ts";
import { HEADLINE, type HeadlineRow } from "../state/headline.ts";
import { isLoading } from "../state/run.ts";
import { runOf, saidOf, type State } from "../state/state.ts";

export type LaneFigures = { name: string } & Record<HeadlineRow["key"], number | null>;

/** A moment of the run in figures, of the whole run so far. */
export interface Moment {
  requests: number;
  /** Seconds of the trace. */
  time_s: number;
  done: boolean;
  playing: boolean;
  lanes: LaneFigures[];
}

/** The events of a figure, and what their `detail` is. */
export interface Events {
  /** The simulator is there. */
  ready: { version: string };
  /** Reading goes on. */
  progress: { read_bytes: number; total_bytes: number | null; done: boolean };
  frame: Moment;
  done: Moment;
  error: { kind: string; message: string; reasons: string[] };
}

export type Tell = <K extends keyof Events>(type: K, detail: Events[K]) => void;

/** Moments while playing are told ten times a second. */
const EVERY_MS = 100;

export class Teller {
  readonly #tell: Tell;
  readonly #version: string;
  #before: State | null = null;
  #told_ms = Number.NEGATIVE_INFINITY;
  #ready = false;

  constructor(tell: Tell, version: string) {
    this.#tell = tell;
    this.#version = version;
  }

  /** Tells what is new since the state that was told of before. */
  tell(state: State, now_ms: number): void {
    const before = this.#before;
    this.#before = state;
    if (!this.#ready && state.engine === "ready") {
      this.#ready = true;
      this.#tell("ready", { version: this.#version });
    }
    this.#obstacles(state, before);
    const [run, last] = [runOf(state), before === null ? null : runOf(before)];
    if (run.load !== null && run.load.read_bytes !== last?.load?.read_bytes) {
      const { read_bytes, total_bytes } = run.load;
      if (read_bytes > 0) {
        this.#tell("progress", { read_bytes, total_bytes, done: !isLoading(run) });
      }
    }
    if (run.frame === null || run.frame === last?.frame) return;
    const ends = run.frame.done && (last?.frame?.done !== true || last.job !== run.job);
    if (state.playing && !ends && now_ms - this.#told_ms < EVERY_MS) return;
    this.#told_ms = now_ms;
    this.#tell("frame", momentOf(state)!);
    if (ends) this.#tell("done", momentOf(state)!);
  }

  #obstacles(state: State, before: State | null): void {
    const { failure } = runOf(state);
    if (failure !== null && failure !== (before === null ? null : runOf(before).failure)) {
      const { kind, message, reasons } = failure;
      this.#tell("error", { kind, message, reasons: reasons.map((reason) => reason.message) });
    }
    if (state.engine === "crashed" && before?.engine !== "crashed") {
      this.#tell("error", { kind: "crashed", message: state.crash, reasons: [] });
    }
    const isNew = state.notices !== before?.notices || state.unpainted !== before.unpainted;
    const said = saidOf(state);
    if (isNew && said.length > 0) {
      this.#tell("error", { kind: "notice", message: said.join(" "), reasons: [] });
    }
  }
}

/** Null before the first request. */
export function momentOf(state: State): Moment | null {
  const { frame } = runOf(state);
  if (frame === null) return null;
  const lanes = state.lanes.map((run, lane) => {
    const of = run.frame;
    const figures = HEADLINE.map(({ key, exact }) =>
      [key, of === null || of.requests === 0 ? null : exact(of, "run")]);
    return { name: laneName(state, lane), ...Object.fromEntries(figures) } as LaneFigures;
  });
  return { requests: frame.requests, time_s: frame.time_s, done: frame.done,
    playing: state.playing, lanes };
}
