/**
 * Runs cases in wasm under Node: `node wasm.mjs PACKAGE TRACE CASE…`, TRACE `-` for none. Lines as
 * the native program's. Each case runs twice and the second run counts: the first is what makes
 * the engine compile its loops well, and a page runs for longer than that. `json/conversation` is
 * no case of the package: it is the engine's own JSON.parse on each line of the trace, which is a
 * string already.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { resolve } from "node:path";

const [pkg, trace, ...cases] = process.argv.slice(2);
const { Bench } = createRequire(import.meta.url)(resolve(pkg));
const bench = new Bench(trace === "-" ? new Uint8Array() : readFileSync(trace));

for (const name of cases) {
  const runner = name === "json/conversation" ? parser() : bench;
  try {
    runner.prepare(name);
    runner.run();
    const [work, twin] = runner.prepare(name).split("\t");
    const start = busy();
    const counted = runner.run();
    const seconds = busy() - start;
    console.log([name, seconds, work, twin, counted].join("\t"));
  } catch (error) {
    console.log([name, "none", error.message ?? error].join("\t"));
  }
}

/** JSON.parse on each line, again and again, as often as the reader reads them. */
function parser() {
  const bytes = bench.lines();
  const lines = new TextDecoder().decode(bytes).split("\n").filter((line) => line !== "");
  const times = Math.ceil(300_000_000 / bytes.length);
  return {
    prepare: () => `${bytes.length * times}\treading conversation`,
    run() {
      let ids = 0;
      for (let time = 0; time < times; time += 1) {
        for (const line of lines) ids += JSON.parse(line).hash_ids.length;
      }
      return `${lines.length * times} requests, ${ids} ids`;
    },
  };
}

/** Seconds this thread has computed, where Linux tells it; else seconds on the wall. */
function busy() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e9;
  } catch {
    return performance.now() / 1e3;
  }
}
