/**
 * Runs what the page's first view asks of the core, from the first request to the last, in a core
 * that notes which of its functions are called, and prints their numbers: these come first
 * (xtask/src/split). What the first view asks is said here once more, after src/worker/live.ts;
 * where it asks for more than is known here, it fetches the whole core, and a test sees that.
 */
import { readFileSync } from "node:fs";
import { configOf } from "./src/state/lanes.ts";
import { FIRST, explicit } from "./src/state/setup.ts";
import { Run, withBudget } from "./src/worker/run.ts";
import { told } from "./src/worker/told.ts";
import type { Tables } from "./src/engine/protocol.ts";
import type { Core } from "./test/core.ts";

/** Of the global that a function sets. */
const PREFIX = "called ";
const BATCH = 100;

const [glue, marked, known] = process.argv.slice(2);
const core = await import(glue!) as Core;
const module = new WebAssembly.Module(readFileSync(marked!));
const exports = core.initSync({ module }) as WebAssembly.Exports & { memory: WebAssembly.Memory };

const tables = JSON.parse(readFileSync(known!, "utf8")) as Tables;
const configs = [FIRST.config, ...FIRST.others].map((_, lane) =>
  withBudget(explicit(tables, configOf(FIRST, lane))));
const requests = tables.workloads.find(({ id }) => id === FIRST.workload)!.default_requests;
const at = new Run(new core.Simulator(configs), exports.memory, null);
at.remember();
at.explain(false);
const { workload: id, config: { seed } } = FIRST;
const source = { kind: "workload", id, seed: seed!, requests } as const;
const fed = at.feed(source);
let served = 0;
for (let turn = 0; served < requests; turn += 1) {
  // With less motion the page goes to a moment instead of playing up to it.
  if (turn === 1) at.seek(BATCH);
  else at.advance(BATCH, Number.POSITIVE_INFINITY);
  served = told(at, { series: turn % 2 === 0, compared: true, whole: turn === 1,
    reported: false }).frame.requests;
  await new Promise(setImmediate);
}
await fed;
told(at, { series: true, compared: true, whole: false, reported: false });

const called = Object.entries(exports).filter(([name, global]) =>
  name.startsWith(PREFIX) && (global as WebAssembly.Global).value === 1);
process.stdout.write(called.map(([name]) => name.slice(PREFIX.length)).join(" "));
process.exit(0);
