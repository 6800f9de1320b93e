/** What the core says of the lines of a curve, which go on by themselves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CurveAnswer } from "../../src/wasm/analysis.d.ts";
import { loadAnswers } from "./core.ts";

test("what comes next of a line is what is open of it when all lines are asked for", async () => {
  const { core } = await loadAnswers();
  const sim = new core.Simulator({});
  sim.keep();
  while (sim.synthesize("toolagent", "7", 300, 1000));
  const analysis = new core.Analysis(sim.pack());
  const lines = { points: 16, configs: ["lru", "fifo", "lfu"].map((id) =>
    ({ nodes: 1, eviction: { id } })) };
  const known: CurveAnswer[] = [];
  const nextOf = (line: number) => analysis.next(lines, line,
    known.filter((answer) => answer.line === line));
  const openOf = (line: number) => analysis.curves(lines, known).open
    .filter(([of]) => of === line).map(([, capacity]) => capacity);
  assert.deepEqual(nextOf(0), [], "LRU asks for nothing");
  // The last line first, and the others not before it has ended.
  for (const line of [2, 1]) {
    for (let next = nextOf(line); next.length > 0; next = nextOf(line)) {
      assert.deepEqual(openOf(line), next);
      for (const capacity of next) known.push(analysis.measure(lines, line, capacity));
    }
  }
  assert.ok(known.length > 20, `${known.length} runs, in several rounds`);
  const { open, curve } = analysis.curves(lines, known);
  assert.deepEqual(open, []);
  assert.equal(curve.is_complete, true);
  analysis.free();
});
