/** One run: a simulator, and the source that feeds it while it serves. */
import type { Decision, Frame, LoadState, Migration, ReadReport, Simulator, Source }
  from "../engine/protocol.ts";
import { Rate, StepSize } from "./pace.ts";
import { openFile, openSource, openUrl, type ByteSource } from "./source.ts";

/** Reading stops while this many parsed requests wait: memory does not grow with the trace. */
const WAITING_LIMIT = 16_384;
/** Bytes parsed at a go, so that a frame never waits long for the parser. */
const SLICE_BYTES = 1 << 20;
const SYNTH_BATCH = 2048;

export class Run {
  readonly #sim: Simulator;
  readonly #memory: WebAssembly.Memory;
  readonly #waiting_limit: number;
  readonly #step = new StepSize();
  readonly #rate = new Rate();
  #bytes: ByteSource | null = null;
  #phase: LoadState["phase"] = "reading";
  #stopped = false;
  #freed = false;
  #explaining = false;
  /** The last call served nothing although requests waited. */
  #starved = false;
  #wake: (() => void) | null = null;
  #listed = { count: -1, settled: true };

  constructor(sim: Simulator, memory: WebAssembly.Memory, waiting_limit = WAITING_LIMIT) {
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
      this.#sim.finish();
      this.#phase = "stopped";
      throw error;
    } finally {
      this.#bytes?.close();
    }
    if (this.#freed) return;
    if (source.kind !== "workload" || this.#stopped) this.#sim.finish();
    this.#phase = this.#stopped ? "stopped" : "complete";
  }

  advance(max_requests: number, budget_ms: number): void {
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
  migrations(count: number): Migration[] | null {
    if (count === this.#listed.count && this.#listed.settled) return null;
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

  summary(): Record<string, unknown> {
    return this.#sim.summary();
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
    };
  }

  stopReading(): void {
    this.#stopped = true;
    this.#goOn();
  }

  free(): void {
    this.stopReading();
    this.#freed = true;
    this.#sim.free();
  }

  async #synthesize(source: Source & { kind: "workload" }): Promise<void> {
    const { id, seed, requests } = source;
    do {
      await this.#room();
    } while (!this.#stopped && this.#sim.synthesize(id, seed, requests, SYNTH_BATCH));
  }

  async #read(source: Source & { kind: "file" | "url" }): Promise<void> {
    const open = () => (source.kind === "file" ? openFile(source.file) : openUrl(source.url));
    this.#bytes = await openSource(open);
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
    for (let at = 0; at < chunk.byteLength && !this.#stopped; at += SLICE_BYTES) {
      if (at > 0) await this.#room();
      if (this.#stopped) return;
      const slice = chunk.subarray(at, at + SLICE_BYTES);
      const pointer = this.#sim.reserve(slice.byteLength);
      // Made anew each time: the memory may have grown, and old views are dead then.
      new Uint8Array(this.#memory.buffer, pointer, slice.byteLength).set(slice);
      this.#sim.commit(slice.byteLength);
    }
  }

  /** Lets messages in, then waits until few enough requests wait. */
  async #room(): Promise<void> {
    await macrotask();
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
