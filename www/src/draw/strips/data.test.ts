import assert from "node:assert/strict";
import { test } from "node:test";
import type { Series } from "../../engine/protocol.ts";
import { axisEnd, firstFrom, nearest, placedAgain, rolling, sampled, shareTicks, stripData }
  from "./data.ts";
import { beside } from "./lanes.ts";
import { membersOf, requestsOf } from "./members.ts";
import { heatLevels, heatPosition, heatSpan, type LoadColumns } from "./heat.ts";

const SERIES = {
  stride: 10, samples: 3, nodes: 2,
  request: Float64Array.of(10, 20, 25), time_s: Float64Array.of(5, 4, 9),
  blocks: Float64Array.of(1, 3, 0),
  input_tokens: Float64Array.of(100, 300, 0), hit_tokens: Float64Array.of(50, 30, 0),
  ceiling_tokens: Float64Array.of(60, 180, 0), resident_share: Float64Array.of(0.9, 0.6, 0.5),
  node_work_tokens: Float64Array.of(30, 10, 10, 40, 0, 0),
  ttft_mean_s: new Float64Array(0), ttft_p99_s: new Float64Array(0), queue_max: new Uint32Array(0),
} as unknown as Series;

test("rates are ratios of sums; nothing to divide by is null", () => {
  const data = stripData(SERIES, 1, null, "window");
  assert.deepEqual(data.hitWindow, [0.5, 0.1, null]);
  assert.deepEqual(data.hitSoFar, [0.5, 0.2, 0.2]);
  assert.deepEqual(data.ceiling, [0.6, 0.6, null]);
  assert.deepEqual(data.largestWork, [0.75, 0.8, null]);
  assert.deepEqual([...data.busiest], [0, 1, 0]);
  assert.deepEqual(data.x, [5, 5, 9]);
  assert.ok(data.onTime);
  assert.deepEqual(data.ttftMean, []);
});

test("where no request names a block there is no hit rate, and load all the same", () => {
  const data = stripData({ ...SERIES, blocks: Float64Array.of(0, 0, 0) }, 1, null, "window");
  const none = [null, null, null];
  assert.deepEqual([data.hitWindow, data.hitSoFar, data.ceiling], [none, none, none]);
  assert.deepEqual(data.largestWork, [0.75, 0.8, null]);
});

test("who reads strips is told where they look back on other requests than the figures", () => {
  assert.equal(sampled(8, 1000, 1000), "");
  assert.equal(sampled(32, 992, 1000), "Strips: drawn in samples of 32 requests; “last 992” here, "
    + "the last 1,000 in the figures.");
  assert.equal(sampled(1, 1024, 1000),
    "Strips: “last 1,024” here, the last 1,000 in the figures.");
});

test("who reads strips is told that they have requests as often as they were placed", () => {
  assert.equal(placedAgain(0), "");
  assert.equal(placedAgain(1070), "Strips: placements as they were made, 1,070 of them of retried "
    + "requests; the figures have every request once.");
});

test("a window looks back over whole samples", () => {
  assert.deepEqual([...rolling([1, 2, 3, 4], 1, 4, 2)], [1, 3, 5, 7]);
  assert.deepEqual([...rolling([1, 10, 2, 20, 3, 30], 2, 3, 2)], [1, 10, 3, 30, 5, 50]);
  const data = stripData(SERIES, 20, null, "window");
  assert.equal(data.window, 20);
  assert.deepEqual(data.hitWindow, [0.5, 0.2, 0.1]);
  assert.deepEqual(data.largestWork, [0.75, 50 / 90, 0.8]);
});

test("one switch rules rates, shares and the map: the last requests, or all so far", () => {
  const last = stripData(SERIES, 10, null, "window");
  const whole = stripData(SERIES, 10, null, "run");
  assert.deepEqual([last.spanName, whole.spanName], ["last 10", "so far"]);
  assert.deepEqual([last.hit, whole.hit], [[0.5, 0.1, null], [0.5, 0.2, 0.2]]);
  assert.deepEqual([last.ceiling, whole.ceiling], [[0.6, 0.6, null], [0.6, 0.6, 0.6]]);
  assert.deepEqual([last.largestWork, whole.largestWork], [[0.75, 0.8, null],
    [0.75, 50 / 90, 50 / 90]]);
  assert.deepEqual([...whole.work], [30, 10, 40, 50, 40, 50]);
  // Both lines are drawn either way.
  assert.deepEqual([whole.hitWindow, last.hitSoFar], [last.hit, whole.hit]);
});

test("a trace without times is drawn by request number", () => {
  const data = stripData({ ...SERIES, time_s: new Float64Array(3) }, 1,
    { requests: 100, seconds: 0 }, "run");
  assert.deepEqual(data.x, [10, 20, 25]);
  assert.equal(data.end, 100);
});

test("the axis ends at the run's end, or at a round time before it is known", () => {
  const trace = (requests: number, seconds: number | null) => ({ requests, seconds });
  assert.equal(axisEnd(3537, 12031, trace(12031, 3600), true), 3537);
  assert.equal(axisEnd(1000, 3400, trace(12031, 3537), true), 3537);
  assert.equal(axisEnd(3600, 3400, trace(12031, 3537), true), 3600);
  assert.equal(axisEnd(1000, 3400, trace(12031, null), true), 3600);
  assert.equal(axisEnd(3400, 3400, trace(12031, 3537), false), 12031);
  assert.equal(axisEnd(500, 3400, null, true), 500);
  assert.equal(axisEnd(0, 0, null, true), 1);
});

test("ticks are round and few", () => {
  assert.deepEqual(shareTicks(0.6), [0, 0.2, 0.4, 0.6000000000000001]);
  for (const max of [0.02, 0.13, 0.31, 0.77, 1]) assert.ok(shareTicks(max).length <= 4);
});

test("the nearest sample", () => {
  assert.equal(nearest([], 3), null);
  assert.equal(nearest([1, 4, 9], 2), 0);
  assert.equal(nearest([1, 4, 9], 3), 1);
  assert.equal(nearest([1, 4, 9], 99), 2);
  assert.equal(firstFrom([1, 4, 4, 9], 4), 1);
});

test("a fair load is the middle of the scale, and the scale is symmetric", () => {
  assert.equal(heatPosition(1, 4), 0.5);
  assert.equal(heatPosition(4, 4), 1);
  assert.equal(heatPosition(0.25, 4), 0);
  assert.equal(heatPosition(0, 4), 0);
  assert.equal(heatSpan(2), 2);
});

function load(nodes: number, ...values: number[]): LoadColumns {
  const work = Float64Array.from(values);
  const sums = new Float64Array(values.length / nodes);
  work.forEach((v, i) => { sums[Math.floor(i / nodes)]! += v; });
  const reached = Array.from(sums, (_, i) => i);
  return { work, sums, nodes, members: membersOf({ first: nodes, changes: [] }, nodes, reached) };
}

test("the map covers its samples, keeps peaks and leaves the rest blank", () => {
  // Two nodes (so 2 is the top of the scale), samples ending at 1 and 3 of 4.
  const levels = heatLevels(load(2, 1, 1, 4, 0), [1, 3], 4, 4, 2);
  assert.deepEqual([...levels], [256, 256, 512, 0, 512, 0, -1, -1]);
  // Samples closer than a column share it.
  const shared = heatLevels(load(2, 1, 1, 4, 0, 1, 3), [0.2, 0.7, 1], 1, 1, 2);
  assert.deepEqual([...shared], [512, 384]);
  // Four nodes on one row: the heaviest wins.
  const row = heatLevels(load(4, 0, 0, 8, 0), [1], 1, 1, 1);
  assert.deepEqual([...row], [512]);
});

const change = (what: string, request: number) =>
  ({ what, request, retried: 0, aborted: 0 });

test("who takes requests, sample by sample", () => {
  const changes = [change("kill:1@15", 15), change("add:2@21", 21), change("drain:0@2s", 22),
    change("slow:3:2@30", 30), change("heal:1@35", 35)];
  const { alive, count } = membersOf({ first: 2, changes }, 4, [10, 20, 30, 40]);
  assert.deepEqual([...alive], [1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1]);
  assert.deepEqual([...count], [2, 1, 2, 3]);
});

test("shares and the fair one are over nodes that take requests, as those of the figures", () => {
  const membership = { first: 2, changes: [change("kill:0@15", 15)] };
  const data = stripData(SERIES, 1, null, "window", membership);
  assert.deepEqual(data.largestWork, [0.75, 1, null]);
  assert.deepEqual(data.fair, [0.5, 1, 1]);
  const later = stripData(SERIES, 1, null, "window",
    { first: 2, changes: [change("kill:0@25", 25)] });
  assert.deepEqual(later.fair, [0.5, 0.5, 1]);
  assert.deepEqual(later.largestWork, [0.75, 0.8, null]);
  const { work, workSum: sums, members } = stripData(SERIES, 1, null, "window",
    { first: 2, changes: [change("kill:0@5", 5)] });
  const levels = heatLevels({ work, sums, nodes: 2, members }, data.x, 9, 1, 2);
  assert.equal(levels[0], -1, "a dead node has no load");
});

test("beside the first, a lane is where the first is, also where requests arrived again", () => {
  const first = stripData(SERIES, 1, null, "run");
  const membership = { first: 2, changes: [] };
  const alike = beside({ series: SERIES, membership }, 1, first, "run");
  assert.deepEqual(alike.hit, first.hit);
  // The first placed five requests of these again, so that the other never has as many.
  const killed = { first: 2, changes: [{ ...change("kill:0@13", 13), retried: 6, aborted: 1 }] };
  const again = stripData({ ...SERIES, request: Float64Array.of(10, 25, 30) }, 1, null, "run",
    killed);
  assert.deepEqual(again.reached, [10, 20, 25]);
  const fewer = beside({ series: SERIES, membership }, 1, again, "run");
  assert.deepEqual(fewer.hit, again.hit);
});

test("placements are told apart from requests where they were made", () => {
  const changes = [{ ...change("kill:0@5", 5), retried: 3 },
    { ...change("kill:1@8", 8), retried: 2 }];
  const placements = Array.from({ length: 14 }, (_, i) => i + 1);
  assert.deepEqual(requestsOf(placements, changes),
    [1, 2, 3, 4, 4, 4, 4, 5, 6, 7, 7, 7, 8, 9]);
});
