/** Studies of the open trace: their runs in the pool, gone on with, beside the run there is; and
 *  what a row opens of them. */
import type { Pool } from "../engine/pool.ts";
import type { StudyOpening } from "../engine/protocol.ts";
import { NO_ANALYSIS, type StudyState } from "../state/analysis.ts";
import { asLanes } from "../state/lanes.ts";
import type { Setup } from "../state/setup.ts";
import type { AnalysisActions } from "./analysis.ts";
import type { Context } from "./context.ts";
import { ofPage, type RunActions } from "./run.ts";

export class StudyActions {
  readonly #context: Context;
  readonly #pool: Pool;
  readonly #analysis: AnalysisActions;
  readonly #run: RunActions;

  constructor(context: Context, pool: Pool, analysis: AnalysisActions, run: RunActions) {
    this.#context = context;
    this.#pool = pool;
    this.#analysis = analysis;
    this.#run = run;
  }

  /** Opens the sheet of a study; "" closes it. */
  open(id: string): void {
    const { store } = this.#context;
    const { setup } = store.now;
    if (setup.study !== id) store.set({ setup: { ...setup, study: id } });
  }

  /** Serves the open trace in every run of the study that is open, unless its result is there. */
  async compute(): Promise<void> {
    const { tables, setup } = this.#context.store.now;
    const row = tables?.studies.find((one) => one.id === setup.study);
    if (row === undefined) return;
    if (this.#now.id !== row.id) {
      // The same as on the command line, so that both come to one verdict.
      this.#set({ ...NO_ANALYSIS.study, id: row.id, seeds: row.default_seeds });
    }
    if (this.#now.result === null) await this.resume();
  }

  /** Does the runs that have no summary yet, and concludes. */
  async resume(): Promise<void> {
    const { id, seeds } = this.#now;
    await this.#analysis.work("study", async (job, told) => {
      const count = await this.#pool.ask({ type: "study_cells", job, id, seeds });
      const all = Array.from({ length: count }, (_, number) => number);
      const open = all.filter((number) => !this.#now.found.has(number));
      let done = count - open.length;
      told.progress(done, count);
      await Promise.all(open.map(async (number) => {
        const summary = await this.#pool.ask({ type: "study_cell", job, id, seeds, number });
        told.set(({ study }) => ({ study: { ...study,
          found: new Map(study.found).set(number, summary) } }));
        done += 1;
        told.progress(done, count);
      }));
      const summaries = all.map((number) => this.#now.found.get(number)!);
      const result = await this.#pool.ask({ type: "study", job, id, seeds, summaries });
      told.set(({ study }) => ({ study: { ...study, result } }));
    });
  }

  /** Runs of a row become the lanes of the live view, in place of those there are. What serves the
   *  first requests of the trace rests after them. */
  show({ serves, lanes }: StudyOpening): void {
    const { store } = this.#context;
    const { setup: before, opened } = store.now;
    const [first, ...others] = lanes.map(({ config }) => ofPage(config));
    // The figures of a row are of all requests.
    const whole: Setup = { ...before, view: "run", scope: "run", study: "" };
    const laid = asLanes(whole, [first!, ...others]);
    if (Array.isArray(laid)) throw new Error(`lanes share ${laid.join(", ")}`);
    const own = typeof serves === "object" && "workload" in serves ? serves.workload : null;
    const setup = own === null ? this.#run.sameTrace(laid)
      : { ...laid, workload: own.id, trace: null, file: null, requests: own.requests,
        workloadSeed: String(own.seed), moments: [] };
    store.set({ setup, selected: 0, opened: opened + 1, kept: false, notices: [] });
    if (own === null) this.#run.restart();
    else this.#run.play(this.#run.workload(setup));
    if (typeof serves === "object" && "first" in serves) this.#run.seek(serves.first);
  }

  get #now(): StudyState {
    return this.#context.store.now.analysis.study;
  }

  #set(study: StudyState): void {
    const { analysis } = this.#context.store.now;
    this.#context.store.set({ analysis: { ...analysis, study } });
  }
}
