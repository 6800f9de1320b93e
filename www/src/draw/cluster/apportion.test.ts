import assert from "node:assert/strict";
import { test } from "node:test";
import { apportion, filledCells } from "./apportion.ts";

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

test("cells sum exactly, whatever the counts", () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32;
  for (let round = 0; round < 2000; round++) {
    const counts = Array.from({ length: 1 + Math.floor(random() * 12) }, () =>
      random() < 0.3 ? 0 : Math.floor(random() ** 6 * 1e6));
    const cells = Math.floor(random() * 400);
    const out = apportion(counts, cells);
    assert.equal(sum(out), sum(counts) > 0 ? cells : 0);
    const used = counts.filter((c) => c > 0).length;
    out.forEach((c, i) => {
      if (counts[i] === 0) assert.equal(c, 0);
      else if (cells >= used) assert.ok(c >= 1);
    });
  }
});

test("in proportion, and the few hottest stay visible", () => {
  assert.deepEqual(apportion([50, 25, 25], 8), [4, 2, 2]);
  assert.deepEqual(apportion([9999, 0, 1], 100), [99, 0, 1]);
  assert.deepEqual(apportion([5, 5, 5], 2).filter((c) => c === 1).length, 2);
  assert.deepEqual(apportion([0, 0], 10), [0, 0]);
  assert.deepEqual(apportion([1, 2], Number.NaN), [0, 0], "and comes to an end");
});

test("filled cells: any block shows, full is full, more than full is full", () => {
  assert.equal(filledCells(0, 100, 40), 0);
  assert.equal(filledCells(1, 10_000, 40), 1);
  assert.equal(filledCells(100, 100, 40), 40);
  assert.equal(filledCells(500, 100, 40), 40);
  assert.equal(filledCells(50, 100, 40), 20);
});
