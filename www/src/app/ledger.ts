/** The ledger: runs that have ended become rows, and rows become runs again. */
import { letterOf } from "../state/lanes.ts";
import { emptied, entered, figuresOf, withoutRow, type Ended, type LedgerState }
  from "../state/ledger.ts";
import { isCompared, sourceName, type State } from "../state/state.ts";
import type { Frame, Job } from "../engine/protocol.ts";
import type { CompareActions } from "./compare.ts";
import type { Context } from "./context.ts";

export class LedgerActions {
  readonly #context: Context;
  readonly #compare: CompareActions;
  /** The run whose end has been seen, and its last frame: a run that goes on from it shows that one
   *  until it has come as far itself. */
  #seen: { job: Job; frame: Frame | null } = { job: 0, frame: null };

  constructor(context: Context, compare: CompareActions) {
    this.#context = context;
    this.#compare = compare;
    context.store.subscribe((now) => this.#follow(now));
    // A run may have ended before anybody was there.
    this.#follow(context.store.now);
  }

  /** Which row the others are held to; null is none. */
  setBaseline(baseline: number | null): void {
    this.#set({ ...this.#now, baseline });
  }

  remove(id: number): void {
    this.#set(withoutRow(this.#now, id));
  }

  clear(): void {
    this.#set(emptied(this.#now));
  }

  /** A row's configuration becomes the run, alone, on the trace that is open. */
  open(id: number): void {
    const config = this.#config(id);
    if (config !== undefined) this.#compare.open([config]);
  }

  /** A row's configuration joins what runs as one lane more, or what keeps it from that. */
  join(id: number): string[] {
    const config = this.#config(id);
    return config === undefined ? [] : this.#compare.join(config);
  }

  #follow(now: State): void {
    const [{ job, frame }] = now.lanes;
    if (frame === null || frame === this.#seen.frame || !frame.done) return;
    const same = job === this.#seen.job;
    this.#seen = { job, frame };
    // What was gone back in and ended once more is the same run.
    if (same || frame.requests === 0) return;
    this.#set(entered(this.#now, endedOf(now)));
  }

  #config(id: number): Ended["config"] | undefined {
    return this.#now.rows.find((row) => row.id === id)?.config;
  }

  get #now(): LedgerState {
    return this.#context.store.now.ledger;
  }

  #set(ledger: LedgerState): void {
    if (ledger !== this.#now) this.#context.store.set({ ledger });
  }
}

/** The lanes of a run that has ended, as the ledger has them. */
export function endedOf(state: State): Ended[] {
  const { lanes, analysis, source } = state;
  // Two draws of a workload are two traces.
  const name = sourceName(state) + (source?.kind === "workload" ? ` (seed ${source.seed})` : "");
  return lanes.flatMap(({ frame, config, load, failure }, lane) => (frame === null ? [] : [{
    lane: isCompared(state) ? letterOf(lane) : "", trace: analysis.trace, name, config,
    requests: frame.requests, whole: load?.phase !== "stopped" && failure === null,
    figures: figuresOf(frame), bounded: frame.totals.names_known_to !== undefined,
  }]));
}
