/**
 * Moved blocks on their way: out of the cells in which those of their family lie on the node that
 * gave them, along the ribbon, and into the cells in which they lie now.
 */
import { apportion } from "./apportion.ts";
import { cellCounts, familyCells } from "./cards.ts";
import { along, type Curve, type Point } from "./curve.ts";
import { familyColour } from "./flow.ts";
import { cellRect } from "./grid.ts";
import { ease } from "./motion.ts";
import type { Scene } from "./scene.ts";

export interface Move {
  source: number;
  target: number;
  moved: number;
  /** Of these, by family. */
  families: readonly number[];
}

/** As many as the eye can follow at once. */
const MOST = 8;
/** Of the whole time, how long the last one waits. */
const APART = 0.35;
/** Of its way, what lies inside a card, at either end. */
const INSIDE = 0.2;

/** `age` goes from 0 to 1, when all have come. */
export function drawCarried(scene: Scene, move: Move, curve: Curve, age: number): void {
  const { ctx, theme } = scene;
  const cells = apportion(move.families, Math.min(MOST, move.moved))
    .flatMap((count, family) => Array.from({ length: count }, () => family));
  ctx.globalAlpha = 1;
  ctx.strokeStyle = theme.panel;
  ctx.lineWidth = 1;
  for (const [k, family] of cells.entries()) {
    const t = (age - (APART * k) / MOST) / (1 - APART);
    if (t <= 0 || t >= 1) continue;
    const size = scene.layout.mode === "cards" ? 7 : 5;
    const [x, y] = wayPoint(endOf(scene, move.source, family, k), curve,
      endOf(scene, move.target, family, k), ease(t));
    ctx.fillStyle = familyColour(scene, family);
    ctx.fillRect(x - size / 2, y - size / 2, size, size);
    ctx.strokeRect(x - size / 2, y - size / 2, size, size);
  }
}

/** Where it is after a part of its way; a node without cells is entered at the ribbon's end. */
export function wayPoint(from: Point | null, curve: Curve, to: Point | null, t: number): Point {
  const begin = from === null ? 0 : INSIDE;
  const end = to === null ? 1 : 1 - INSIDE;
  if (from !== null && t < begin) return between(from, along(curve, 0), t / begin);
  if (to !== null && t > end) return between(along(curve, 1), to, (t - end) / (1 - end));
  return along(curve, (t - begin) / (end - begin));
}

function between([ax, ay]: Point, [bx, by]: Point, t: number): Point {
  return [ax + (bx - ax) * t, ay + (by - ay) * t];
}

/** The middle of the k-th cell from the end of a family's: what has just come lies there. */
function endOf(scene: Scene, node: number, family: number, k: number): Point | null {
  const grid = scene.grids[node];
  if (!grid) return null;
  const [from, to] = familyCells(scene, cellCounts(scene, node, grid.cells), family);
  const { x, y, w, h } = cellRect(grid, Math.max(from, Math.min(to, grid.cells) - 1 - k));
  return [x + w / 2, y + h / 2];
}
