/** How far the combinations of the sweep go, and what that costs: each search is a question. */
import type { Pool } from "../engine/pool.ts";
import type { Cell } from "../engine/protocol.ts";
import { NO_ANALYSIS, type Limit, type LimitsState } from "../state/analysis.ts";
import { explicit, type Setup } from "../state/setup.ts";
import type { AnalysisActions } from "./analysis.ts";
import type { Context } from "./context.ts";
import { gridOf } from "./sweep.ts";

const TIMED = "timed";

export class LimitActions {
  readonly #context: Context;
  readonly #pool: Pool;
  readonly #analysis: AnalysisActions;

  constructor(context: Context, pool: Pool, analysis: AnalysisActions) {
    this.#context = context;
    this.#pool = pool;
    this.#analysis = analysis;
  }

  /** Searches for all combinations of the grid that is chosen now. */
  async start(): Promise<void> {
    const { tables, setup } = this.#context.store.now;
    if (tables === null) return;
    const { axes, seeds } = setup.sweep;
    // Limits are of times: without a clock that tells them it is the timed one as it stands.
    const timed = setup.config.clock?.id === TIMED ? setup.config
      : { ...setup.config, clock: { id: TIMED } };
    // Nothing is done to these clusters: the core has no search for those that change.
    const { perturb: _, ...config } = timed;
    this.#set({ ...NO_ANALYSIS.limits, grid: gridOf(explicit(tables, config), axes, seeds) });
    await this.resume();
  }

  /** Searches for what was not found yet. */
  async resume(): Promise<void> {
    const { grid } = this.#now;
    if (grid === null) return this.start();
    await this.#analysis.work("limits", async (job, told) => {
      const cells = await this.#pool.ask({ type: "cells", job, grid });
      const known = this.#now.found;
      const all = firstOf(cells).map((cell) => known.get(cell.group)
        ?? { cell, rate: null, nodes: null, cache_bytes: null });
      told.set(({ limits }) => ({ limits: { ...limits,
        found: new Map(all.map((limit) => [limit.cell.group, limit])) } }));
      const open = all.flatMap(({ cell, rate, nodes }) => [
        ...(rate === null ? [{ type: "most_rate" as const, cell }] : []),
        ...(nodes === null ? [{ type: "least_nodes" as const, cell }] : [])]);
      let done = 2 * all.length - open.length;
      told.progress(done, 2 * all.length);
      await Promise.all(open.map(async ({ type, cell: { group, number } }) => {
        const part: Partial<Limit> = type === "most_rate"
          ? { rate: await this.#pool.ask({ type, job, grid, number }) }
          : await this.#pool.ask({ type, job, grid, number }).then(({ search, cache_bytes }) =>
            ({ nodes: search, cache_bytes }));
        told.set(({ limits }) => ({ limits: { ...limits,
          found: new Map(limits.found).set(group, { ...limits.found.get(group)!, ...part }) } }));
        done += 1;
        told.progress(done, 2 * all.length);
      }));
      const costs = await this.#price(job);
      told.set(({ limits }) => ({ limits: { ...limits, costs } }));
    });
  }

  /** Other prices: nothing is searched again. */
  async price(prices: Setup["prices"]): Promise<void> {
    const { store } = this.#context;
    store.set({ setup: { ...store.now.setup, prices } });
    const costs = await this.#price(0);
    if (store.now.setup.prices === prices) this.#set({ costs });
  }

  async #price(job: number): Promise<LimitsState["costs"]> {
    const { found } = this.#now;
    const { node, gib } = this.#context.store.now.setup.prices;
    const all = [...found.values()];
    if (all.length === 0) return new Map();
    const sizes = all.map(({ nodes, cache_bytes }) => [nodes?.found ?? null, cache_bytes]);
    const costs = await this.#pool.ask({ type: "prices", job, sizes, node, gib });
    return new Map(all.map(({ cell }, i) => [cell.group, costs[i] ?? null]));
  }

  get #now(): LimitsState {
    return this.#context.store.now.analysis.limits;
  }

  #set(part: Partial<LimitsState>): void {
    const { analysis } = this.#context.store.now;
    this.#context.store.set({ analysis: { ...analysis, limits: { ...analysis.limits, ...part } } });
  }
}

/** The first cell of each combination: its first seed. Exported for tests. */
export function firstOf(cells: Cell[]): Cell[] {
  return cells.filter(({ group }, i) => i === 0 || cells[i - 1]!.group !== group);
}
