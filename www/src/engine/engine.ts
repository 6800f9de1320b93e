/** The page's end of the worker: starts it, talks to it, replaces it. */
import tables from "kvscope-wasm/tables.json";
import { startLive } from "./live.ts";
import type { FromWorker, Job, Tables, ToWorker } from "./protocol.ts";

/** A worker beside the one there is. */
export interface Spare {
  send(message: ToWorker): void;
  stop(): void;
  /** It takes the place of the one there is, whose memory is given back. */
  take(): void;
}

export class Engine {
  /** What the core knows, told when it was built. */
  readonly tables: Tables = tables;
  #worker: Worker | null = null;
  readonly #listener: (message: FromWorker) => void;

  constructor(listener: (message: FromWorker) => void) {
    this.#listener = listener;
  }

  /** A new worker, whose first work is to take the core; the old one's memory is given back. */
  start(job: Job): void {
    this.stop();
    this.beside(job, () => undefined).take();
  }

  /** One whose words `hear` gets until it is taken. */
  beside(job: Job, hear: (message: FromWorker) => void): Spare {
    let spare = true;
    const worker: Worker = startLive(job, (message) => {
      if (spare) hear(message);
      else if (this.#worker === worker) this.#listener(message);
    });
    return {
      send: (message) => worker.postMessage(message),
      stop: () => worker.terminate(),
      take: () => {
        this.stop();
        spare = false;
        this.#worker = worker;
      },
    };
  }

  send(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}
