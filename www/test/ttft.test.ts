import assert from "node:assert/strict";
import { test } from "node:test";
import { spread } from "../src/panel/results/ttft.ts";

const columns = (requests: number[]) => ({
  bin_s: Float64Array.from(requests, (_, i) => i + 1),
  bin_requests: new Float64Array(requests),
});

test("empty bins at both ends are left out", () => {
  assert.deepEqual(spread(columns([0, 0, 3, 0, 2, 0])),
    [{ upto_s: 3, requests: 3 }, { upto_s: 4, requests: 0 }, { upto_s: 5, requests: 2 }]);
});

test("many bins are merged and lose no request", () => {
  const many = Array.from({ length: 301 }, (_, i) => i % 7);
  const merged = spread(columns(many));
  assert.ok(merged.length <= 44);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  assert.equal(sum(merged.map((c) => c.requests)), sum(many));
  assert.equal(merged.at(-1)?.upto_s, 301);
});
