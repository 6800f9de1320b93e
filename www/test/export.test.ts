import assert from "node:assert/strict";
import { test } from "node:test";
import { inLines, seriesCsv } from "../src/app/files.ts";
import { component } from "../src/panel/results/decision.ts";
import type { Series } from "../src/engine/protocol.ts";
import { plain } from "./plain.ts";

test("the series as CSV: a name for every column, a line for every sample", () => {
  const one = (...values: number[]) => Float64Array.from(values);
  const series: Series = {
    stride: 10, samples: 2, nodes: 2, request: one(10, 15), time_s: one(0.5, 1),
    blocks: one(4, 2), prefix_hits: one(1, 1), input_tokens: one(40, 20), hit_tokens: one(10, 9),
    ceiling_tokens: one(12, 9), evictions: one(0, 3), migrated_blocks: one(0, 0),
    resident_share: one(0.5, 0.75), node_requests: Uint32Array.of(6, 4, 5, 0),
    node_work_tokens: one(20, 10, 11, 0), ttft_mean_s: one(), ttft_p99_s: one(),
    queue_max: new Uint32Array(0),
  };
  const table = { each: ["request", "time_s", "evictions"], timed: ["queue_max"],
    by_node: ["node_requests", "node_work_tokens"] };
  assert.deepEqual(seriesCsv(series, table).split("\n"), [
    "request,time_s,evictions,node_requests_0,node_requests_1,node_work_tokens_0,"
      + "node_work_tokens_1",
    "10,0.5,0,6,4,20,10", "15,1,3,5,0,11,0", "",
  ]);
  const timed = { ...series, queue_max: Uint32Array.of(3, 7) };
  assert.match(seriesCsv(timed, table), /^15,1,3,7,5,0,11,0$/m);
});

test("components of a decision keep the digits that tell them apart", () => {
  assert.deepEqual([0, 21, -1.6, 0.26, 0.0001, 12.3456, 123_456, Infinity, Number.NaN]
    .map(component).map(plain),
  ["0", "21", "−1.600", "0.260", "1.0e-4", "12.35", "123 k", "∞", "–"]);
});

test("words above a saved picture are broken into lines, and never wider than it", () => {
  const letters = (text: string) => text.length;
  assert.deepEqual(inLines("A cache_aware, kill:2@1875", 14, letters),
    ["A cache_aware,", "kill:2@1875"]);
  assert.deepEqual(inLines("A random", 14, letters), ["A random"]);
  assert.deepEqual(inLines("B hotspot_migration 8", 9, letters), ["B", "hotspot_…", "8"]);
});
