/** The worker: owns the wasm instance, answers each message, says plainly what went wrong. */
import { initSync, new_seed, policies } from "kvscope-wasm/kvscope.js";
import type { Asked, Config, Failure, Frame, FromWorker, Job, KvscopeError, ToWorker }
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
let run: { job: Job; at: Run; configs: Config[] } | null = null;
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
    case "bends":
      return void answerOf(message);
    default:
      // Whatever else there is asks about a run, and may come after the run has been replaced.
      if (run?.job === job) ask(run, message);
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

function ask({ at, configs }: NonNullable<typeof run>, message: Extract<Order, { type: "advance"
  | "seek" | "stop_reading" | "explain" | "summary" }>): void {
  const { job } = message;
  switch (message.type) {
    case "advance":
      at.advance(message.max_requests, message.budget_ms);
      return answer(job, at, message.series, configs.length > 1);
    case "seek":
      at.seek(message.to);
      return answer(job, at, true, configs.length > 1, true);
    case "stop_reading":
      return at.stopReading();
    case "explain":
      return at.explain(message.wanted);
    case "summary":
      return scope.postMessage({ type: "summary", job,
        summary: configs.length > 1 ? at.compared(configs) : at.summary() });
  }
}

function start({ job, configs, source, explain }: Order & { type: "start" }): void {
  run?.at.free();
  run = null;
  const at = new Run(configs.length === 1 ? configs[0]! : configs, memory);
  at.remember();
  at.explain(explain);
  run = { job, at, configs };
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

/** `whole`: also what earlier frames have told, since it may be of later moments. */
function answer(job: Job, at: Run, series: boolean, compared: boolean, whole = false): void {
  const frame = at.frame(series);
  const migrations = series ? at.migrations(frame.totals.migrations, whole) : null;
  const others = compared ? at.others(series, whole) : [];
  const comparison = compared && series ? at.comparison() : null;
  const message: FromWorker = { type: "frame", job, frame, migrations, load: at.load(),
    report: at.report(), decision: at.decision(), others, comparison, seeks: at.seeks,
    seeking: at.seeking };
  scope.postMessage(message, [frame, ...others.map((lane) => lane.frame)].flatMap(buffersOf));
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
