import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/text/format.ts";
import { plain } from "./plain.ts";

test("ratios of nothing are a dash", () => {
  assert.equal(format.percent(0, 0), "–");
  assert.equal(plain(format.percent(1, 8)), "12.5 %");
});

test("what is no whole number is told as it is", () => {
  const told = [1, 2, 1234, 1.5, 0].map((nodes) => format.plural(nodes, "node"));
  assert.deepEqual(told, ["1 node", "2 nodes", "1,234 nodes", "1.5 nodes", "0 nodes"]);
});

test("sizes and counts keep three digits", () => {
  assert.equal(plain(format.bytes(983_000_000_000)), "915 GiB");
  assert.equal(plain(format.bytes(512)), "512 B");
  assert.equal(format.compact(9_203), "9,203");
  assert.equal(plain(format.compact(276_331)), "276 k");
  assert.equal(plain(format.compact(4_210_000)), "4.21 M");
});

test("small figures fit small places", () => {
  assert.deepEqual([999, 1240, 12_300, 4_500_000].map((n) => plain(format.short(n))),
    ["999", "1.2 k", "12 k", "4.5 M"]);
});

test("an axis drops the zeros behind the point and no others", () => {
  const said = [0, 0.5, 1, 2.5, 5, 10, 12.5, 100, 500].map((s) => plain(format.axisSeconds(s)));
  assert.deepEqual(said,
    ["0", "500 ms", "1 s", "2.5 s", "5 s", "10 s", "12.5 s", "100 s", "500 s"]);
});

test("measured times have three digits, from microseconds on", () => {
  assert.deepEqual([0, 0.0000004, 0.00035, 0.0035, 0.35, 4.614, 31.42, 314.2, Number.NaN]
    .map((s) => plain(format.seconds(s))),
  ["0 s", "0 µs", "350 µs", "3.5 ms", "350 ms", "4.61 s", "31.4 s", "314 s", "–"]);
});

test("times", () => {
  assert.equal(format.clock(7), "0:07");
  assert.equal(format.clock(1902), "31:42");
  assert.equal(format.clock(7509), "2:05:09");
  assert.equal(plain(format.duration(0.4)), "under 1 s");
  assert.equal(plain(format.duration(600)), "10 min");
  assert.equal(plain(format.seconds(4.61)), "4.61 s");
  assert.equal(format.plural(1, "move"), "1 move");
});

test("a rate says that it is one", () => {
  assert.deepEqual([1.19234, 0, 1234.5].map(format.rate), ["1.192/s", "0/s", "1,235/s"]);
});
