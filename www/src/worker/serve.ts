/** What every worker does: takes its core, then every message in turn, and says what went wrong. */
import type { Failure, FromWorker, Job, KvscopeError, ToWorker } from "../engine/protocol.ts";
import { DamagedFile, ReadFailure } from "./failure.ts";

export const scope = self as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

export type CoreMessage = ToWorker & { type: "core" };
export type Order = Exclude<ToWorker, CoreMessage>;

/** The panic hook writes its sentence here just before the trap. */
let panic = "";

/** Messages that come before the core does wait for it, in their order. */
export function serve(
  take: (message: CoreMessage) => void,
  handle: (message: Order) => void,
): void {
  listenForPanics();
  let begin: (message: CoreMessage) => void;
  const ready = new Promise<CoreMessage>((resolve) => {
    begin = resolve;
  }).then((message) => guard(message.job, () => take(message)));
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
  return error instanceof Error ? error.message : String(error);
}
