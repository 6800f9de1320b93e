import assert from "node:assert/strict";
import { test } from "node:test";
import { wayPoint } from "./carried.ts";
import type { Curve } from "./curve.ts";

/** Straight on from (0, 0) to (9, 0). */
const CURVE: Curve = [0, 0, 3, 0, 6, 0, 9, 0];

test("a moved block goes from its cell along the ribbon into its new cell", () => {
  const at = (t: number) => wayPoint([0, -4], CURVE, [9, -8], t).map((it) => Math.round(it * 10));
  assert.deepEqual([0, 0.1, 0.2, 0.5, 0.8, 0.9, 1].map(at),
    [[0, -40], [0, -20], [0, 0], [45, 0], [90, 0], [90, -40], [90, -80]]);
});

test("where a node has no cells it leaves and enters at the ribbon's ends", () => {
  assert.deepEqual(wayPoint(null, CURVE, null, 0), [0, 0]);
  assert.deepEqual(wayPoint(null, CURVE, null, 1), [9, 0]);
  assert.deepEqual(wayPoint(null, CURVE, [9, 5], 0), [0, 0]);
  assert.deepEqual(wayPoint([0, 5], CURVE, null, 1), [9, 0]);
});
