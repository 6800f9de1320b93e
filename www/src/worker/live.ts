/** What every worker of the live view does: owns the wasm instance and the run. */
import { Simulator, initSync, new_seed } from "kvscope-wasm/kvscope.js";
import type { Config, Frame, Job } from "../engine/protocol.ts";
import { Parts, fetchNow } from "./parts.ts";
import { Run, withBudget, type Open } from "./run.ts";
import { failed, scope, serve, type Order } from "./serve.ts";
import { told } from "./told.ts";

let parts: Parts;
let opens: Open | null;

/** A run, and whether it reads a trace. */
interface Running {
  job: Job;
  at: Run;
  configs: Config[];
  reads: boolean;
}
let run: Running | null = null;

/** `open` opens traces; without it there are only workloads. */
export function live(open: Open | null): void {
  opens = open;
  serve(({ job, core, whole, whole_url }) => {
    parts = new Parts(initSync({ module: core }), () => fetchNow(whole_url));
    if (whole !== null) parts.complete(whole);
    scope.postMessage({ type: "ready", job });
    return parts.memory;
  }, handle);
}

function handle(message: Order): void {
  const { job } = message;
  switch (message.type) {
    case "start":
      return start(message);
    case "whole":
      return complete(message.whole);
    case "new_seed":
      return scope.postMessage({ type: "seed", job, seed: new_seed() });
    default:
      // Whatever else there is asks about a run, and may come after the run has been replaced.
      if (run?.job === job) ask(run, message);
  }
}

function ask(run: Running, message: Order): void {
  const { at, configs } = run;
  const { job } = message;
  switch (message.type) {
    case "advance":
      at.advance(message.max_requests, message.budget_ms);
      return answer(run, message.series);
    case "seek":
      at.seek(message.to);
      return answer(run, true, true);
    case "stop_reading":
      return at.stopReading();
    case "explain":
      return at.explain(message.wanted);
    case "hottest":
      return scope.postMessage({ type: "hottest", job,
        blocks: at.hottest(message.lane, message.most) });
    case "events":
      return scope.postMessage({ type: "events", job, csv: at.events(message.lane) });
    case "summary":
      return scope.postMessage({ type: "summary", job,
        summary: configs.length > 1 ? at.compared(configs) : at.summary() });
  }
}

function start({ job, configs, source, explain }: Order & { type: "start" }): void {
  run?.at.free();
  run = null;
  const at = runOf(configs);
  at.remember();
  if (parts.areAll) at.keepCheckpoints();
  at.explain(explain);
  run = { job, at, configs, reads: source.kind !== "workload" };
  scope.postMessage({ type: "started", job });
  at.feed(source).catch((error: unknown) => {
    if (run?.job === job) failed(job, error);
  });
}

/** Throws what the core says about a configuration it cannot take. */
function runOf(configs: Config[]): Run {
  const lanes = configs.map(withBudget);
  return new Run(new Simulator(lanes.length === 1 ? lanes[0]! : lanes), parts.memory, opens);
}

/** Everything can be asked from here on, and what could not be told so far is told. */
function complete(whole: WebAssembly.Module): void {
  parts.complete(whole);
  if (run === null) return;
  run.at.keepCheckpoints();
  answer(run, true);
}

/** `whole`: also what earlier frames have told, since it may be of later moments. */
function answer({ job, at, configs, reads }: Running, series: boolean,
  whole = false): void {
  const reported = reads || parts.areAll;
  const news = told(at, { series, compared: configs.length > 1, whole, reported });
  const frames = [news.frame, ...news.others.map((lane) => lane.frame)];
  scope.postMessage({ type: "frame", job, ...news }, frames.flatMap(buffersOf));
}

/** Every typed array of a frame moves instead of being copied. */
function buffersOf(frame: Frame): Transferable[] {
  const columns = [frame.nodes, frame.recent, frame.series ?? {}].flatMap((group) =>
    Object.values(group as Record<string, unknown>),
  );
  const buffers = columns.filter((c) => ArrayBuffer.isView(c)).map((c) => c.buffer);
  return [...new Set(buffers)] as ArrayBuffer[];
}
