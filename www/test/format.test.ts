import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/text/format.ts";

test("ratios of nothing are a dash", () => {
  assert.equal(format.percent(0, 0), "–");
  assert.equal(format.percent(1, 8), "12.5 %");
});

test("sizes and counts keep three digits", () => {
  assert.equal(format.bytes(983_000_000_000), "915 GiB");
  assert.equal(format.bytes(512), "512 B");
  assert.equal(format.compact(9_203), "9,203");
  assert.equal(format.compact(276_331), "276 k");
  assert.equal(format.compact(4_210_000), "4.21 M");
});

test("times", () => {
  assert.equal(format.clock(7), "0:07");
  assert.equal(format.clock(1902), "31:42");
  assert.equal(format.clock(7509), "2:05:09");
  assert.equal(format.duration(0.4), "under 1 s");
  assert.equal(format.duration(600), "10 min");
  assert.equal(format.seconds(4.61), "4.61 s");
  assert.equal(format.plural(1, "move"), "1 move");
});
