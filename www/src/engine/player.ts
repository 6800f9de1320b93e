/** Asks the worker for the next frame: how many requests, how often, and with which columns. */
import type { ToWorker } from "./protocol.ts";
import type { State } from "../state/state.ts";

/** The worker's share of a frame of 16.7 ms. */
const BUDGET_MS = 8;
/** Time that passed while the tab slept is dropped: nothing catches up. */
const LONGEST_TICK_MS = 100;
/** As fast as possible: the worker need not wait for a page that is busy drawing. */
const QUESTIONS = 4;
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

export class Player {
  readonly #pacer = new Pacer();
  readonly #send: (message: ToWorker) => void;
  #asked_ms = 0;
  #series_ms = 0;
  #outstanding = 0;
  #steps = 0;
  #lastColumns = -1;

  constructor(send: (message: ToWorker) => void) {
    this.#send = send;
  }

  reset(): void {
    this.#pacer.rest();
    this.#outstanding = 0;
    this.#steps = 0;
    this.#lastColumns = -1;
    this.#asked_ms = 0;
    this.#series_ms = 0;
  }

  step(): void {
    this.#steps += 1;
  }

  /** The answer has come; `columns` is whether it brought the series. */
  answered(requests: number, columns: boolean): void {
    this.#outstanding = Math.max(this.#outstanding - 1, 0);
    if (columns) this.#lastColumns = requests;
  }

  /** The same outside a tick: only at full speed, where no time is handed out. */
  askAgain(now_ms: number, state: State): void {
    if (!Number.isFinite(state.setup.speed)) this.ask(now_ms, state);
  }

  /** Sends what there is to ask: one question, and none while the last is unanswered. */
  ask(now_ms: number, state: State): void {
    if (state.engine !== "ready" || state.run === 0 || state.pending) return;
    const flatOut = state.playing && !Number.isFinite(state.setup.speed);
    while (this.#outstanding < (flatOut ? QUESTIONS : 1)) {
      if (!this.#askOnce(now_ms, state)) return;
    }
  }

  #askOnce(now_ms: number, state: State): boolean {
    const max_requests = this.#allowance(now_ms, state);
    const served = state.frame?.requests ?? -1;
    const behind = served !== this.#lastColumns;
    const series =
      max_requests > 0
        ? !state.playing || now_ms - this.#series_ms > seriesEvery(state)
        : behind && now_ms - this.#asked_ms > 60;
    const poll = isLoading(state) && now_ms - this.#asked_ms > POLL_EVERY_MS;
    if (max_requests === 0 && !series && !poll && state.frame !== null) return false;
    if (series) this.#series_ms = now_ms;
    this.#asked_ms = now_ms;
    this.#outstanding += 1;
    const { run } = state;
    this.#send({ type: "advance", run, max_requests, budget_ms: BUDGET_MS, series });
    return true;
  }

  /** Whether another tick is needed, whatever the drawings want. */
  wants(state: State): boolean {
    if (state.engine !== "ready" || state.run === 0) return false;
    const behind = state.frame?.requests !== this.#lastColumns;
    return this.#outstanding > 0 || this.#steps > 0 || state.playing || isLoading(state) || behind;
  }

  #allowance(now_ms: number, state: State): number {
    if (state.playing) return this.#pacer.take(now_ms, state.setup.speed);
    this.#pacer.rest();
    // A step asked for before the first requests have come is taken when they have.
    if ((state.frame?.waiting ?? 0) === 0 && isLoading(state)) return 0;
    const steps = this.#steps;
    this.#steps = 0;
    return steps;
  }
}

/** Columns of many nodes are large, and their picture changes slowly. */
function seriesEvery(state: State): number {
  return SERIES_EVERY_MS * (1 + (state.series?.nodes ?? 0) / 64);
}

function isLoading(state: State): boolean {
  return state.load === null || state.load.phase === "reading" || state.load.phase === "held";
}
