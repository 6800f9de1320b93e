/** Questions about the trace as a whole, answered in a pool beside the run. */
import { NoAnswer, type Pool } from "../engine/pool.ts";
import type { Config, Job, Source, Tables } from "../engine/protocol.ts";
import { ASKINGS, of, type AnalysisState, type Asking, type Work } from "../state/analysis.ts";
import type { State } from "../state/state.ts";
import type { Context } from "./context.ts";

export class AnalysisActions {
  readonly #context: Context;
  readonly #pool: Pool;
  /** The trace that the pool holds or is about to. */
  #packed: { trace: string; done: Promise<void> } | null = null;

  constructor(context: Context, pool: Pool) {
    this.#context = context;
    this.#pool = pool;
    context.store.subscribe((now) => this.#follow(now));
  }

  /** Computes the facts, unless they are there or on their way. */
  async facts(): Promise<void> {
    await this.work("facts", async (job, told) => {
      const value = await this.#pool.ask({ type: "facts", job }, told.progress);
      told.set((now) => ({ facts: { ...now.facts, value } }));
    });
  }

  /** Gives up what is being computed; what came of it so far stays. */
  cancel(kind: Asking): void {
    const job = this.#context.jobs.jobOf(kind);
    this.#context.jobs.end(kind);
    this.#setWork(kind, { phase: "cancelled" });
    // A trace that is being read is read for all questions.
    if (job !== null) this.#pool.cancel(job);
  }

  get #now(): AnalysisState {
    return this.#context.store.now.analysis;
  }

  /** Another trace, or another way of reading it: what was found out is of one that is gone. */
  #follow(now: State): void {
    const trace = traceOf(now);
    if (trace === "" || trace === now.analysis.trace) return;
    for (const kind of ASKINGS) this.#context.jobs.end(kind);
    this.#packed = null;
    this.#pool.forget();
    this.#context.store.set({ analysis: of(trace, now.analysis) });
  }

  #set(part: Partial<AnalysisState>): void {
    this.#context.store.set({ analysis: { ...this.#now, ...part } });
  }

  #setWork(kind: Asking, work: Partial<Work>): void {
    const now = this.#now[kind];
    this.#set({ [kind]: { ...now, work: { ...now.work, ...work } } });
  }

  /** One piece of work from its beginning to its end, with the trace there for it. */
  async work(
    kind: Asking,
    act: (job: Job, told: Told) => Promise<void>,
  ): Promise<void> {
    const { jobs } = this.#context;
    const before = jobs.jobOf(kind);
    if (before !== null) this.#pool.cancel(before);
    const job = jobs.begin(kind);
    const begun_ms = performance.now();
    const mine = () => jobs.kindOf(job) === kind;
    const told: Told = {
      progress: (done, total) => {
        if (mine()) this.#setWork(kind, { phase: "running", done, of: total });
      },
      set: (change) => {
        if (mine()) this.#set(change(this.#now));
      },
    };
    this.#setWork(kind, { phase: "reading", done: 0, of: 0, why: [] });
    try {
      await this.#read();
      if (!mine()) return;
      this.#setWork(kind, { phase: "running" });
      await act(job, told);
      if (mine()) this.#setWork(kind, { phase: "done", took_ms: performance.now() - begun_ms });
    } catch (error) {
      if (!mine()) return;
      this.#pool.cancel(job);
      if (!(error instanceof NoAnswer)) throw error;
      this.#setWork(kind, error.cancelled ? { phase: "cancelled" }
        : { phase: "failed", why: reasonsOf(error) });
    }
    if (mine()) jobs.end(kind);
  }

  /** Sees to it that the pool has the trace: it is read once, by a worker of the pool. */
  #read(): Promise<void> {
    const { store, jobs } = this.#context;
    const { trace } = store.now.analysis;
    const { source, tables, setup } = store.now;
    if (this.#packed?.trace === trace) return this.#packed.done;
    if (source === null || tables === null) throw new NoAnswer("no trace is open");
    const job = jobs.begin("pack");
    const config = readingOf(tables, setup.config);
    const done = this.#pool.ask({ type: "pack", job, config, source }).then((packed) => {
      if (this.#packed?.trace === trace) this.#pool.hold(packed);
    });
    // Whoever asks next tries again.
    done.catch(() => {
      if (this.#packed?.trace === trace) this.#packed = null;
    });
    this.#packed = { trace, done };
    return done;
  }
}

/** How a piece of work says what comes of it, while it is waited for. */
export interface Told {
  progress(done: number, of: number): void;
  set(change: (now: AnalysisState) => Partial<AnalysisState>): void;
}

/** Does something whenever it is asked to, but never twice at a time: what was asked for meanwhile
 *  is done once more. So partial answers cost no more than they are looked at. */
export function throttled(act: () => Promise<void>): () => Promise<void> {
  let [busy, again] = [false, false];
  return async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        await act();
      } while (again);
    } finally {
      busy = false;
    }
  };
}

/** The settings that say how a trace is read, which is all that packing it depends on. */
export function readingOf(tables: Tables, config: Config): Config {
  const names = tables.settings.filter(({ role }) => role === "reading").map(({ name }) => name);
  return Object.fromEntries(Object.entries(config).filter(([name]) => names.includes(name)));
}

/** A name of the open trace and the way it is read, the same for the same requests; "" is none. */
function traceOf({ source, tables, setup }: State): string {
  if (source === null || tables === null) return "";
  return `${nameOf(source)} ${JSON.stringify(readingOf(tables, setup.config))}`;
}

function nameOf(source: Source): string {
  if (source.kind !== "file") return JSON.stringify(source);
  const { name, size, lastModified } = source.file;
  return `${name} ${size} ${lastModified}`;
}

function reasonsOf({ message, failure }: NoAnswer): string[] {
  return failure.reasons.length > 0 ? failure.reasons.map((one) => one.message) : [message];
}
