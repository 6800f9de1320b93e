/** More than 64 nodes: a tile each, a strip of temperature (hot to cold) over a load bar. */
import { drawLoadBar } from "./cards.ts";
import { outline } from "./columns.ts";
import { write } from "../ink.ts";
import { shownCards } from "./layout.ts";
import type { Scene } from "./scene.ts";
import { HOT } from "./view.ts";

export function drawTiles(scene: Scene): void {
  const { ctx, theme, layout, view, buckets, heat, ramp } = scene;
  const sample = layout.slots[0];
  if (!sample) return;
  const bar = sample.h >= 16 ? 4 : 2;
  const strip = sample.h - bar - (sample.h >= 16 ? 4 : 2);

  ctx.fillStyle = theme.soft;
  for (const card of layout.slots) ctx.fillRect(card.x, card.y, card.w, strip);
  // By colour, not by tile: one change of ink a bucket.
  const edge = new Float64Array(view.nodes);
  for (const b of scene.order) {
    ctx.fillStyle = ramp[b] ?? "#888";
    for (const [i, card] of shownCards(layout)) {
      const w = (Math.min(view.capacity, heat[i * buckets + b] ?? 0) / view.capacity) * card.w;
      if (w <= 0) continue;
      ctx.fillRect(card.x + edge[i]!, card.y, Math.min(w + 0.3, card.w - edge[i]!), strip);
      edge[i]! += w;
    }
  }
  for (const [i, card] of shownCards(layout)) {
    drawLoadBar(scene, i, { x: card.x, y: card.y + card.h - bar - 1, w: card.w, h: bar });
    if (view.warmth[i] === HOT) outline(ctx, card, theme.warn, 1.5);
  }
  labelRows(scene, sample.h, strip);
}

/** The node at the head of each row. */
function labelRows({ ctx, theme, layout }: Scene, height: number, strip: number): void {
  const rowStep = height >= 13 ? 1 : 2;
  for (let row = 0; row < layout.rows; row += rowStep) {
    const place = row * layout.cols;
    const card = layout.slots[place];
    if (!card) continue;
    write(ctx, theme, String(layout.shown[place] ?? place), card.x - 7, card.y + strip / 2 + 4,
      { size: 10, colour: theme.muted, align: "right" });
  }
}
