/** Replays a request trace of an LLM serving cluster, without a page; session.d.ts says what is what. */
import initialize, { Simulator, policies as tables } from "./core/kvscope.js";

/** Bytes parsed at a go; the core takes at most 2^26. */
const SLICE_BYTES = 1 << 20;
/** Requests that may wait while more is read. */
const WAITING_LIMIT = 16_384;
/** Requests served between two looks at whether more wait, and made of a workload at a go. */
const STRIDE = 4096;
const DEFAULT_REQUESTS = 10_000;

let core;

/** Compiled once. A page fetches it beside this file; Node has no `fetch` for files. */
function load() {
  core ??= start();
  core.catch(() => {
    core = undefined;
  });
  return core;
}

async function start() {
  const url = new URL("./core/kvscope_bg.wasm", import.meta.url);
  if (url.protocol !== "file:") return initialize({ module_or_path: url });
  const { readFile } = await import(/* @vite-ignore */ "node:fs/promises");
  return initialize({ module_or_path: await readFile(url) });
}

const encoder = new TextEncoder();

function bytesOf(chunk) {
  if (typeof chunk === "string") return encoder.encode(chunk);
  return chunk instanceof Uint8Array ? chunk : new Uint8Array(chunk);
}

export class Session {
  #sim;
  #memory;

  constructor(sim, memory) {
    this.#sim = sim;
    this.#memory = memory;
  }

  static async read(config) {
    const { memory } = await load();
    return new Session(new Simulator(config), memory);
  }

  static async workload(config, id, { seed = "0", requests = DEFAULT_REQUESTS } = {}) {
    const session = await Session.read(config);
    while (session.#sim.synthesize(id, seed, requests, STRIDE));
    return session;
  }

  push(chunk) {
    const bytes = bytesOf(chunk);
    for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
      const slice = bytes.subarray(at, at + SLICE_BYTES);
      const pointer = this.#sim.reserve(slice.byteLength);
      // Made anew each time: the memory may have grown, and old views are dead then.
      new Uint8Array(this.#memory.buffer, pointer, slice.byteLength).set(slice);
      this.#sim.commit(slice.byteLength);
    }
  }

  async pushAll(chunks) {
    const stream = typeof chunks.stream === "function" ? chunks.stream() : chunks;
    for await (const chunk of iterable(stream)) {
      this.push(chunk);
      if (this.waiting >= WAITING_LIMIT) this.run();
    }
  }

  finish() {
    this.#sim.finish();
  }

  step(n) {
    return this.#sim.step(n);
  }

  run() {
    let served = 0;
    for (let more = this.#sim.step(STRIDE); more > 0; more = this.#sim.step(STRIDE)) served += more;
    return served;
  }

  get waiting() {
    return this.#sim.waiting();
  }

  remember(mebibytes) {
    this.#sim.remember(mebibytes);
  }

  seek(n) {
    return this.#sim.seek(n);
  }

  frame(series = false) {
    return this.#sim.frame(series);
  }

  others(series = false) {
    return this.#sim.others(series);
  }

  summary() {
    return this.#sim.summary();
  }

  summaries() {
    return this.#sim.summaries();
  }

  comparison() {
    return this.#sim.comparison();
  }

  migrations() {
    return this.#sim.migrations();
  }

  report() {
    return this.#sim.report();
  }

  explain(wanted) {
    this.#sim.explain(wanted);
  }

  decision() {
    return this.#sim.decision();
  }

  free() {
    this.#sim.free();
  }
}

/** Streams of older Safaris are no iterables. */
function iterable(stream) {
  if (Symbol.asyncIterator in stream || Symbol.iterator in stream) return stream;
  const reader = stream.getReader();
  return { [Symbol.asyncIterator]: () => ({ next: () => reader.read() }) };
}

export async function policies() {
  await load();
  return tables();
}
