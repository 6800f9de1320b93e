import assert from "node:assert/strict";
import { test } from "node:test";
import { at, roundUp, ticks, type Axis } from "./scale.ts";

const axis = (log: boolean, min: number, max: number): Axis =>
  ({ log, min, max, label: "", format: String });

test("values stand where the axis has them, and outside at its ends", () => {
  assert.deepEqual([0, 5, 10, 20, -1].map((v) => at(axis(false, 0, 10), v)), [0, 0.5, 1, 1, 0]);
  assert.deepEqual([1, 10, 100, 0].map((v) => at(axis(true, 1, 100), v)), [0, 0.5, 1, 0]);
  assert.equal(at(axis(false, 3, 3), 3), 0, "an axis without length");
});

test("ticks are round, inside and about as many as wanted", () => {
  assert.deepEqual(ticks(axis(false, 0, 0.37), 4), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(ticks(axis(false, 0, 3537), 4), [0, 1000, 2000, 3000]);
  assert.deepEqual(ticks(axis(true, 10, 182_790), 6), [10, 100, 1000, 10_000, 100_000]);
  assert.deepEqual(ticks(axis(true, 1, 60), 6), [1, 2, 5, 10, 20, 50]);
  assert.deepEqual(ticks(axis(true, 1, 1e9), 5), [1, 100, 1e4, 1e6, 1e8]);
});

test("an axis ends at a round value", () => {
  assert.deepEqual([0.37, 1, 21, 0, 501].map(roundUp), [0.5, 1, 50, 1, 1000]);
});
