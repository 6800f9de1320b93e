/** The worker: owns the wasm instance, answers each message, says plainly what went wrong. */
import { initSync, new_seed, policies } from "kvscope-wasm/kvscope.js";
import type { Asked, Failure, Frame, FromWorker, Job, KvscopeError, ToWorker }
  from "../engine/protocol.ts";
import { Desk } from "./desk.ts";
import { DamagedFile, ReadFailure } from "./failure.ts";
import { Run } from "./run.ts";

const scope = self as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

type Order = Exclude<ToWorker, { type: "core" }>;

let memory: WebAssembly.Memory;
let run: { job: Job; at: Run } | null = null;
let desk: Desk;

/** The panic hook writes its sentence here just before the trap. */
let panic = "";
const consoleError = console.error;
console.error = (...parts: unknown[]) => {
  const text = parts.map(String).join(" ");
  if (panic === "" && text.includes("panicked at")) panic = text;
  consoleError(...parts);
};

let begin: (message: ToWorker & { type: "core" }) => void;
const ready = new Promise<ToWorker & { type: "core" }>((resolve) => {
  begin = resolve;
}).then(({ job, core }) => guard(job, () => {
  memory = initSync({ module: core }).memory;
  desk = new Desk(memory);
  scope.postMessage({ type: "ready", job, tables: policies() });
}));

// Messages that come before the core does wait for it, in their order.
scope.onmessage = ({ data }) => {
  if (data.type === "core") begin(data);
  else void ready.then(() => guard(data.job, () => handle(data)));
};

function handle(message: Order): void {
  const { job } = message;
  switch (message.type) {
    case "start":
      return start(message);
    case "study":
      return study(message);
    case "new_seed":
      return scope.postMessage({ type: "seed", job, seed: new_seed() });
    case "hold":
      return desk.hold(message.packed);
    case "pack":
    case "facts":
    case "curve":
    case "cells":
    case "cell":
    case "amount":
    case "document":
    case "most_rate":
    case "least_nodes":
    case "prices":
    case "curves":
    case "measure":
    case "advice":
    case "advice_unit":
    case "decisions":
      return void answerOf(message);
    default:
      // Whatever else there is asks about a run, and may come after the run has been replaced.
      if (run?.job === job) ask(run.at, message);
  }
}

/** A question about a whole trace: one answer, or why there is none. */
async function answerOf(asked: Asked): Promise<void> {
  const { job, task } = asked;
  try {
    const answer = await desk.answer(asked, (done, of) =>
      scope.postMessage({ type: "progress", job, task, done, of }));
    // A packed trace moves instead of being copied.
    const moved = answer instanceof ArrayBuffer ? [answer] : [];
    scope.postMessage({ type: "answer", job, task, answer }, moved);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) scope.postMessage({ type: "crashed", job, message: messageOf(error) });
    else scope.postMessage({ type: "failed", job, task, failure });
  }
}

function ask(at: Run, message: Extract<Order, { type: "advance" | "stop_reading" | "explain"
  | "summary" }>): void {
  const { job } = message;
  switch (message.type) {
    case "advance":
      at.advance(message.max_requests, message.budget_ms);
      return answer(job, at, message.series);
    case "stop_reading":
      return at.stopReading();
    case "explain":
      return at.explain(message.wanted);
    case "summary":
      return scope.postMessage({ type: "summary", job, summary: at.summary() });
  }
}

function start({ job, config, source, explain }: Order & { type: "start" }): void {
  run?.at.free();
  run = null;
  const at = new Run(config, memory);
  at.explain(explain);
  run = { job, at };
  scope.postMessage({ type: "started", job });
  at.feed(source).catch((error: unknown) => {
    if (run?.job === job) guard(job, () => raise(error));
  });
}

/** Held whole and served many times over, by a simulator of its own. */
function study({ job, source, study: id, seeds }: Order & { type: "study" }): void {
  const at = new Run({}, memory, Number.POSITIVE_INFINITY);
  at.feed(source).then(() => {
    guard(job, () => scope.postMessage({ type: "study", job, study: at.study(id, seeds) }));
  }).catch((error: unknown) => guard(job, () => raise(error))).finally(() => at.free());
}

function answer(job: Job, at: Run, series: boolean): void {
  const frame = at.frame(series);
  const migrations = series ? at.migrations(frame.totals.migrations) : null;
  const message: FromWorker = { type: "frame", job, frame, migrations, load: at.load(),
    report: at.report(), decision: at.decision() };
  scope.postMessage(message, buffersOf(frame));
}

/** Every typed array of a frame moves instead of being copied. */
function buffersOf(frame: Frame): Transferable[] {
  const columns = [frame.nodes, frame.recent, frame.series ?? {}].flatMap((group) =>
    Object.values(group as Record<string, unknown>),
  );
  const buffers = columns.filter((c) => ArrayBuffer.isView(c)).map((c) => c.buffer);
  return [...new Set(buffers)] as ArrayBuffer[];
}

function guard(job: Job, act: () => void): void {
  try {
    act();
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) scope.postMessage({ type: "crashed", job, message: messageOf(error) });
    else scope.postMessage({ type: "failed", job, failure });
  }
}

function raise(error: unknown): never {
  throw error;
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
