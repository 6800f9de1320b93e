/** One run: a simulator, and the source that feeds it while it serves. */
import type { Compared, Comparison, Config, Decision, Frame, HotBlock, LaneNews, LoadState,
  Migration, ReadReport, Simulator, Source } from "../engine/protocol.ts";
import { ReadFailure } from "./failure.ts";
import { Rate, StepSize } from "./pace.ts";
import type { ByteSource } from "./source.ts";

/** Reading stops while this many parsed requests wait: memory does not grow with the trace. */
const WAITING_LIMIT = 16_384;
/** Bytes parsed at a go, so that a frame never waits long for the parser. */
const SLICE_BYTES = 1 << 20;
const SYNTH_BATCH = 2048;
/** Traces up to this size are kept whole, so that any moment can be gone to: as they lie on disk,
 *  where what is compressed counts eightfold. */
const KEPT_BYTES = 256 << 20;
const INFLATION = 8;
/** What checkpoints of the lanes may take. */
const CHECKPOINT_MIB = 256;
/** Distinct blocks known at most, where nobody says how many: their names fit into a browser. */
const DISTINCT_BUDGET = 2 ** 25;

/** Opens a trace; `stop` gives up what is on its way from the network. */
export type Open = (source: TraceSource, stop?: AbortSignal) => Promise<ByteSource>;
export type TraceSource = Exclude<Source, { kind: "workload" }>;

export class Run {
  readonly #sim: Simulator & Compared;
  readonly #memory: WebAssembly.Memory;
  readonly #open: Open | null;
  readonly #waiting_limit: number;
  readonly #step = new StepSize();
  readonly #rate = new Rate();
  #bytes: ByteSource | null = null;
  /** Gives up what is on its way from the network. */
  readonly #stop = new AbortController();
  #phase: LoadState["phase"] = "reading";
  /** Bytes parsed since messages were let in. */
  #at_a_go = 0;
  #stopped = false;
  #freed = false;
  #explaining = false;
  /** The last call served nothing although requests waited. */
  #starved = false;
  #wake: (() => void) | null = null;
  #listed = { count: -1, settled: true };
  #remembers = false;
  #kept = false;
  #checkpoints = false;
  /** Where it was asked to go and has not come yet. */
  #target: number | null = null;
  #seeks = 0;

  constructor(sim: Simulator & Compared, memory: WebAssembly.Memory, open: Open | null,
    waiting_limit = WAITING_LIMIT) {
    this.#open = open;
    this.#waiting_limit = waiting_limit;
    this.#sim = sim;
    this.#memory = memory;
  }

  /** Reads the source to its end, waiting whenever enough requests wait. */
  async feed(source: Source): Promise<void> {
    try {
      if (source.kind === "workload") await this.#synthesize(source);
      else await this.#read(source);
    } catch (error) {
      // The part that was read is served to its end, unless the core itself is broken.
      if (error instanceof WebAssembly.RuntimeError || this.#freed) throw error;
      if (!this.#givenUp(error)) {
        this.#sim.finish();
        this.#phase = "stopped";
        throw error;
      }
    } finally {
      this.#bytes?.close();
    }
    if (this.#freed) return;
    if (this.#stopped) this.#sim.finish_early();
    else if (source.kind !== "workload") this.#sim.finish();
    this.#phase = this.#stopped ? "stopped" : "complete";
  }

  /** Keeps the trace, so that any moment can be gone to, if it is not too long for it; to be called
   *  before it is fed. */
  remember(): void {
    this.#remembers = true;
  }

  /** Keeps copies of the lanes from here on, so that going back is quick; more than once changes
   *  nothing. What copies is not among the core's first part. */
  keepCheckpoints(): void {
    if (this.#checkpoints) return;
    this.#checkpoints = true;
    if (this.#kept) this.#sim.remember(CHECKPOINT_MIB);
  }

  seek(to: number): void {
    this.#seeks += 1;
    this.#target = to;
    this.#approach();
  }

  get seeks(): number {
    return this.#seeks;
  }

  get seeking(): boolean {
    return this.#target !== null;
  }

  /** As far as the trace has come; what is missing is read on. */
  #approach(): void {
    if (this.#target === null) return;
    // A decision is taken down while its request is served.
    const last = this.#explaining ? Math.min(this.#target, 1) : 0;
    const at = this.#sim.seek(this.#target - last) + this.#sim.step(last);
    const ended = this.#phase === "complete" || this.#phase === "stopped";
    if (at >= this.#target || (ended && this.#sim.waiting() === 0)) this.#target = null;
    this.#goOn();
  }

  advance(max_requests: number, budget_ms: number): void {
    if (this.#target !== null) return this.#approach();
    const end_ms = performance.now() + budget_ms;
    let left = max_requests;
    while (left > 0 && this.#sim.waiting() > 0) {
      const begin_ms = performance.now();
      if (begin_ms >= end_ms) break;
      const served = this.#sim.step(Math.min(left, this.#step.size));
      this.#starved = served === 0;
      if (this.#starved) break;
      this.#step.learn(served, performance.now() - begin_ms, budget_ms);
      left -= served;
    }
    if (!this.#isFull()) this.#goOn();
  }

  frame(series: boolean): Frame {
    return this.#sim.frame(series);
  }

  /** The whole list, when it says something that an earlier one did not. */
  migrations(count: number, whole: boolean): Migration[] | null {
    if (!whole && count === this.#listed.count && this.#listed.settled) return null;
    const list = this.#sim.migrations();
    this.#listed = { count, settled: list.every((m) => m.hit_rate_after !== null) };
    return list;
  }

  explain(wanted: boolean): void {
    this.#explaining = wanted;
    this.#sim.explain(wanted);
  }

  decision(): Decision | null {
    return this.#explaining ? this.#sim.decision() : null;
  }

  hottest(lane: number, most: number): HotBlock[] {
    return this.#sim.hottest(lane, most);
  }

  summary(): Record<string, unknown> {
    return this.#sim.summary();
  }

  events(lane: number): string {
    return this.#sim.events_csv(lane);
  }

  /** The other lanes' frames, and with the series what has changed of their migrations. */
  others(series: boolean, whole: boolean): LaneNews[] {
    const others = this.#sim.others(series);
    return others.map(({ frame, decision }, i) => ({ frame,
      decision: this.#explaining ? decision : null,
      migrations: whole || (series && frame.totals.migrations > 0)
        ? this.#sim.migrations_of(i + 1) : null,
    }));
  }

  comparison(): Comparison {
    return this.#sim.comparison();
  }

  /** What the command line prints of every lane, beside what they differ in. */
  compared(configs: Config[]): Record<string, unknown> {
    const { sentence, differences, names, seeds, lines } = this.comparison();
    const lanes = this.#sim.summaries().map((run, i) =>
      ({ name: names[i], config: configs[i], run }));
    return { sentence, differences, lanes, seeds, metrics: lines };
  }

  /** Keeps the whole trace from here on, to be packed once it has been read. */
  keep(): void {
    this.#sim.keep();
  }

  pack(): Uint8Array<ArrayBuffer> {
    return this.#sim.pack();
  }

  report(): ReadReport {
    return this.#sim.report();
  }

  load(): LoadState {
    const held = this.#phase === "reading" && this.#wake !== null;
    return {
      phase: held ? "held" : this.#phase,
      read_bytes: this.#bytes?.read_bytes ?? 0,
      total_bytes: this.#bytes?.total_bytes ?? null,
      bytes_per_s: held ? 0 : this.#rate.perSecond(performance.now()),
      compression: this.#bytes?.compression ?? "",
      kept: this.#kept,
    };
  }

  stopReading(): void {
    this.#stopped = true;
    this.#stop.abort();
    this.#goOn();
  }

  free(): void {
    this.stopReading();
    this.#freed = true;
    this.#sim.free();
  }

  /** Whether reading ended only because somebody stopped it. */
  #givenUp(error: unknown): boolean {
    return this.#stopped && error instanceof ReadFailure;
  }

  #keepAll(): void {
    this.#sim.keep();
    this.#kept = true;
    if (this.#checkpoints) this.#sim.remember(CHECKPOINT_MIB);
  }

  async #synthesize(source: Source & { kind: "workload" }): Promise<void> {
    const { id, seed, requests } = source;
    if (this.#remembers) this.#keepAll();
    do {
      await macrotask();
      await this.#room();
    } while (!this.#stopped && this.#sim.synthesize(id, seed, requests, SYNTH_BATCH));
  }

  async #read(source: TraceSource): Promise<void> {
    if (this.#open === null) throw new Error("this worker reads no traces");
    this.#bytes = await this.#open(source, this.#stop.signal);
    const { total_bytes, compression } = this.#bytes;
    const size = (total_bytes ?? Infinity) * (compression === "" ? 1 : INFLATION);
    if (this.#remembers && size <= KEPT_BYTES) this.#keepAll();
    while (!this.#stopped) {
      await this.#room();
      if (this.#stopped) return;
      const chunk = await this.#bytes.pull();
      if (chunk === null) return;
      this.#rate.add(performance.now(), this.#bytes.read_bytes);
      await this.#parse(chunk);
    }
  }

  async #parse(chunk: Uint8Array): Promise<void> {
    let at = 0;
    while (at < chunk.byteLength) {
      if (SLICE_BYTES <= this.#at_a_go) {
        this.#at_a_go = 0;
        await macrotask();
      }
      await this.#room();
      if (this.#stopped) return;
      const slice = chunk.subarray(at, at + SLICE_BYTES - this.#at_a_go);
      const pointer = this.#sim.reserve(slice.byteLength);
      // Made anew each time: the memory may have grown, and old views are dead then.
      new Uint8Array(this.#memory.buffer, pointer, slice.byteLength).set(slice);
      this.#sim.commit(slice.byteLength);
      this.#at_a_go += slice.byteLength;
      at += slice.byteLength;
    }
  }

  /** Waits until few enough requests wait. */
  async #room(): Promise<void> {
    while (!this.#stopped && this.#isFull()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** A core that can serve none of what waits needs more of the trace, however much that is. */
  #isFull(): boolean {
    return !this.#starved && this.#sim.waiting() >= this.#waiting_limit;
  }

  #goOn(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}

/** What a lane of a run is: with a budget of distinct blocks, whoever says which. */
export function withBudget(config: Config): Config {
  const told = config.distinct_budget ?? 0;
  return { ...config, distinct_budget: Number(told) === 0 ? DISTINCT_BUDGET : told };
}

const channel = new MessageChannel();
const queue: (() => void)[] = [];
channel.port1.onmessage = () => queue.shift()?.();

/** A turn of the event loop without the clamping of timers. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    queue.push(resolve);
    channel.port2.postMessage(null);
  });
}
