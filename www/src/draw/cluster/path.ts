/** The way from the router to each node, as points with lengths, so that a dot can follow it. */
import type { Pen } from "../ink.ts";
import type { Layout } from "./layout.ts";

export interface Path {
  /** x and y by turns. */
  points: Float32Array;
  /** Length from the start to each point. */
  lengths: Float32Array;
}

type Curve = readonly [number, number, number, number, number, number, number, number];

const STEPS = 28;

function sample(curves: readonly Curve[]): Path {
  const count = curves.length * STEPS + 1;
  const points = new Float32Array(count * 2);
  const lengths = new Float32Array(count);
  let at = 0;
  for (const [k, [x0, y0, x1, y1, x2, y2, x3, y3]] of curves.entries()) {
    for (let i = k === 0 ? 0 : 1; i <= STEPS; i++, at++) {
      const t = i / STEPS;
      const u = 1 - t;
      const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
      points[2 * at] = a * x0 + b * x1 + c * x2 + d * x3;
      points[2 * at + 1] = a * y0 + b * y1 + c * y2 + d * y3;
      if (at === 0) continue;
      const dx = points[2 * at]! - points[2 * at - 2]!;
      const dy = points[2 * at + 1]! - points[2 * at - 1]!;
      lengths[at] = lengths[at - 1]! + Math.hypot(dx, dy);
    }
  }
  return { points, lengths };
}

/** The point at a fraction of the way. Writes into `out` to spare the garbage. */
export function pointAt(path: Path, fraction: number, out: { x: number; y: number }): void {
  const { points, lengths } = path;
  const last = lengths.length - 1;
  const goal = Math.max(0, Math.min(1, fraction)) * lengths[last]!;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (lengths[mid]! <= goal) low = mid;
    else high = mid;
  }
  const span = lengths[high]! - lengths[low]!;
  const t = span > 0 ? (goal - lengths[low]!) / span : 0;
  out.x = points[2 * low]! + (points[2 * high]! - points[2 * low]!) * t;
  out.y = points[2 * low + 1]! + (points[2 * high + 1]! - points[2 * low + 1]!) * t;
}

/** From the router's underside to the top of a card; behind a first row it takes a gutter. */
export function linkPath(layout: Layout, node: number, stop: number): Path {
  const card = layout.cards[node] ?? layout.router;
  const { router } = layout;
  const x0 = router.x + router.w / 2;
  const y0 = router.y + router.h;
  const x = card.x + card.w / 2;
  const y = card.y - stop;
  if (layout.mode === "tiles") {
    const mid = card.y + card.h / 2;
    return sample([[x0, y0, x0, y0 + (mid - y0) * 0.5, x, y0 + (mid - y0) * 0.3, x, mid]]);
  }
  const first = layout.slots[0] ?? card;
  const drop = first.y - stop - y0;
  const fan = (toX: number, toY: number): Curve =>
    [x0, y0, x0, y0 + drop * 0.8, toX, y0 + drop * 0.12, toX, toY];
  if (card.y <= first.y) return sample([fan(x, y)]);

  const second = layout.slots[1] ?? card;
  const gap = layout.cols > 1 ? second.x - first.x - first.w : 8;
  const gutter = x > x0 ? card.x - gap / 2 : card.x + card.w + gap / 2;
  const above = card.y - 15;
  return sample([
    fan(gutter, first.y),
    [gutter, first.y, gutter, first.y, gutter, above, gutter, above],
    [gutter, above, gutter, above + 8, x, above - 4, x, y],
  ]);
}

export function strokePath(ctx: Pen, path: Path): void {
  const { points } = path;
  ctx.moveTo(points[0]!, points[1]!);
  for (let i = 2; i < points.length; i += 2) ctx.lineTo(points[i]!, points[i + 1]!);
}
