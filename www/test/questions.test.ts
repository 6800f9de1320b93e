/** What the views ask the core, and what they keep of its answers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { askedOf as adviceOf, runsOf } from "../src/app/advice.ts";
import { throttled } from "../src/app/analysis.ts";
import { answersOf, askedOf as curvesOf, withAnswer } from "../src/app/curve.ts";
import { firstOf } from "../src/app/limits.ts";
import type { Cell, CurveAnswer } from "../src/engine/protocol.ts";
import { behindOf } from "../src/panel/views/tree.ts";
import { INITIAL, type State } from "../src/state/state.ts";
import { OPENING, type CurveSetup, type Setup } from "../src/state/setup.ts";
import { tables } from "./tables.ts";

const state = (part: Partial<Setup>): State =>
  ({ ...INITIAL, tables, setup: { ...OPENING, ...part } });
const curve = (part: Partial<CurveSetup>) =>
  curvesOf(state({ config: { seed: "7" }, curve: { ...OPENING.curve, ...part } }));

test("a curve has a line for LRU and for each policy, under the router of a cluster", () => {
  const one = curve({ evictions: ["lru", "fifo"], router: "scored" });
  assert.deepEqual(one.configs.map(({ eviction }) => eviction), [{ id: "lru" }, { id: "fifo" }]);
  assert.deepEqual(one.configs[0]?.router, { id: "round_robin" }, "of one node any picks that one");
  const [of_cluster] = curve({ nodes: 8, router: "scored", model: "small" }).configs;
  assert.deepEqual([of_cluster?.nodes, of_cluster?.router, of_cluster?.seed],
    [8, { id: "scored" }, "7"]);
  assert.deepEqual(of_cluster?.clock, { id: "logical", params: { model: "small" } });
});

test("what was measured counts for the same line in another place, of another model, and no other",
  () => {
    const measured: CurveAnswer = { line: 1, capacity: 50, measured: null };
    const known = withAnswer(new Map(), curve({ evictions: ["fifo"] }), 1, measured);
    const answers = (part: Partial<CurveSetup>, rate = 1) => answersOf(curve(part), rate, known);
    assert.deepEqual(answers({ evictions: ["fifo"] }), [measured]);
    assert.deepEqual(answers({ evictions: ["lfu", "fifo"], model: "small" }),
      [{ ...measured, line: 2 }]);
    assert.deepEqual(answers({ evictions: ["lfu"] }), []);
    assert.deepEqual(answers({ evictions: ["fifo"], nodes: 2 }), []);
    assert.deepEqual(answers({ evictions: ["fifo"] }, 0.1), [], "a sample measures its own");
  });

test("what is compared may have parameters, written as the command line has them", () => {
  const { routers, evictions } = adviceOf(state({ advice: { ...OPENING.advice,
    routers: ["scored", "scored:weight=2.5,match=any,soft=true"], evictions: ["lru"] } }));
  assert.deepEqual(routers, [{ id: "scored" },
    { id: "scored", params: { weight: 2.5, match: "any", soft: true } }]);
  assert.deepEqual(evictions, [{ id: "lru" }]);
});

test("weights run nothing, and without time nobody weighs a p99", () => {
  const asked = (clock: string, weights: Record<string, number>) => adviceOf(state({
    config: { clock: { id: clock } }, advice: { routers: [], evictions: ["lfu"], seeds: 3,
      requests: 500, weights } }));
  const plain = asked("logical", {});
  const weighed = asked("logical", { hit: 2, p99: 3 });
  assert.deepEqual(weighed.weights, { hit: 2 });
  assert.equal(runsOf(plain), runsOf(weighed));
  assert.deepEqual(asked("timed", { p99: 3 }).weights, { p99: 3 });
  assert.notEqual(runsOf(plain), runsOf(asked("timed", {})));
  assert.deepEqual([plain.seeds, plain.scenario_requests], [3, 500]);
  assert.deepEqual([plain.routers, plain.evictions], [[], [{ id: "lfu" }]]);
});

test("limits are searched at the first seed of each combination", () => {
  const cell = (number: number, group: number): Cell => ({ number, group, point: {}, config: {} });
  const cells = [cell(0, 0), cell(1, 0), cell(2, 1), cell(3, 1), cell(4, 2)];
  assert.deepEqual(firstOf(cells).map(({ number }) => number), [0, 2, 4]);
});

test("partial answers are one at a time, and rest nine times as long as they took", async () => {
  let [done, now, release] = [0, 0, () => undefined as void];
  const act = throttled(async () => {
    done += 1;
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  }, () => now);
  const first = act();
  await Promise.all([act(), act(), act()]);
  assert.equal(done, 1);
  now = 10;
  release();
  await first;
  now = 99;
  await act();
  assert.equal(done, 1);
  now = 100;
  const second = act();
  assert.equal(done, 2);
  release();
  await second;
});

test("a difference of shares is in points, of times in seconds", () => {
  const mean = { mean: 0.0123, half_width: 0.001, least: 0, most: 1 };
  const metric = { id: "x", label: "X", better: "more" as const };
  assert.equal(behindOf({ ...metric, unit: "share" }, mean), "1.23 ± 0.10 points");
  const one = { ...mean, half_width: null };
  assert.equal(behindOf({ ...metric, unit: "share" }, one), "1.23 points");
  assert.match(behindOf({ ...metric, unit: "s" }, { ...mean, mean: 12, half_width: 0 }), /^12\ss$/);
});
