import assert from "node:assert/strict";
import { test } from "node:test";
import { FASTEST, positionOf, positionOfSpeed, speedAt, valueAt }
  from "../src/panel/controls/scale.ts";

test("speed runs from one request a second to no limit", () => {
  assert.equal(speedAt(0), 1);
  assert.equal(speedAt(1), FASTEST);
  assert.equal(speedAt(positionOfSpeed(FASTEST)), FASTEST);
  for (const speed of [1, 2, 10, 300, 5200, 100_000]) {
    assert.equal(speedAt(positionOfSpeed(speed)), speed);
  }
});

test("a position leads back to the value it came from", () => {
  const ranges = [
    { min: 1, max: 1024, log: true, whole: true },
    { min: 0, max: 1, log: false, whole: false },
    { min: 0, max: 1000, log: true, whole: false },
    { min: 1, max: 2 ** 30, log: true, whole: true },
  ];
  for (const range of ranges) {
    for (let i = 0; i <= 20; i += 1) {
      const value = valueAt(range, i / 20);
      assert.ok(range.min <= value && value <= range.max, `${value}`);
      const again = valueAt(range, positionOf(range, value));
      assert.ok(Math.abs(again - value) <= 1e-9 * range.max, `${value} ${again}`);
    }
  }
});

test("linear sliders stop at round values", () => {
  assert.equal(valueAt({ min: 0, max: 1, log: false, whole: false }, 0.30301), 0.3);
  assert.equal(valueAt({ min: 0, max: 2, log: false, whole: false }, 0.30301), 0.61);
});
