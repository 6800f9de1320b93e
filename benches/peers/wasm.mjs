/**
 * Runs cases in wasm under Node: `node wasm.mjs PACKAGE TRACE CASE…`, TRACE `-` for none. Lines as
 * the native program's. Each case runs twice and the second run counts: the first is what makes
 * the engine compile its loops well, and a page runs for longer than that.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { resolve } from "node:path";

const [pkg, trace, ...cases] = process.argv.slice(2);
const { Bench } = createRequire(import.meta.url)(resolve(pkg));
const bench = new Bench(trace === "-" ? new Uint8Array() : readFileSync(trace));

for (const name of cases) {
  try {
    bench.prepare(name);
    bench.run();
    const [work, twin] = bench.prepare(name).split("\t");
    const start = busy();
    const counted = bench.run();
    const seconds = busy() - start;
    console.log([name, seconds, work, twin, counted].join("\t"));
  } catch (error) {
    console.log([name, "none", error.message ?? error].join("\t"));
  }
}

/** Seconds this thread has computed, where Linux tells it; else seconds on the wall. */
function busy() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e9;
  } catch {
    return performance.now() / 1e3;
  }
}
