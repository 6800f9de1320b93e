import assert from "node:assert/strict";
import { test } from "node:test";
import { ThinLine } from "./thin.ts";

type Points = readonly (readonly [x: number, y: number])[];

function thinned(points: Points): Points {
  const out: [number, number][] = [];
  const line = new ThinLine((x, y) => out.push([x, y]));
  for (const [x, y] of points) line.add(x, y);
  line.end();
  return out;
}

/** The points by their columns. */
function byColumn(points: Points): Map<number, number[]> {
  const out = new Map<number, number[]>();
  for (const [x, y] of points) out.set(x, [...out.get(x) ?? [], y]);
  return out;
}

/** Column by column, where the line comes in, what it covers and where it goes out. */
function covered(points: Points): number[][] {
  return [...byColumn(points)].map(([x, ys]) =>
    [x, ys[0]!, Math.min(...ys), Math.max(...ys), ys.at(-1)!]);
}

test("a thinned line covers the same pixels with at most four points a column", () => {
  let state = 7;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
  for (let round = 0; round < 500; round += 1) {
    const width = 1 + next(12);
    const points = Array.from({ length: 1 + next(60) }, () => [next(width), next(9)] as const)
      .toSorted(([a], [b]) => a - b);
    const out = thinned(points);
    assert.deepEqual(covered(out), covered(points), JSON.stringify(points));
    assert.ok([...byColumn(out).values()].every((ys) => ys.length <= 4), JSON.stringify(out));
  }
});

test("where points are apart nothing is left out, and nothing is made of none", () => {
  const points = [[0, 3], [4, 1], [9, 1]] as const;
  assert.deepEqual(thinned(points), points);
  assert.deepEqual(thinned([]), []);
});
