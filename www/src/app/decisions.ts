/** Decisions looked up: a run of its own in the pool, so that the live view stays where it is. */
import type { Pool } from "../engine/pool.ts";
import type { Wanted } from "../engine/protocol.ts";
import { IDLE } from "../state/analysis.ts";
import type { AnalysisActions } from "./analysis.ts";
import type { Context } from "./context.ts";
import { runOf } from "../state/state.ts";

/** Decisions that the story of a policy tells. */
export const STORY = 20;

export class DecisionActions {
  readonly #context: Context;
  readonly #pool: Pool;
  readonly #analysis: AnalysisActions;

  constructor(context: Context, pool: Pool, analysis: AnalysisActions) {
    this.#context = context;
    this.#pool = pool;
    this.#analysis = analysis;
  }

  /** `count` decisions of the configuration on the page, from the wanted one on. */
  async find(wanted: Wanted, count: number, title: string): Promise<void> {
    const { store } = this.#context;
    const { config } = runOf(store.now);
    const { analysis } = store.now;
    const decisions = { ...analysis.decisions, title, config, steps: [] };
    store.set({ analysis: { ...analysis, decisions } });
    await this.#analysis.work("decisions", async (job, told) => {
      const steps = await this.#pool.ask({ type: "decisions", job, config, wanted, count },
        told.progress);
      told.set(({ decisions }) => ({ decisions: { ...decisions, steps } }));
    });
  }

  /** What could not be found is told no longer. */
  dismiss(): void {
    const { store } = this.#context;
    const { analysis } = store.now;
    if (analysis.decisions.work.phase !== "failed") return;
    store.set({ analysis: { ...analysis, decisions: { ...analysis.decisions, work: IDLE } } });
  }

  /** The first decisions, with what they make of the load. */
  async story(): Promise<void> {
    await this.find({ number: 1 }, STORY, "The story: the first decisions of this policy");
  }
}
