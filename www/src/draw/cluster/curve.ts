/** The way from one node to another, beside the cards or over the tiles. */
import type { Layout } from "./layout.ts";

/** A cubic curve: its beginning, two points that pull at it, its end. */
export type Curve = [number, number, number, number, number, number, number, number];

export type Point = [x: number, y: number];

export function ribbonCurve(layout: Layout, source: number, target: number): Curve {
  const a = layout.cards[source] ?? layout.router;
  const b = layout.cards[target] ?? layout.router;
  const xa = a.x + a.w / 2;
  const xb = b.x + b.w / 2;
  if (layout.mode === "tiles") {
    const [ya, yb] = [a.y + a.h / 2, b.y + b.h / 2];
    const lift = 20 + Math.hypot(xb - xa, yb - ya) * 0.18;
    return [xa, ya, xa, ya - lift, xb, yb - lift, xb, yb];
  }
  const under = 20;
  if (Math.abs(a.y - b.y) > 1) {
    const down = b.y > a.y;
    const ya = down ? a.y + a.h + under : a.y - 4;
    const yb = down ? b.y - 4 : b.y + b.h + under;
    const mid = (ya + yb) / 2;
    return [xa, ya, xa, mid, xb, mid, xb, yb];
  }
  const far = Math.min(1, Math.abs(source - target) / Math.max(2, layout.cols - 1));
  const y = a.y + a.h + under;
  const depth = (layout.below - under - 4) * (0.75 + 0.55 * far);
  return [xa, y, xa, y + depth, xb, y + depth, xb, y + 7];
}

/** The point at a part of the way. */
export function along(c: Curve, t: number): Point {
  const u = 1 - t;
  const [k0, k1, k2, k3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return [
    k0 * c[0] + k1 * c[2] + k2 * c[4] + k3 * c[6],
    k0 * c[1] + k1 * c[3] + k2 * c[5] + k3 * c[7],
  ];
}
