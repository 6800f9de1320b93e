/** A sweep over the open trace: a grid built by choosing, run in the pool, gone on with. */
import type { Pool } from "../engine/pool.ts";
import type { Config, Grid, ParamValue, PolicyChoice } from "../engine/protocol.ts";
import { NO_ANALYSIS, type SweepState } from "../state/analysis.ts";
import { explicit, type Axes } from "../state/setup.ts";
import { throttled, type AnalysisActions } from "./analysis.ts";
import type { Context } from "./context.ts";

export class SweepActions {
  readonly #context: Context;
  readonly #pool: Pool;
  readonly #analysis: AnalysisActions;

  constructor(context: Context, pool: Pool, analysis: AnalysisActions) {
    this.#context = context;
    this.#pool = pool;
    this.#analysis = analysis;
  }

  /** Chooses what varies; what was found of another grid stays until the new one is run. */
  choose(axes: Axes, seeds: number): void {
    const { store } = this.#context;
    const { setup } = store.now;
    store.set({ setup: { ...setup, sweep: { ...setup.sweep, axes, seeds } } });
  }

  /** Which two metrics the frontier is of. */
  async compare(one: string, other: string): Promise<void> {
    const { store } = this.#context;
    const { setup } = store.now;
    store.set({ setup: { ...setup, sweep: { ...setup.sweep, against: [one, other] } } });
    const { amount } = await this.#amount(0);
    if (amount !== null) this.#set({ amount });
  }

  /** Runs the grid that is chosen now, from its beginning. */
  async start(): Promise<void> {
    const { tables, setup } = this.#context.store.now;
    if (tables === null) return;
    const { axes, seeds } = setup.sweep;
    const grid = gridOf(explicit(tables, setup.config), axes, seeds);
    this.#set({ ...NO_ANALYSIS.sweep, grid });
    await this.resume();
  }

  /** Runs the cells that have no row yet. */
  async resume(): Promise<void> {
    const { grid } = this.#now;
    if (grid === null) return this.start();
    await this.#analysis.work("sweep", async (job, told) => {
      const cells = await this.#pool.ask({ type: "cells", job, grid });
      told.set(({ sweep }) => ({ sweep: { ...sweep, cells } }));
      const open = cells.filter(({ number }) => !this.#now.results.has(number));
      let done = cells.length - open.length;
      const show = throttled(async () => {
        const so_far = await this.#amount(job);
        told.set(({ sweep }) => ({ sweep: { ...sweep, ...so_far } }));
      });
      told.progress(done, cells.length);
      await Promise.all(open.map(async ({ number }) => {
        const result = await this.#pool.ask({ type: "cell", job, grid, number });
        told.set(({ sweep }) => ({ sweep: { ...sweep,
          results: new Map(sweep.results).set(number, result) } }));
        done += 1;
        told.progress(done, cells.length);
        await show();
      }));
      const { amount } = await this.#amount(job);
      told.set(({ sweep }) => ({ sweep: { ...sweep, amount } }));
    });
  }

  /** The rows so far as the command line writes them, for `merge` and `--resume`. */
  async document(): Promise<string> {
    const { grid, results } = this.#now;
    if (grid === null) throw new Error("a sweep is saved once there is one");
    const rows = [...results.values()].map(({ row }) => row);
    return this.#pool.ask({ type: "document", job: 0, grid, rows });
  }

  async #amount(job: number): Promise<Pick<SweepState, "amount">> {
    const { results } = this.#now;
    const [one, other] = this.#context.store.now.setup.sweep.against;
    if (results.size === 0) return { amount: null };
    const rows = [...results.values()].map(({ row }) => row);
    return { amount: await this.#pool.ask({ type: "amount", job, rows, one, other }) };
  }

  get #now(): SweepState {
    return this.#context.store.now.analysis.sweep;
  }

  #set(part: Partial<SweepState>): void {
    const { analysis } = this.#context.store.now;
    this.#context.store.set({ analysis: { ...analysis, sweep: { ...analysis.sweep, ...part } } });
  }
}

/** The configuration as the base of a grid, without what the axes say. Exported for tests. */
export function gridOf(config: Config, axes: Axes, seeds: number): Grid {
  const used = Object.entries(axes).filter(([, values]) => values.length > 0);
  const varied = new Set(used.map(([name]) => name));
  const base: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(config)) {
    if (varied.has(name) || value === undefined) continue;
    // A grid has seeds of its own, and what is done to its clusters stands beside the base.
    if (name === "seed" || name === "perturb") continue;
    base[name] = typeof value === "object" ? choiceOf(value) : value;
  }
  const values = (texts: readonly string[]): unknown[] => texts.map(valueOf);
  const { perturb = [] } = config;
  return { base, ...(perturb.length > 0 ? { perturb } : {}),
    axes: Object.fromEntries(used.map(([name, texts]) => [name, values(texts)])),
    seeds: seeds > 1 ? seeds : [config.seed ?? "0"] };
}

function choiceOf({ id, params }: PolicyChoice): unknown {
  return params === undefined || Object.keys(params).length === 0 ? id : { id, params };
}

/** What a person typed, as the core has it: numbers and switches are no text. */
export function valueOf(text: string): ParamValue {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  const number = Number(trimmed);
  return trimmed !== "" && Number.isFinite(number) ? number : trimmed;
}
