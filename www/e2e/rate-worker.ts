/**
 * Reads a file in a worker in three ways and tells how long each took: as the browser's stream
 * gives it, into a buffer of our own where there is such a reader, and into the core, which parses
 * and names it as it does for a run. Nothing is served meanwhile.
 */
import { Simulator, initSync } from "kvscope-wasm/kvscope.js";
import { Run } from "../src/worker/run.ts";
import { openTrace } from "../src/worker/source.ts";
import { openFile } from "../src/worker/source.ts";

export interface Asked {
  file: File;
  /** How often the file is read on end, as if it were so much longer. */
  times: number;
  core: WebAssembly.Module;
}

export interface Told {
  bytes: number;
  requests: number;
  stream_s: number;
  own_buffer_s: number;
  core_s: number;
}

const scope = self as unknown as {
  postMessage(message: Told): void;
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
};

scope.onmessage = async ({ data }) => scope.postMessage(await measured(data));

async function measured({ file, times, core }: Asked): Promise<Told> {
  const long = new File(Array.from({ length: times }, () => file), file.name);
  // The first time the disk is asked; after that everybody reads from memory.
  await throughOwnBuffer(long);
  const stream_s = await seconds(() => throughStream(long));
  const own_buffer_s = await seconds(() => throughOwnBuffer(long));
  const { memory } = initSync({ module: core });
  const run = new Run(new Simulator({}), memory, openTrace,
    Number.POSITIVE_INFINITY);
  const core_s = await seconds(() => run.feed({ kind: "file", file: long }));
  const { bad_lines_total, requests } = run.report();
  if (bad_lines_total > 0) throw new Error(`${bad_lines_total} bad lines`);
  return { bytes: long.size, requests, stream_s, own_buffer_s, core_s };
}

async function seconds(act: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}

async function throughStream(file: File): Promise<void> {
  const reader = file.stream().getReader();
  while (!(await reader.read()).done);
}

async function throughOwnBuffer(file: File): Promise<void> {
  const source = await openFile(file);
  while (await source.pull() !== null);
}
