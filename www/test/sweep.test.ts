/** Sweeps on the page: the grid that is chosen, the rows in order, the file. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readingOf } from "../src/app/analysis.ts";
import { gridOf } from "../src/app/sweep.ts";
import type { CellResult } from "../src/engine/protocol.ts";
import { matching, sortedBy, sweepCsv } from "../src/panel/views/metrics.ts";
import { tables } from "./tables.ts";

test("a grid is what is chosen, without what varies, and its values are of their kinds", () => {
  const config = { nodes: 4, capacity_blocks: 500, seed: "18446744073709551615",
    router: { id: "scored", params: { weight: 3 } }, eviction: { id: "lru" } };
  const axes = { eviction: ["lru", "fifo"], capacity_blocks: ["100", "1GiB"], nodes: [] };
  assert.deepEqual(gridOf(config, axes, 1), {
    base: { nodes: 4, router: { id: "scored", params: { weight: 3 } } },
    axes: { eviction: ["lru", "fifo"], capacity_blocks: [100, "1GiB"] },
    seeds: ["18446744073709551615"],
  });
  assert.equal(gridOf(config, axes, 5).seeds, 5);
  assert.equal("perturb" in gridOf({ ...config, perturb: [] }, axes, 1), false);
  assert.deepEqual(gridOf({ ...config, perturb: ["kill:1@9"] }, axes, 1).perturb, ["kill:1@9"]);
});

const result = (cell: number, router: string, rate: number | null): CellResult => ({
  row: { cell, group: cell, point: { router, nodes: String(10 - cell) }, config: {}, summary: {} },
  values: [rate],
});
const some = [result(2, "b", 0.5), result(0, "a,c", null), result(1, "b", 0.7)];
const cells = (results: CellResult[]) => results.map(({ row }) => row.cell);

test("runs are sorted by whichever column is chosen, and what has no value comes last", () => {
  const by = (name: string, descending: boolean) =>
    cells(sortedBy(some, ["rate"], name, descending));
  assert.deepEqual(by("", true), [0, 1, 2]);
  assert.deepEqual(by("rate", true), [1, 2, 0]);
  assert.deepEqual(by("rate", false), [2, 1, 0]);
  assert.deepEqual(by("nodes", false), [2, 1, 0], "by number: 8, 9, 10");
  assert.deepEqual(by("router", false), [0, 1, 2]);
});

test("the file has a line a run, in the order of cells, and quotes what needs it", () => {
  const metrics = [{ id: "rate", label: "Rate", unit: "share", better: "more" as const }];
  assert.equal(sweepCsv(metrics, ["router", "nodes"], some), [
    "cell,group,router,nodes,seed,rate", '0,0,"a,c",10,0,', "1,1,b,9,0,0.7", "2,2,b,8,0,0.5", "",
  ].join("\n"));
});

test("runs are filtered by the value of an axis and by words that all occur", () => {
  const left = (point: Record<string, string>, text: string) =>
    cells(matching(some, { point, text }));
  assert.deepEqual(left({}, ""), [2, 0, 1]);
  assert.deepEqual(left({ router: "b" }, ""), [2, 1]);
  assert.deepEqual(left({ router: "b", nodes: "9" }, ""), [1]);
  assert.deepEqual(left({}, "ROUTER=B nodes=8"), [2]);
  assert.deepEqual(left({}, "seed=0 a,"), [0]);
  assert.deepEqual(left({}, "nothing"), []);
});

test("a trace is packed by the settings that say how it is read, and by no others", () => {
  const settings = tables.settings.map((spec) =>
    (spec.name === "block_size" ? { ...spec, role: "reading" } : spec));
  assert.deepEqual(readingOf({ ...tables, settings }, { nodes: 3, block_size: 16 }),
    { block_size: 16 });
});
