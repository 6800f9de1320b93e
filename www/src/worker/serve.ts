/** What every worker does: takes its core, then every message in turn, and says what went wrong. */
import { OUT_OF_MEMORY, type Failure, type FromWorker, type Job, type KvscopeError, type ToWorker }
  from "../engine/protocol.ts";
import { DamagedFile, ReadFailure } from "./failure.ts";

export const scope = self as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

export type CoreMessage = ToWorker & { type: "core" };
export type Order = Exclude<ToWorker, CoreMessage>;

/** A page of WebAssembly's memory. */
const PAGE_BYTES = 65_536;

/** The panic hook writes its sentence here just before the trap. */
let panic = "";

/** The core's memory, once it is there. */
let memory: WebAssembly.Memory | null = null;

/** Messages that come before the core does wait for it, in their order. `take` returns its
 *  memory. */
export function serve(
  take: (message: CoreMessage) => WebAssembly.Memory,
  handle: (message: Order) => void,
): void {
  listenForPanics();
  let begin: (message: CoreMessage) => void;
  const ready = new Promise<CoreMessage>((resolve) => {
    begin = resolve;
  }).then((message) => guard(message.job, () => {
    memory = take(message);
  }));
  scope.onmessage = ({ data }) => {
    if (data.type === "core") begin(data);
    else void ready.then(() => guard(data.job, () => handle(data)));
  };
}

export function guard(job: Job, act: () => void): void {
  try {
    act();
  } catch (error) {
    failed(job, error);
  }
}

/** Work of this number cannot go on. */
export function failed(job: Job, error: unknown, task?: number): void {
  const failure = failureOf(error);
  const message: FromWorker = failure === null
    ? { type: "crashed", job, message: messageOf(error) }
    : { type: "failed", job, failure, ...(task === undefined ? {} : { task }) };
  scope.postMessage(message);
}

function listenForPanics(): void {
  const consoleError = console.error;
  console.error = (...parts: unknown[]) => {
    const text = parts.map(String).join(" ");
    if (panic === "" && text.includes("panicked at")) panic = text;
    consoleError(...parts);
  };
}

/** What a person can mend; null for what only a new worker mends. */
function failureOf(error: unknown): Failure | null {
  if (!(error instanceof Error) || error instanceof WebAssembly.RuntimeError) return null;
  const { kind, reasons, message } = error as KvscopeError;
  if (kind !== undefined) return { kind, message, reasons: reasons ?? [] };
  if (error instanceof ReadFailure || error instanceof DamagedFile) {
    return { kind: "file", message, reasons: [] };
  }
  return null;
}

function messageOf(error: unknown): string {
  if (panic !== "") return panic.split("\n").slice(0, 2).join(" ");
  if (memory !== null && isFull(memory)) {
    return `${OUT_OF_MEMORY} ${Math.round(memory.buffer.byteLength / 2 ** 20)} MiB are in use, and `
      + "the browser gives no more.";
  }
  return error instanceof Error ? error.message : String(error);
}

/** Whether the core stopped for want of memory. Only a panic leaves words; of an allocation that
 *  fails nothing is told but that memory, which is doubled at most, cannot be. */
function isFull(full: WebAssembly.Memory): boolean {
  try {
    full.grow(full.buffer.byteLength / PAGE_BYTES);
    return false;
  } catch {
    return true;
  }
}
