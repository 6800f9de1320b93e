import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "../../engine/protocol.ts";
import { Clock, Traffic, approach, dotStride } from "./motion.ts";

function frame(requests: number, recent: number): Frame {
  const ids = Array.from({ length: recent }, (_, i) => requests - recent + i + 1);
  return {
    requests,
    recent: {
      request: Uint32Array.from(ids), node: Uint16Array.from(ids, (i) => i % 4),
      blocks: Uint32Array.from(ids, () => 10), prefix_hits: Uint32Array.from(ids, () => 5),
      evicted: Uint32Array.from(ids, () => 0),
      rewanted: Uint32Array.from(ids, () => 0),
      family: Uint16Array.from(ids, () => 0),
      fetched: Uint32Array.from(ids, () => 0),
      source: Uint16Array.from(ids, () => 0),
    },
    nodes: { heat: new Uint32Array(4) },
  } as unknown as Frame;
}

test("a dot stands for a round number of requests", () => {
  assert.deepEqual([1, 40, 90, 400, 5000, 1e6].map(dotStride), [1, 1, 2, 10, 200, 50_000]);
});

test("slow runs show every request, fast ones a sample; all dots arrive", () => {
  const slow = new Traffic(4);
  for (let i = 1; i <= 20; i++) slow.emit(frame(i, 1), 20, i * 50);
  assert.equal(slow.dots.length, 20);
  assert.equal(slow.arrivals(1e6).length, 20);
  assert.deepEqual([...slow.pending], [0, 0, 0, 0]);

  const fast = new Traffic(4);
  for (let i = 1; i <= 60; i++) fast.emit(frame(i * 80, 80), 4800, i * 16);
  assert.ok(fast.dots.length >= 40 && fast.dots.length <= 60, String(fast.dots.length));
});

test("the clock drops the time of a sleeping tab and stops softly", () => {
  const clock = new Clock();
  clock.advance(0, true);
  for (let t = 16; t < 400; t += 16) clock.advance(t, true);
  const before = clock.time;
  clock.advance(60_000, true);
  assert.ok(clock.time - before <= 50);
  for (let t = 60_016; t < 60_400; t += 16) clock.advance(t, false);
  assert.ok(clock.resting);
});

test("approach ends exactly on the goal", () => {
  const shown = new Float64Array([0, 10]);
  let rounds = 0;
  while (approach(shown, [5, 0], 0, 2, 0.3, 0.01)) assert.ok(++rounds < 100);
  assert.deepEqual([...shown], [5, 0]);
});
