/** The worker: owns the wasm instance, answers each message, says plainly what went wrong. */
import { initSync, new_seed, policies } from "kvscope-wasm/kvscope.js";
import type { Failure, Frame, FromWorker, KvscopeError, ToWorker } from "../engine/protocol.ts";
import { Run } from "./run.ts";

const scope = self as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

/** What belongs to a run. */
type Order = Exclude<ToWorker, { type: "core" }>;

let memory: WebAssembly.Memory;
let run: { id: number; at: Run } | null = null;

/** The panic hook writes its sentence here just before the trap. */
let panic = "";
const consoleError = console.error;
console.error = (...parts: unknown[]) => {
  const text = parts.map(String).join(" ");
  if (panic === "" && text.includes("panicked at")) panic = text;
  consoleError(...parts);
};

let begin: (core: WebAssembly.Module) => void;
const ready = new Promise<WebAssembly.Module>((resolve) => {
  begin = resolve;
}).then((module) => {
  memory = initSync({ module }).memory;
  scope.postMessage({ type: "ready", tables: policies() });
});
ready.catch((error: unknown) => {
  scope.postMessage({ type: "crashed", message: messageOf(error) });
});

// Messages that come before the core does wait for it, in their order.
scope.onmessage = ({ data }) => {
  if (data.type === "core") begin(data.core);
  else void ready.then(() => guard(data.run, () => handle(data)), () => undefined);
};

function handle(message: Order): void {
  switch (message.type) {
    case "start":
      start(message);
      break;
    case "advance":
      if (run?.id === message.run) {
        run.at.advance(message.max_requests, message.budget_ms);
        answer(run.id, run.at, message.series);
      }
      break;
    case "stop_reading":
      if (run?.id === message.run) run.at.stopReading();
      break;
    case "explain":
      if (run?.id === message.run) run.at.explain(message.wanted);
      break;
    case "summary":
      if (run?.id === message.run) {
        scope.postMessage({ type: "summary", run: run.id, summary: run.at.summary() });
      }
      break;
    case "study":
      study(message);
      break;
    case "new_seed":
      scope.postMessage({ type: "seed", seed: new_seed() });
      break;
  }
}

function start(message: Order & { type: "start" }): void {
  run?.at.free();
  run = null;
  const id = message.run;
  const at = new Run(message.config, memory);
  at.explain(message.explain);
  run = { id, at };
  scope.postMessage({ type: "started", run: id });
  at.feed(message.source).catch((error: unknown) => {
    if (run?.id === id) guard(id, () => raise(error));
  });
}

/** Held whole and served many times over, by a simulator of its own. */
function study({ run: id, source, study, seeds }: Order & { type: "study" }): void {
  const at = new Run({}, memory, Number.POSITIVE_INFINITY);
  at.feed(source).then(() => {
    guard(id, () => scope.postMessage({ type: "study", study: at.study(study, seeds) }));
  }).catch((error: unknown) => guard(id, () => raise(error))).finally(() => at.free());
}

function answer(id: number, at: Run, series: boolean): void {
  const frame = at.frame(series);
  const migrations = series ? at.migrations(frame.totals.migrations) : null;
  const message: FromWorker = { type: "frame", run: id, frame, migrations, load: at.load(),
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

function guard(id: number, act: () => void): void {
  try {
    act();
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) scope.postMessage({ type: "crashed", message: messageOf(error) });
    else scope.postMessage({ type: "failed", run: id, failure });
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
  if (error instanceof RangeError) return null;
  return { kind: "file", message, reasons: [] };
}

function messageOf(error: unknown): string {
  if (panic !== "") return panic.split("\n").slice(0, 2).join(" ");
  return error instanceof Error ? error.message : String(error);
}
