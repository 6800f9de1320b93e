/** How a worker is started, whatever it is made of: its script and its compiled core. */
import type { FromWorker, Job, ToWorker } from "./protocol.ts";

/** Gets what a worker says. */
export type Hear = (message: FromWorker) => void;

/** Starts a worker whose first work is to take the core, and which answers under this number. */
export type Start = (job: Job, hear: Hear) => Worker;

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

/** What a worker is given first. */
export type Parts = Pick<ToWorker & { type: "core" }, "core" | "whole" | "whole_url">;

/** Lets a new worker take the core as its first work, and hears what it says. */
export function begin(
  worker: Worker,
  job: Job,
  hear: Hear,
  load: () => Promise<Parts>,
): Worker {
  const crashed = (message: string) => hear({ type: "crashed", job, message });
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    crashed(event.message || "the worker could not be started");
  };
  load().then((parts) => worker.postMessage({ type: "core", job, ...parts } satisfies ToWorker),
    (error: unknown) => {
      crashed(`the core could not be loaded: ${error instanceof Error ? error.message : ""}`);
    });
  return worker;
}
