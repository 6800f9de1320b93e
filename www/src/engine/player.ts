/** Asks the worker for the next frame: how many requests, how often, and with which columns. */
import type { Job, ToWorker } from "./protocol.ts";

/** The worker's share of a frame of 16.7 ms. */
const BUDGET_MS = 8;
/** Time that passed while the tab slept is dropped: nothing catches up. */
const LONGEST_TICK_MS = 100;
/** As fast as possible: the worker need not wait for a page that is busy drawing, and what it has
 *  to tell is told less often. */
const QUESTIONS = 4;
const LONG_BUDGET_MS = 24;
const SERIES_EVERY_MS = 160;
/** While paused, only the loading changes. */
const POLL_EVERY_MS = 200;
const NO_LIMIT = 0xffff_ffff;

/** Turns passing time into whole requests, keeping what is left over. */
export class Pacer {
  #last_ms: number | null = null;
  #owed = 0;

  take(now_ms: number, per_second: number): number {
    const elapsed_ms = Math.min(now_ms - (this.#last_ms ?? now_ms), LONGEST_TICK_MS);
    this.#last_ms = now_ms;
    if (!Number.isFinite(per_second)) return NO_LIMIT;
    this.#owed += (elapsed_ms * per_second) / 1000;
    const whole = Math.floor(this.#owed);
    this.#owed -= whole;
    return whole;
  }

  /** Time starts again at the next `take`. */
  rest(): void {
    this.#last_ms = null;
    this.#owed = 0;
  }
}

/** How the run stands, as far as the next question depends on it. */
export interface Progress {
  job: Job;
  /** The worker answers, and nothing is about to replace the run. */
  ready: boolean;
  playing: boolean;
  /** Requests a second; Infinity is as fast as possible. */
  speed: number;
  /** Requests that the latest frame has seen; null before the first. */
  served: number | null;
  loading: boolean;
  nodes: number;
}

export class Player {
  readonly #pacer = new Pacer();
  readonly #send: (message: ToWorker) => void;
  #asked_ms = 0;
  #series_ms = 0;
  #outstanding = 0;
  /** Single requests to be served while paused, and those of them that are being asked for. */
  #steps = 0;
  #stepping = 0;
  #served = 0;
  #lastColumns = -1;

  constructor(send: (message: ToWorker) => void) {
    this.#send = send;
  }

  reset(): void {
    this.#pacer.rest();
    this.#outstanding = 0;
    this.#steps = 0;
    this.#stepping = 0;
    this.#served = 0;
    this.#lastColumns = -1;
    this.#asked_ms = 0;
    this.#series_ms = 0;
  }

  step(): void {
    this.#steps += 1;
  }

  /** The run is at another moment: what was to be served before counts no more. */
  moved(requests: number): void {
    this.#steps = 0;
    this.#stepping = 0;
    this.#served = requests;
  }

  /** The answer has come; `columns` is whether it brought the series. */
  answered(requests: number, columns: boolean, done: boolean): void {
    this.#outstanding = Math.max(this.#outstanding - 1, 0);
    if (columns) this.#lastColumns = requests;
    // What could not be served yet, since none was there, is asked for again.
    if (!done) this.#steps += Math.max(this.#stepping - (requests - this.#served), 0);
    this.#stepping = 0;
    this.#served = requests;
  }

  /** The same outside a tick: only at full speed, where no time is handed out. */
  askAgain(now_ms: number, run: Progress): void {
    if (!Number.isFinite(run.speed)) this.ask(now_ms, run);
  }

  /** Sends what there is to ask: one question, and none while the last is unanswered. */
  ask(now_ms: number, run: Progress): void {
    if (!run.ready) return;
    while (this.#outstanding < (isFlatOut(run) ? QUESTIONS : 1)) {
      if (!this.#askOnce(now_ms, run)) return;
    }
  }

  #askOnce(now_ms: number, run: Progress): boolean {
    const max_requests = this.#allowance(now_ms, run);
    const behind = (run.served ?? -1) !== this.#lastColumns;
    const series =
      max_requests > 0
        ? !run.playing || now_ms - this.#series_ms > seriesEvery(run)
        : behind && now_ms - this.#asked_ms > 60;
    const poll = run.loading && now_ms - this.#asked_ms > POLL_EVERY_MS;
    if (max_requests === 0 && !series && !poll && run.served !== null) return false;
    if (series) this.#series_ms = now_ms;
    this.#asked_ms = now_ms;
    this.#outstanding += 1;
    const { job } = run;
    const budget_ms = isFlatOut(run) ? LONG_BUDGET_MS : BUDGET_MS;
    this.#send({ type: "advance", job, max_requests, budget_ms, series });
    return true;
  }

  /** Whether another tick is needed, whatever the drawings want. */
  wants(run: Progress): boolean {
    if (!run.ready) return false;
    const behind = run.served !== this.#lastColumns;
    return this.#outstanding > 0 || this.#steps > 0 || run.playing || run.loading || behind;
  }

  #allowance(now_ms: number, run: Progress): number {
    this.#stepping = run.playing ? 0 : this.#steps;
    this.#steps = 0;
    if (run.playing) return this.#pacer.take(now_ms, run.speed);
    this.#pacer.rest();
    return this.#stepping;
  }
}

function isFlatOut({ playing, speed }: Progress): boolean {
  return playing && !Number.isFinite(speed);
}

/** Columns of many nodes are large, and their picture changes slowly. */
function seriesEvery({ nodes }: Progress): number {
  return SERIES_EVERY_MS * (1 + nodes / 64);
}
