/** Lanes beside each other over seeds: every lane on the whole trace once a seed, in the pool. */
import type { Pool } from "../engine/pool.ts";
import type { CellConfig, Job } from "../engine/protocol.ts";
import { NO_ANALYSIS, type RepeatState } from "../state/analysis.ts";
import { configOf } from "../state/lanes.ts";
import { explicit } from "../state/setup.ts";
import type { State } from "../state/state.ts";
import { throttled, type AnalysisActions, type Told } from "./analysis.ts";
import type { Context } from "./context.ts";

export class RepeatActions {
  readonly #context: Context;
  readonly #pool: Pool;
  readonly #analysis: AnalysisActions;

  constructor(context: Context, pool: Pool, analysis: AnalysisActions) {
    this.#context = context;
    this.#pool = pool;
    this.#analysis = analysis;
  }

  /** The lanes that are chosen now, over so many seeds; what is known of them is not run again. */
  async start(seeds: number): Promise<void> {
    const configs = lanesNow(this.#context.store.now);
    const { configs: before, found } = this.#now;
    const same = JSON.stringify(before) === JSON.stringify(configs);
    const kept = [...(same ? found : [])].filter(([number]) => number < seeds * configs.length);
    this.#set({ ...NO_ANALYSIS.repeat, configs, seeds, found: new Map(kept) });
    await this.resume();
  }

  /** Does the runs that have no summary yet. */
  async resume(): Promise<void> {
    const { configs, seeds } = this.#now;
    await this.#analysis.work("repeat", async (job, told) => {
      const all = Array.from({ length: seeds * configs.length }, (_, number) => number);
      const open = all.filter((number) => !this.#now.found.has(number));
      const show = throttled(() => this.#compare(job, told));
      let done = all.length - open.length;
      told.progress(done, all.length);
      await Promise.all(open.map(async (number) => {
        const [by, lane] = [Math.floor(number / configs.length), number % configs.length];
        const summary = await this.#pool.ask({ type: "repeat", job, config: configs[lane]!, by });
        told.set(({ repeat }) => ({ repeat: { ...repeat,
          found: new Map(repeat.found).set(number, summary) } }));
        done += 1;
        told.progress(done, all.length);
        await show();
      }));
      await this.#compare(job, told);
    });
  }

  /** Over the first seeds that every lane has been run with. */
  async #compare(job: Job, told: Told): Promise<void> {
    const { configs, found, seeds } = this.#now;
    const numberOf = (by: number, lane: number) => by * configs.length + lane;
    let whole = 0;
    const isThere = (by: number) => configs.every((_, lane) => found.has(numberOf(by, lane)));
    while (whole < seeds && isThere(whole)) whole += 1;
    if (whole === 0) return;
    const runs = configs.map((_, lane) => Array.from({ length: whole }, (_, by) =>
      found.get(numberOf(by, lane))!));
    const comparison = await this.#pool.ask({ type: "beside", job, configs, runs });
    told.set(({ repeat }) => ({ repeat: { ...repeat, comparison } }));
  }

  get #now(): RepeatState {
    return this.#context.store.now.analysis.repeat;
  }

  #set(repeat: RepeatState): void {
    const { analysis } = this.#context.store.now;
    this.#context.store.set({ analysis: { ...analysis, repeat } });
  }
}

/** What every lane runs, all of it said. */
export function lanesNow({ tables, setup }: State): CellConfig[] {
  if (tables === null) return [];
  return [setup.config, ...setup.others].map((_, lane) => explicit(tables, configOf(setup, lane)));
}
