/** Questions about the trace as a whole, answered in a pool beside the run. */
import { NoAnswer, type Pool } from "../engine/pool.ts";
import type { Config, Job, Source, Tables } from "../engine/protocol.ts";
import { ASKINGS, CALLED, isAsking, isBusy, of, type AnalysisState, type Asking, type Work }
  from "../state/analysis.ts";
import type { State } from "../state/state.ts";
import type { Context } from "./context.ts";

export class AnalysisActions {
  readonly #context: Context;
  readonly #pool: Pool;
  /** The trace that the pool holds or is about to. */
  #packed: { trace: string; done: Promise<void> } | null = null;
  /** Likewise the sample. */
  #thinned: { trace: string; rate: number; done: Promise<void> } | null = null;

  constructor(context: Context, pool: Pool) {
    this.#context = context;
    this.#pool = pool;
    context.store.subscribe((now) => this.#follow(now));
    this.#follow(context.store.now);
    pool.onWait = (job, behind) => this.#waits(job, behind);
  }

  /** Computes the facts, unless they are there or on their way. */
  async facts(): Promise<void> {
    await this.work("facts", async (job, told) => {
      const value = await this.#pool.ask({ type: "facts", job }, told.progress);
      told.set((now) => ({ facts: { ...now.facts, value } }));
    });
  }

  /** Gives up what is being computed; what came of it so far stays. What has just ended has. */
  cancel(kind: Asking): void {
    if (!isBusy(this.#now[kind].work)) return;
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
    this.#thinned = null;
    this.#pool.forget();
    // The first trace is the one that a link's times are of.
    const setup = now.analysis.trace === "" ? now.setup : { ...now.setup, took_s: {} };
    this.#context.store.set({ setup, analysis: of(trace) });
  }

  /** A question waits for those who keep the workers busy, or, with none, no longer. */
  #waits(job: Job, behind: Job[]): void {
    const { jobs } = this.#context;
    const nameOf = (job: Job) => {
      const kind = jobs.kindOf(job);
      return kind !== null && isAsking(kind) ? CALLED[kind] : "what was asked before";
    };
    const words = [...new Set(behind.map(nameOf))].join(" and ");
    const kind = jobs.kindOf(job);
    // Whoever waits for the trace waits for what reads it.
    const reads = kind === "pack" || kind === "thin";
    const waiting = ASKINGS.filter((asking) =>
      (reads ? this.#now[asking].work.phase === "reading" : asking === kind));
    for (const asking of waiting) this.#setWork(asking, { behind: words });
  }

  #set(part: Partial<AnalysisState>): void {
    this.#context.store.set({ analysis: { ...this.#now, ...part } });
  }

  #setWork(kind: Asking, work: Partial<Work>): void {
    const now = this.#now[kind];
    this.#set({ [kind]: { ...now, work: { ...now.work, ...work } } });
  }

  /** Says in the link how long the answer took. What somebody typed is no part of a link. */
  #took(kind: Asking, took_ms: number | null): void {
    const { store } = this.#context;
    const { [kind]: _, ...others } = store.now.setup.took_s;
    if (kind === "facts" || kind === "decisions" || kind === "requests") return;
    const took_s = took_ms === null ? others
      : { ...others, [kind]: Number((took_ms / 1000).toPrecision(3)) };
    store.set({ setup: { ...store.now.setup, took_s } });
  }

  /** One piece of work from its beginning to its end, with the trace there for it, or so large a
   *  share of its blocks; null is work that reads the trace itself. */
  async work(
    kind: Asking,
    act: (job: Job, told: Told) => Promise<void>,
    rate: number | null = 1,
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
    this.#setWork(kind, { phase: "reading", done: 0, of: 0, why: [], behind: "" });
    this.#took(kind, null);
    try {
      if (rate === 1) await this.#read();
      else if (rate !== null) {
        await this.#thin(rate, (done, of) => {
          if (mine()) this.#setWork(kind, { done, of });
        });
      }
      if (!mine()) return;
      this.#setWork(kind, { phase: "running" });
      await act(job, told);
      if (mine()) {
        const took_ms = performance.now() - begun_ms;
        this.#setWork(kind, { phase: "done", took_ms });
        this.#took(kind, took_ms);
      }
    } catch (error) {
      if (!mine()) return;
      this.#pool.cancel(job);
      if (!(error instanceof NoAnswer)) throw error;
      this.#setWork(kind, error.cancelled ? { phase: "cancelled" }
        : { phase: "failed", why: reasonsOf(error) });
    }
    if (mine()) jobs.end(kind);
  }

  /** Sees to it that the pool has the sample. */
  #thin(rate: number, progress: Told["progress"]): Promise<void> {
    const { store, jobs } = this.#context;
    const { trace } = store.now.analysis;
    const { source, tables, setup } = store.now;
    if (this.#thinned?.trace === trace && this.#thinned.rate === rate) return this.#thinned.done;
    if (source === null || tables === null) throw new NoAnswer("no trace is open");
    const job = jobs.begin("thin");
    const config = readingOf(tables, setup.config);
    const mine = () => this.#thinned?.trace === trace && this.#thinned.rate === rate;
    const done = this.#pool.ask({ type: "thin", job, config, source, rate }, progress)
      .then((sample) => {
        if (mine()) this.#pool.holdSample(sample);
      });
    done.catch(() => {
      if (mine()) this.#thinned = null;
    });
    this.#thinned = { trace, rate, done };
    return done;
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

/** Does something whenever it is asked to, but never twice at a time, and then rests nine times as
 *  long as it took: so partial answers cost no more than a tenth of the time, however much there is
 *  to look at. Who asks does it once more at the end. */
export function throttled(act: () => Promise<void>, now_ms = () => performance.now())
  : () => Promise<void> {
  let busy = false;
  let rested_ms = Number.NEGATIVE_INFINITY;
  return async () => {
    const begun_ms = now_ms();
    if (busy || begun_ms < rested_ms) return;
    busy = true;
    try {
      await act();
    } finally {
      busy = false;
      rested_ms = now_ms() + 9 * (now_ms() - begun_ms);
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
