/** Requests looked up: where each lane sent them and why, in a run of its own in the pool, so that
 *  the live view stays where it is. */
import type { Pool } from "../engine/pool.ts";
import type { Wanted } from "../engine/protocol.ts";
import type { RequestsState } from "../state/analysis.ts";
import { PAGE, configsOf, isOfLanes, pageOf } from "../state/requests.ts";
import { served } from "../state/run.ts";
import { runOf } from "../state/state.ts";
import type { AnalysisActions } from "./analysis.ts";
import type { Context } from "./context.ts";
import type { DecisionActions } from "./decisions.ts";

/** Browsers allow so many changes of the address in a while, and keys repeat faster. */
const SETTLE_MS = 300;

export class RequestActions {
  readonly #context: Context;
  readonly #pool: Pool;
  readonly #analysis: AnalysisActions;
  readonly #decisions: DecisionActions;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(context: Context, pool: Pool, analysis: AnalysisActions,
    decisions: DecisionActions) {
    this.#context = context;
    this.#pool = pool;
    this.#analysis = analysis;
    this.#decisions = decisions;
  }

  /** The request that is chosen, or the one that the run stands at, with those around it. */
  async open(): Promise<void> {
    const { now } = this.#context.store;
    await this.go(now.setup.request ?? Math.max(1, served(runOf(now))));
  }

  /** Chooses a request by its number, or the nearest there is; those around it are looked up where
   *  they are not on the page. `asked` is the number that somebody gave. */
  async go(number: number, asked = number): Promise<void> {
    const { store } = this.#context;
    this.#decisions.dismiss();
    const mine = isOfLanes(store.now);
    const last = mine ? this.#now.total : null;
    const chosen = Math.max(1, Math.min(Math.round(number), last ?? Infinity));
    const isNone = asked < 1 || !Number.isInteger(asked) || (last !== null && last < asked);
    this.#set({ chosen, missing: isNone ? asked : null });
    this.#writeDown();
    if (!mine || !this.#now.rows.some((row) => row.number === chosen)) {
      await this.look(pageOf(chosen));
    }
  }

  /** Looks up the requests from this one on. */
  async look(from: number): Promise<void> {
    const { store } = this.#context;
    const { source } = store.now;
    const configs = configsOf(store.now);
    this.#set({ from, ...(isOfLanes(store.now) ? {} : { configs, rows: [], total: null }) });
    if (source === null) return;
    await this.#analysis.work("requests", async (job, told) => {
      const { rows, total } = await this.#pool.ask({ type: "requests", job, configs, source, from,
        count: PAGE }, told.progress);
      told.set((now) => ({ requests: { ...now.requests, rows,
        total: total ?? now.requests.total } }));
    }, null);
    const { work, total, chosen } = this.#now;
    if (work.phase === "done" && total !== null && total > 0 && chosen > total) {
      await this.go(total, chosen);
    }
  }

  /** The first request from a moment on, or in a family, of the lane that is selected. */
  async find(wanted: Wanted, title: string): Promise<void> {
    await this.#decisions.find(wanted, 1, title);
    const { work, steps: [first] } = this.#context.store.now.analysis.decisions;
    if (work.phase === "done" && first !== undefined) await this.go(first.request);
  }

  /** The link names the request once nobody goes from row to row any more. */
  #writeDown(): void {
    const { store } = this.#context;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() =>
      store.set({ setup: { ...store.now.setup, request: this.#now.chosen } }), SETTLE_MS);
  }

  get #now(): RequestsState {
    return this.#context.store.now.analysis.requests;
  }

  #set(part: Partial<RequestsState>): void {
    const { analysis } = this.#context.store.now;
    const requests = { ...analysis.requests, ...part };
    this.#context.store.set({ analysis: { ...analysis, requests } });
  }
}
