/** The page's end of the worker: starts it, talks to it, replaces it. */
import wasmUrl from "kvscope-wasm/kvscope_bg.wasm?url";
import KvscopeWorker from "../worker/worker.ts?worker&inline";
import type { FromWorker, Job, ToWorker } from "./protocol.ts";

/**
 * Everything that a worker is made of is on the page before a trace is: its script is a text in
 * the page's own, started from a blob, and the core is compiled once and handed over. So a new
 * worker asks the network for nothing. From its blob it also inherits the page's content security
 * policy, and with it "no connections"; loaded from the network it would answer to headers that a
 * static host does not send.
 */
export class Engine {
  #worker: Worker | null = null;
  #core: Promise<WebAssembly.Module> | null = null;
  readonly #listener: (message: FromWorker) => void;

  constructor(listener: (message: FromWorker) => void) {
    this.#listener = listener;
  }

  /** A new worker, whose first work is to take the core; the old one's memory is given back. */
  start(job: Job): void {
    this.stop();
    const worker = new KvscopeWorker({ name: "kvscope" });
    this.#worker = worker;
    const crashed = (message: string) => {
      if (this.#worker === worker) this.#listener({ type: "crashed", job, message });
    };
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (this.#worker === worker) this.#listener(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      crashed(event.message || "the worker could not be started");
    };
    this.#core ??= compileCore();
    this.#core.then((core) => worker.postMessage({ type: "core", job, core } satisfies ToWorker),
      (error: unknown) => {
        // The next worker tries again.
        this.#core = null;
        crashed(`the core could not be loaded: ${error instanceof Error ? error.message : ""}`);
      });
  }

  send(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

async function compileCore(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL(wasmUrl, import.meta.url));
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  // Not while it streams: that asks the server for a MIME type that not every host sends.
  return WebAssembly.compile(await response.arrayBuffer());
}
