/** Advice: which policies the trace asks for. The core says what to run and what it amounts to. */
import type { Pool } from "../engine/pool.ts";
import type { AdviceAsked, PolicyChoice } from "../engine/protocol.ts";
import type { AdviceState } from "../state/analysis.ts";
import { explicit, type AdviceSetup } from "../state/setup.ts";
import type { State } from "../state/state.ts";
import { throttled, type AnalysisActions } from "./analysis.ts";
import type { Context } from "./context.ts";
import { valueOf } from "./sweep.ts";

export class AdviceActions {
  readonly #context: Context;
  readonly #pool: Pool;
  readonly #analysis: AnalysisActions;

  constructor(context: Context, pool: Pool, analysis: AnalysisActions) {
    this.#context = context;
    this.#pool = pool;
    this.#analysis = analysis;
  }

  /** Asks for advice on the cluster that is chosen now. */
  async start(): Promise<void> {
    const asked = askedOf(this.#context.store.now);
    const { asked: before, answers } = this.#now;
    const same = before !== null && runsOf(before) === runsOf(asked);
    this.#set({ asked, ...(same ? { answers } : { answers: new Map(), advice: null }) });
    await this.resume();
  }

  /** Runs what has no answer yet. */
  async resume(): Promise<void> {
    const { asked } = this.#now;
    if (asked === null) return this.start();
    await this.#analysis.work("advice", async (job, told) => {
      const advise = async () => {
        const answers = [...this.#now.answers.values()];
        const { open, advice } = await this.#pool.ask({ type: "advice", job, asked, answers });
        told.set((now) => ({ advice: { ...now.advice, advice } }));
        return open;
      };
      const show = throttled(async () => void await advise());
      // Some runs are wanted only once others have told that chance plays a part.
      for (let open = await advise(); open.length > 0; open = await advise()) {
        const before = this.#now.answers.size;
        const of = before + open.length;
        told.progress(before, of);
        await Promise.all(open.map(async (number) => {
          const answer = await this.#pool.ask({ type: "advice_unit", job, asked, number });
          told.set((now) => ({ advice: { ...now.advice,
            answers: new Map(now.advice.answers).set(number, answer) } }));
          told.progress(this.#now.answers.size, of);
          await show();
        }));
      }
    });
  }

  /** Other seeds, lengths or weights. What was found stays until it is asked for again; weights run
   *  nothing, so that they count at once. */
  choose(part: Partial<AdviceSetup>): void {
    const { store } = this.#context;
    const { setup } = store.now;
    store.set({ setup: { ...setup, advice: { ...setup.advice, ...part } } });
    const { asked, advice } = this.#now;
    const now = askedOf(store.now);
    if (advice !== null && asked !== null && runsOf(asked) === runsOf(now)) void this.start();
  }

  get #now(): AdviceState {
    return this.#context.store.now.analysis.advice;
  }

  #set(part: Partial<AdviceState>): void {
    const { analysis } = this.#context.store.now;
    this.#context.store.set({ analysis: { ...analysis, advice: { ...analysis.advice, ...part } } });
  }
}

/** What is asked about the cluster that is chosen. Exported for tests. */
export function askedOf({ tables, setup }: State): AdviceAsked {
  const config = tables === null ? setup.config : explicit(tables, setup.config);
  const { routers, evictions, seeds, requests, weights } = setup.advice;
  const timed = config.clock?.id === "timed";
  // Without time there is no p99 to weigh.
  const told = Object.entries(weights).filter(([goal]) => timed || goal !== "p99");
  return { config, routers: routers.map(rowOf), evictions: evictions.map(rowOf), seeds,
    weights: Object.fromEntries(told), scenario_requests: requests };
}

/** A row as the command line has it, `enhanced:alpha=1,beta=0.2`; whether it can be run, the core
 *  says when asked. Exported for tests. */
export function rowOf(text: string): PolicyChoice {
  const colon = text.indexOf(":");
  if (colon < 0) return { id: text };
  const params = text.slice(colon + 1).split(",").map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return [name.trim(), valueOf(value.join("="))] as const;
  });
  return { id: text.slice(0, colon), params: Object.fromEntries(params) };
}

/** What the runs depend on, which weights do not. Exported for tests. */
export function runsOf({ weights: _, ...rest }: AdviceAsked): string {
  return JSON.stringify(rest);
}
