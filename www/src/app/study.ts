/** Studies of the open trace, apart from the run there is. */
import type { Failure, Study } from "../engine/protocol.ts";
import { isOwnTrace } from "../state/state.ts";
import { wake, type Context } from "./context.ts";
import type { RunActions } from "./run.ts";

/** Few enough for a page to wait for. */
const SEEDS = 5;

export class StudyActions {
  readonly #context: Context;
  readonly #run: RunActions;

  constructor(context: Context, run: RunActions) {
    this.#context = context;
    this.#run = run;
  }

  /** Serves the open trace in every cell of a study. */
  compute(id: string): void {
    const { store, engine, jobs } = this.#context;
    const { source: open, setup } = store.now;
    if (open === null) return;
    wake(this.#context);
    store.set({ study: { at: "computing" }, playing: false });
    const source = isOwnTrace(open) ? open : this.#run.workload(setup);
    const job = jobs.begin("study");
    engine.send({ type: "study", job, source, study: id, seeds: SEEDS });
  }

  done(result: Study): void {
    this.#context.store.set({ study: { at: "done", result } });
  }

  failed({ message }: Failure): void {
    this.#context.store.set({ study: { at: "failed", why: message } });
  }
}
