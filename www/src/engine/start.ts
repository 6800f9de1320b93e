/** Starts workers: that of the live view and those of the pool are made of the same things. */
import wasmUrl from "kvscope-wasm/kvscope_bg.wasm?url";
import KvscopeWorker from "../worker/worker.ts?worker&inline";
import type { FromWorker, Job, ToWorker } from "./protocol.ts";

let compiled: Promise<WebAssembly.Module> | null = null;

/**
 * Everything that a worker is made of is on the page before a trace is: its script is a text in
 * the page's own, started from a blob, and the core is compiled once and handed over. So a new
 * worker asks the network for nothing. From its blob it also inherits the page's content security
 * policy, and with it "no connections"; loaded from the network it would answer to headers that a
 * static host does not send.
 */
export function startWorker(
  name: string,
  job: Job,
  hear: (message: FromWorker) => void,
): Worker {
  const worker = new KvscopeWorker({ name });
  const crashed = (message: string) => hear({ type: "crashed", job, message });
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    crashed(event.message || "the worker could not be started");
  };
  compiled ??= compileCore();
  compiled.then((core) => worker.postMessage({ type: "core", job, core } satisfies ToWorker),
    (error: unknown) => {
      // The next worker tries again.
      compiled = null;
      crashed(`the core could not be loaded: ${error instanceof Error ? error.message : ""}`);
    });
  return worker;
}

async function compileCore(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL(wasmUrl, import.meta.url));
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  // Not while it streams: that asks the server for a MIME type that not every host sends.
  return WebAssembly.compile(await response.arrayBuffer());
}
