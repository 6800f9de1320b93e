/** The page's end of the worker: starts it, talks to it, replaces it. */
import workerUrl from "./worker/worker.ts?worker&url";
import type { FromWorker, ToWorker } from "./protocol.ts";

export class Engine {
  #worker: Worker | null = null;
  readonly #listener: (message: FromWorker) => void;

  constructor(listener: (message: FromWorker) => void) {
    this.#listener = listener;
  }

  /** A new worker; the old one's memory goes back to the machine. */
  start(): void {
    this.stop();
    const worker = spawn();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (this.#worker === worker) this.#listener(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker !== worker) return;
      const message = event.message || "the worker could not be started";
      this.#listener({ type: "crashed", message });
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

/**
 * A worker loaded from the network answers to its own headers, and a static host sends none. One
 * loaded from a blob inherits the page's content security policy, and with it "no connections".
 */
function spawn(): Worker {
  const entry = new URL(workerUrl, import.meta.url).href;
  const code = `import ${JSON.stringify(entry)};`;
  const blob = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(blob, { type: "module", name: "kvscope" });
  worker.addEventListener("message", () => URL.revokeObjectURL(blob), { once: true });
  return worker;
}
