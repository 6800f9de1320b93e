/** How a worker is started, whatever it is made of: its script and its compiled core. */
import type { FromWorker, Job, ToWorker } from "./protocol.ts";

/** Starts a worker whose first work is to take the core, and which answers under this number. */
export type Start = (job: Job, hear: (message: FromWorker) => void) => Worker;

/** Compiled once for all workers that are made of it; after a failure the next one tries again. */
export class Core {
  readonly #url: string;
  #compiled: Promise<WebAssembly.Module> | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  get(): Promise<WebAssembly.Module> {
    this.#compiled ??= this.#compile();
    this.#compiled.catch(() => {
      this.#compiled = null;
    });
    return this.#compiled;
  }

  async #compile(): Promise<WebAssembly.Module> {
    const response = await fetch(this.#url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    // Not while it streams: that asks the server for a MIME type that not every host sends.
    return WebAssembly.compile(await response.arrayBuffer());
  }
}

/** Lets a new worker take the core as its first work, and hears what it says. */
export function begin(
  worker: Worker,
  core: Core,
  job: Job,
  hear: (message: FromWorker) => void,
): Worker {
  const crashed = (message: string) => hear({ type: "crashed", job, message });
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    crashed(event.message || "the worker could not be started");
  };
  core.get().then((core) => worker.postMessage({ type: "core", job, core } satisfies ToWorker),
    (error: unknown) => {
      crashed(`the core could not be loaded: ${error instanceof Error ? error.message : ""}`);
    });
  return worker;
}
