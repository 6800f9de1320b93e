/** The worker of the live view: owns the wasm instance and the run. */
import { Simulator, initSync, new_seed, policies } from "kvscope-wasm/kvscope.js";
import type { Config, Frame, FromWorker, Job } from "../engine/protocol.ts";
import { Run } from "./run.ts";
import { failed, scope, serve, type Order } from "./serve.ts";

let memory: WebAssembly.Memory;
let run: { job: Job; at: Run } | null = null;

serve(({ job, core }) => {
  memory = initSync({ module: core }).memory;
  scope.postMessage({ type: "ready", job, tables: policies() });
}, handle);

function handle(message: Order): void {
  const { job } = message;
  switch (message.type) {
    case "start":
      return start(message);
    case "new_seed":
      return scope.postMessage({ type: "seed", job, seed: new_seed() });
    default:
      // Whatever else there is asks about a run, and may come after the run has been replaced.
      if (run?.job === job) ask(run.at, message);
  }
}

function ask(at: Run, message: Order): void {
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
  const at = runOf(config);
  at.explain(explain);
  run = { job, at };
  scope.postMessage({ type: "started", job });
  at.feed(source).catch((error: unknown) => {
    if (run?.job === job) failed(job, error);
  });
}

/** Throws what the core says about a configuration it cannot take. */
function runOf(config: Config, waiting_limit?: number): Run {
  return new Run(new Simulator(config), memory, waiting_limit);
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
