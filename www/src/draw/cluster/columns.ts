/** 17 to 64 nodes: a column of cells each, over one bar chart with one line for the fair share. */
import { drawGridOf, loadPart } from "./cards.ts";
import { chooseGrid, type Grid } from "./grid.ts";
import { drawGauges, write, type Gauge, type Pen } from "../ink.ts";
import { shownCards, type Rect } from "./layout.ts";
import type { Scene } from "./scene.ts";
import { HOT } from "./view.ts";

const BARS = 40;
const GAUGE = 14;

export function columnGrid(card: Rect, capacity: number, dpr: number): Grid {
  const area = { x: card.x, y: card.y, w: card.w, h: Math.max(12, card.h - BARS - GAUGE - 6) };
  const cols = Math.max(1, Math.round(card.w / 5));
  return chooseGrid(area, capacity, Math.floor(((card.w + 1) / cols) * dpr) / dpr, dpr);
}

export function drawColumns(scene: Scene): void {
  const { ctx, theme, layout, view } = scene;
  const gauges: Gauge[] = [];
  for (const node of layout.shown) drawGridOf(scene, node);
  for (const [i, card] of shownCards(layout)) {
    const base = card.y + card.h - GAUGE;
    ctx.fillStyle = theme.soft;
    ctx.fillRect(card.x, base - BARS, card.w, BARS);
    const height = (share: number): number => loadPart(scene, share) * BARS;
    const now = height(scene.work[i] ?? 0);
    ctx.fillStyle = view.warmth[i] !== 0 ? theme.warn : theme.accent;
    ctx.fillRect(card.x, base - now, card.w, now);
    ctx.fillStyle = theme.ink;
    ctx.globalAlpha = 0.55;
    ctx.fillRect(card.x, base - height(scene.workBeside[i] ?? 0) - 0.5, card.w, 1);
    ctx.globalAlpha = 1;
    const r = Math.max(0.5, Math.min(4, card.w / 2 - 0.5));
    const fraction = scene.figures.hit[i] ?? NaN;
    if (fraction >= 0) {
      gauges.push({ x: card.x + card.w / 2, y: card.y + card.h - GAUGE / 2 + 2, r, fraction });
    }
    if (view.warmth[i] === HOT) outline(ctx, card, theme.warn, 1.5);
  }
  drawGauges(ctx, theme, gauges);
  drawFairLines(scene);
  drawColumnLabels(scene);
}

function drawFairLines(scene: Scene): void {
  const { ctx, theme, layout, view } = scene;
  ctx.fillStyle = theme.ink;
  for (let row = 0; row < layout.rows; row++) {
    const first = layout.slots[row * layout.cols];
    const last = layout.slots[Math.min(layout.slots.length, (row + 1) * layout.cols) - 1];
    if (!first || !last) continue;
    const y = first.y + first.h - GAUGE - loadPart(scene, view.fair) * BARS;
    ctx.fillRect(first.x - 4, y - 0.5, last.x + last.w - first.x + 8, 1.25);
  }
}

function drawColumnLabels(scene: Scene): void {
  const { ctx, theme, layout, view } = scene;
  const pitch = layout.cols > 1 ? layout.slots[1]!.x - layout.slots[0]!.x : 40;
  const step = pitch >= 24 ? 1 : pitch >= 16 ? 2 : pitch >= 11 ? 4 : 8;
  for (const [place, card] of layout.slots.entries()) {
    const i = layout.shown[place] ?? place;
    const hot = view.warmth[i] === HOT;
    if ((place % layout.cols) % step !== 0 && !hot) continue;
    write(ctx, theme, String(i), card.x + card.w / 2, card.y + card.h + 14, {
      size: 10.5, weight: hot ? 650 : 400, colour: hot ? theme.warn : theme.muted, align: "center",
    });
  }
}

export function outline(
  ctx: Pen, card: Rect, colour: string, width: number, grow = 1.5,
): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.roundRect(card.x - grow, card.y - grow, card.w + 2 * grow, card.h + 2 * grow, 3);
  ctx.stroke();
}
