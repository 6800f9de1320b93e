/** Studies of the open trace, apart from the run there is. */
import type { Failure, Figure5 } from "../engine/protocol.ts";
import { isOwnTrace } from "../state/state.ts";
import { wake, type Context } from "./context.ts";
import type { RunActions } from "./run.ts";

/** Enough for the mean of a seeded router, and a matter of seconds. */
const FIGURE5_SEEDS = 5;

export class StudyActions {
  readonly #context: Context;
  readonly #run: RunActions;

  constructor(context: Context, run: RunActions) {
    this.#context = context;
    this.#run = run;
  }

  /** Serves the open trace under each scheduler of Mooncake's Figure 5. */
  figure5(): void {
    const { store, engine, jobs } = this.#context;
    const { source: open, setup } = store.now;
    if (open === null) return;
    wake(this.#context);
    store.set({ figure5: { at: "computing" }, playing: false });
    const source = isOwnTrace(open) ? open : this.#run.workload(setup);
    engine.send({ type: "figure5", job: jobs.begin("figure5"), source, seeds: FIGURE5_SEEDS });
  }

  figure5Done(result: Figure5): void {
    this.#context.store.set({ figure5: { at: "done", result } });
  }

  figure5Failed({ message }: Failure): void {
    this.#context.store.set({ figure5: { at: "failed", why: message } });
  }
}
