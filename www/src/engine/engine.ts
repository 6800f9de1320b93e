/** The page's end of the worker: starts it, talks to it, replaces it. */
import tables from "kvscope-wasm/tables.json";
import type { FromWorker, Job, Tables, ToWorker } from "./protocol.ts";
import type { Start } from "./start.ts";

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
  #start: Start;
  /** How the worker there is was started. */
  #startedBy: Start | null = null;

  constructor(start: Start, listener: (message: FromWorker) => void) {
    this.#start = start;
    this.#listener = listener;
  }

  /** Workers are started like that from now on. */
  startBy(start: Start): void {
    this.#start = start;
  }

  /** Whether one that is started now can do more than the one there is. */
  get outdated(): boolean {
    return this.#worker !== null && this.#startedBy !== this.#start;
  }

  /** A new worker, whose first work is to take the core; the old one's memory is given back. */
  start(job: Job): void {
    this.stop();
    this.beside(job, () => undefined).take();
  }

  /** One whose words `hear` gets until it is taken. */
  beside(job: Job, hear: (message: FromWorker) => void): Spare {
    let spare = true;
    const start = this.#start;
    const worker: Worker = start(job, (message) => {
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
        this.#startedBy = start;
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
