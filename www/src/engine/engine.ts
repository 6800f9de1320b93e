/** The page's end of the worker: starts it, talks to it, replaces it. */
import { startLive } from "./live.ts";
import type { FromWorker, Job, ToWorker } from "./protocol.ts";

export class Engine {
  #worker: Worker | null = null;
  readonly #listener: (message: FromWorker) => void;

  constructor(listener: (message: FromWorker) => void) {
    this.#listener = listener;
  }

  /** A new worker, whose first work is to take the core; the old one's memory is given back. */
  start(job: Job): void {
    this.stop();
    const worker: Worker = startLive(job, (message) => {
      if (this.#worker === worker) this.#listener(message);
    });
    this.#worker = worker;
  }

  send(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}
