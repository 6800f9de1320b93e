import assert from "node:assert/strict";
import { test } from "node:test";
import { cellRect, chooseGrid, gridSize, runRects } from "./grid.ts";

test("the rectangles of a run cover its cells once each", () => {
  for (let cols = 1; cols <= 5; cols++) {
    for (let from = 0; from <= 17; from++) {
      for (let to = from; to <= 17; to++) {
        const seen: number[] = [];
        for (const [c = 0, r = 0, w = 0, h = 0] of runRects(from, to, cols)) {
          for (let j = r; j < r + h; j++) for (let i = c; i < c + w; i++) seen.push(j * cols + i);
        }
        seen.sort((a, b) => a - b);
        assert.deepEqual(seen, Array.from({ length: to - from }, (_, i) => from + i));
      }
    }
  }
});

test("a grid stays inside its area and on device pixels", () => {
  for (const dpr of [1, 1.5, 2]) {
    const area = { x: 10.3, y: 20.7, w: 73, h: 190 };
    const grid = chooseGrid(area, 5859, 6, dpr);
    const { w, h } = gridSize(grid);
    assert.ok(w <= area.w && h <= area.h);
    assert.ok(Math.abs(grid.pitch * dpr - Math.round(grid.pitch * dpr)) < 1e-9);
    assert.equal(cellRect(grid, 0).x, grid.x);
  }
});

test("a small cache gets one larger cell a block", () => {
  const grid = chooseGrid({ x: 0, y: 0, w: 100, h: 200 }, 20, 6, 2);
  assert.equal(grid.cells, 20);
  assert.ok(grid.pitch > 20);
  assert.equal(chooseGrid({ x: 0, y: 0, w: 100, h: 200 }, 1, 6, 2).cells, 1);
});
