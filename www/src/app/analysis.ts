/** Questions about the trace as a whole, answered in a pool beside the run. */
import { NoAnswer, type Pool } from "../engine/pool.ts";
import type { Config, Grid, Job, LruCurve, Source, Tables } from "../engine/protocol.ts";
import { of, type AnalysisState, type CurveState, type Line, type Work }
  from "../state/analysis.ts";
import type { JobKind } from "../state/jobs.ts";
import type { State } from "../state/state.ts";
import type { Context } from "./context.ts";

/** Points of the exact curve, and capacities at which other policies are run. */
const EXACT_POINTS = 300;
const MEASURED_POINTS = 24;

export type Asking = "facts" | "curve" | "sweep" | "study";

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

  /** The curve of LRU, and of whatever policies are wanted beside it. */
  async curve(): Promise<void> {
    const { curve: wanted, config: { insertion = "flat" } } = this.#context.store.now.setup;
    const before = this.#now.curve;
    const kept = before.insertion === insertion ? before : { ...before, lru: null, lines: [],
      measured: [] };
    this.#set({ curve: { ...kept, insertion, bends: null } });
    await this.work("curve", async (job, told) => {
      await this.#curve(job, wanted, insertion, told);
    });
  }

  /** Other policies beside LRU. */
  chooseCurve(curve: string[]): void {
    const { store } = this.#context;
    store.set({ setup: { ...store.now.setup, curve } });
    void this.curve();
  }

  /** Gives up what is being computed; what came of it so far stays. */
  cancel(kind: Asking): void {
    const job = this.#context.jobs.jobOf(kind);
    this.#context.jobs.end(kind);
    this.#setWork(kind, { phase: "cancelled" });
    // A trace that is being read is read for all questions.
    if (job !== null) this.#pool.cancel(job);
  }

  async #curve(job: Job, wanted: readonly string[], insertion: string, told: Told): Promise<void> {
    const ask = (count: number, progress = told.progress) =>
      this.#pool.ask({ type: "curve", job, insertion, count }, progress);
    const lru = await ask(EXACT_POINTS);
    const exact = lineOf("lru", true, lru);
    const others = wanted.filter((id) => id !== "lru");
    const known = this.#now.curve.lines.filter(({ eviction }) => others.includes(eviction));
    told.curve({ lru, lines: [exact, ...known] });
    const measuredLru = lineOf("lru", true, await ask(MEASURED_POINTS));
    const { capacity } = measuredLru;
    const grid = { base: { nodes: 1, insertion },
      axes: { eviction: others, capacity_blocks: capacity } };
    const found = others.length === 0 ? [] : await this.#measure(job, grid, known, told);
    const measured = [measuredLru, ...found];
    const rates = measured.map((line) => line.token_hit_rate);
    const bends = await this.#pool.ask({ type: "bends", job, capacity, rates });
    told.curve({ lines: [exact, ...found], measured, bends });
  }

  /** Runs policies at the capacities at which they were not run yet; the lines grow as the runs
   *  come in. */
  async #measure(job: Job, grid: Grid, known: Line[], told: Told): Promise<Line[]> {
    const metrics = this.#tables().metrics.map(({ id }) => id);
    const cells = await this.#pool.ask({ type: "cells", job, grid });
    const exact = this.#now.curve.lines.filter((line) => line.exact);
    const lines = new Map(cells.map(({ point }) => nameOfLine(point)).map((eviction) =>
      [eviction, known.find((line) => line.eviction === eviction) ?? { ...EMPTY, eviction }]));
    const open = cells.filter(({ point }) =>
      lines.get(nameOfLine(point))?.capacity.includes(Number(point["capacity_blocks"])) === false);
    let done = cells.length - open.length;
    await Promise.all(open.map(async ({ number, point }) => {
      const { values } = await this.#pool.ask({ type: "cell", job, grid, number });
      const rate = (name: string) => values[metrics.indexOf(name)] ?? 0;
      const [id, line] = [nameOfLine(point), lines.get(nameOfLine(point)) ?? EMPTY];
      lines.set(id, withPoint(line, Number(point["capacity_blocks"]), rate("token_hit_rate"),
        rate("prefix_hit_rate")));
      done += 1;
      told.progress(done, cells.length);
      told.curve({ lines: [...exact, ...lines.values()] });
    }));
    return [...lines.values()];
  }

  get #now(): AnalysisState {
    return this.#context.store.now.analysis;
  }

  #tables(): Tables {
    const { tables } = this.#context.store.now;
    if (tables === null) throw new Error("a question came before the tables");
    return tables;
  }

  /** Another trace, or another way of reading it: what was found out is of one that is gone. */
  #follow(now: State): void {
    const trace = traceOf(now);
    if (trace === "" || trace === now.analysis.trace) return;
    for (const kind of ["facts", "curve", "sweep", "study"] as const) this.#context.jobs.end(kind);
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
    const mine = () => jobs.kindOf(job) === (kind as JobKind);
    const told: Told = {
      progress: (done, total) => {
        if (mine()) this.#setWork(kind, { phase: "running", done, of: total });
      },
      set: (change) => {
        if (mine()) this.#set(change(this.#now));
      },
      curve: (part) => {
        if (mine()) this.#set({ curve: { ...this.#now.curve, ...part } });
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
  curve(part: Partial<CurveState>): void;
}

const EMPTY: Line = { eviction: "", exact: false, capacity: [], token_hit_rate: [],
  prefix_hit_rate: [] };

const nameOfLine = (point: Record<string, string>): string => point["eviction"] ?? "";

function lineOf(eviction: string, exact: boolean, curve: LruCurve): Line {
  return { eviction, exact, capacity: [...curve.capacity],
    token_hit_rate: [...curve.token_hit_rate], prefix_hit_rate: [...curve.prefix_hit_rate] };
}

/** The line with one more point, which may come in any order. Exported for tests. */
export function withPoint(line: Line, capacity: number, token: number, prefix: number): Line {
  const at = line.capacity.filter((one) => one < capacity).length;
  const put = (list: number[], value: number) => [...list.slice(0, at), value, ...list.slice(at)];
  return { ...line, capacity: put(line.capacity, capacity),
    token_hit_rate: put(line.token_hit_rate, token),
    prefix_hit_rate: put(line.prefix_hit_rate, prefix) };
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
