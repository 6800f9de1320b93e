/** Router, links and requests on their way. */
import { integer } from "../../text/format.ts";
import { drawGauges, write, type Gauge } from "../ink.ts";
import { shownCards } from "./layout.ts";
import { ease, type Dot } from "./motion.ts";
import { pointAt, strokePath, type Path } from "./path.ts";
import { FAMILIES, type Scene } from "./scene.ts";

/** Above a card: the room in which a link ends and the queue waits. */
export const LINK_STOP = 7;
export const QUEUE_STOP = 20;

/** Link widths follow the share of recent requests; an idle link is a hairline. */
export function drawLinks(scene: Scene, paths: readonly Path[]): void {
  const { ctx, theme, layout } = scene;
  if (layout.mode === "tiles") return;
  ctx.lineJoin = "round";
  ctx.lineCap = "butt";
  const widest = Math.min(26, (layout.slots[0]?.w ?? 40) * 0.5);
  const idle = new Set<Path>();
  for (const [i, path] of paths.entries()) {
    const share = scene.requests[i] ?? 0;
    if (share === 0) {
      // One hairline to where idle nodes are folded, and not one for each.
      if (idle.has(path)) continue;
      idle.add(path);
    }
    ctx.beginPath();
    strokePath(ctx, path);
    if (share > 0) {
      ctx.strokeStyle = theme.accent;
      ctx.globalAlpha = theme.dark ? 0.22 : 0.17;
      ctx.lineWidth = Math.max(1, Math.min(widest, share * 46));
    } else {
      ctx.strokeStyle = theme.line;
      ctx.lineWidth = 1;
    }
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
}

export function drawDots(
  scene: Scene, dots: readonly Dot[], paths: readonly Path[], time: number,
): void {
  const { ctx, theme, layout, stride } = scene;
  const at = { x: 0, y: 0 };
  // A family's requests have its colour, so that one sees where they go.
  const gauges: Gauge[][] = Array.from({ length: FAMILIES }, () => []);
  const r = (stride === 1 ? 4.4 : 3.2) * (layout.mode === "cards" ? 1 : 0.85);
  for (const dot of dots) {
    const path = paths[dot.node];
    if (!path || time < dot.born) continue;
    pointAt(path, ease((time - dot.born) / dot.travel), at);
    gauges[dot.family]?.push({
      x: at.x, y: at.y, r, fraction: dot.blocks > 0 ? dot.hits / dot.blocks : 0,
    });
  }
  gauges.forEach((of, family) => drawGauges(ctx, theme, of, familyColour(scene, family)));
}

/** A family's strongest colour; the accent for what is in none. */
export function familyColour({ ramp, bands, theme }: Scene, family: number): string {
  return family === 0 ? theme.accent : ramp[family * bands + bands - 1] ?? theme.accent;
}

export function drawRouter(scene: Scene): void {
  const { ctx, theme, layout } = scene;
  const { x, y, w, h } = layout.router;
  ctx.beginPath();
  ctx.roundRect(x, y, w, h, h / 2);
  ctx.fillStyle = theme.ink;
  ctx.fill();
  write(ctx, theme, "router", x + w / 2, y + h / 2 + 4,
    { size: 12, weight: 600, colour: theme.panel, align: "center" });
}

/** Unfinished requests wait above their node, as dots while they can be counted at a glance. Their
 *  colour says nothing: that of the bar is of work, which a queue is no part of. */
export function drawQueues(scene: Scene): void {
  const { ctx, theme, layout, view } = scene;
  if (!view.timed || layout.mode === "tiles") return;
  const small = layout.mode === "columns";
  const r = small ? 1.4 : 2.5;
  const step = small ? 4 : 7;
  for (const [i, card] of shownCards(layout)) {
    const queue = view.frame.nodes.queue[i] ?? 0;
    if (queue === 0) continue;
    const room = small ? 4 : Math.max(1, Math.floor((card.w - 4) / step));
    const middle = card.x + card.w / 2;
    if (queue > room && !small) {
      const count = integer(queue);
      write(ctx, theme, card.w >= 68 ? `${count} waiting` : count, middle, card.y - 6,
        { size: 10.5, weight: 600, colour: theme.muted, align: "center", halo: theme.panel });
      continue;
    }
    const shown = Math.min(queue, room);
    ctx.fillStyle = theme.muted;
    ctx.beginPath();
    for (let k = 0; k < shown; k++) {
      const x = small ? middle : middle + (k - (shown - 1) / 2) * step;
      const y = small ? card.y - 4 - k * step : card.y - 9;
      ctx.moveTo(x + r, y);
      ctx.arc(x, y, r, 0, 2 * Math.PI);
    }
    ctx.fill();
  }
}
