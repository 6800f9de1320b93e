/** What a sum of a run is a part of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Totals } from "../src/engine/protocol.ts";
import { SUMS, baseOf } from "../src/state/sums.ts";
import { percent } from "../src/text/format.ts";

const rowOf = (key: string) => SUMS.find((row) => row.key === key)!;

test("requests that were turned away are a share of those that came", () => {
  const totals = { requests: 999, rejected: 11_032 } as Totals;
  assert.equal(baseOf(rowOf("rejected"), totals), 12_031);
  assert.equal(percent(totals.rejected, baseOf(rowOf("rejected"), totals)), "91.7\u202f%");
});

test("no sum is more than its whole", () => {
  const parts = SUMS.filter(({ of }) => of.length > 0);
  assert.ok(parts.length > 5);
  for (const row of parts) {
    assert.ok(!row.of.includes(row.key) || row.of.length > 1, row.key);
    assert.ok(row.of.every((key) => SUMS.some((other) => other.key === key)), row.key);
  }
});
