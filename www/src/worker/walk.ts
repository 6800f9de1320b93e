/** Requests one by one, as lanes serve them: a run of its own, which is stepped and looked at. */
import type { Answers, Compared, Served, Simulator, Source } from "../engine/protocol.ts";
import { Run } from "./run.ts";
import { openTrace } from "./source.ts";
import { servedOf, type Moment } from "./served.ts";

/** What the reader is given of the worker's time while more of the trace is waited for. */
const TURN_MS = 4;

export class Walk {
  readonly #run: Run;
  /** Why reading ended before the trace did; null as long as it has not. */
  #failed: { error: unknown } | null = null;

  /** Begins to read the source. */
  constructor(sim: Simulator & Compared, memory: WebAssembly.Memory, source: Source) {
    this.#run = new Run(sim, memory, openTrace);
    this.#run.remember();
    this.#run.keepCheckpoints();
    this.#run.explain(true);
    this.#run.feed(source).catch((error: unknown) => {
      this.#failed = { error };
    });
  }

  /** Whether it can come to the moment before that request: what is not kept is never gone back
   *  to. */
  reaches(from: number): boolean {
    return this.#run.load().kept || this.#run.frame(false).requests < from;
  }

  free(): void {
    this.#run.free();
  }

  /** `count` requests from number `from` on; fewer where the trace ends. */
  async requests(from: number, count: number, progress: (done: number, of: number) => void)
    : Promise<Answers["requests"]> {
    const run = this.#run;
    run.seek(from - 1);
    while (run.seeking) {
      progress(run.frame(false).requests, from - 1);
      await this.#turn();
      run.advance(0, 0);
    }
    const rows: Served[] = [];
    let before = this.#now();
    while (rows.length < count) {
      run.advance(1, Number.POSITIVE_INFINITY);
      const now = this.#now();
      const { requests, done } = now[0]!.frame;
      if (requests > before[0]!.frame.requests) {
        rows.push(servedOf(before, now));
        before = now;
      } else if (done || this.#failed !== null) break;
      else await this.#turn();
    }
    // What was read of a broken file is told all the same.
    if (rows.length === 0 && this.#failed !== null) throw this.#failed.error;
    const { requests, waiting } = before[0]!.frame;
    const { phase } = run.load();
    const ended = phase === "complete" || phase === "stopped";
    return { rows, total: ended ? requests + waiting : null };
  }

  #now(): Moment[] {
    const first = { frame: this.#run.frame(false), decision: this.#run.decision() };
    return [first, ...this.#run.others(false, false)];
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, TURN_MS));
  }
}
