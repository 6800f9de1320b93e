/** Small drawing helpers shared by everything on the canvas. */
import type { Theme } from "./palette.ts";

/** Clusters are drawn by a worker, which has no elements. */
export type Pen = OffscreenCanvasRenderingContext2D;

export interface TextStyle {
  size: number;
  weight?: number;
  colour: string;
  align?: CanvasTextAlign;
  /** Colour of a halo that keeps the text legible over lines. */
  halo?: string;
}

export function write(
  ctx: Pen, theme: Theme, text: string, x: number, y: number, to: TextStyle,
): void {
  ctx.font = `${to.weight ?? 400} ${to.size}px ${theme.font}`;
  ctx.textAlign = to.align ?? "left";
  ctx.textBaseline = "alphabetic";
  if (to.halo !== undefined) {
    ctx.strokeStyle = to.halo;
    ctx.lineWidth = 4;
    ctx.lineJoin = "round";
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = to.colour;
  ctx.fillText(text, x, y);
}

/** Widths by font and text: the same words are measured in every frame. */
const widths = new WeakMap<Theme, Map<string, number>>();
/** Figures are texts too, and there is no end of them. */
const MOST_WIDTHS = 4096;

export function measure(
  ctx: Pen, theme: Theme, text: string, size: number, weight = 400,
): number {
  const known = widths.get(theme) ?? new Map<string, number>();
  const key = `${weight} ${size} ${text}`;
  const width = known.get(key);
  if (width !== undefined) return width;
  ctx.font = `${weight} ${size}px ${theme.font}`;
  const measured = ctx.measureText(text).width;
  if (known.size >= MOST_WIDTHS) known.clear();
  widths.set(theme, known.set(key, measured));
  return measured;
}

/** The first text that fits, or the last one. */
export function fitting(
  ctx: Pen, theme: Theme, room: number, size: number, weight: number,
  ...texts: string[]
): string {
  const fits = texts.find((text) => measure(ctx, theme, text, size, weight) <= room);
  return fits ?? texts[texts.length - 1] ?? "";
}

/** A dot filled as far as its prefix hit: full disc, slice, or empty ring. */
export interface Gauge {
  x: number;
  y: number;
  r: number;
  fraction: number;
}

/** Draws many gauges in four strokes of the pen; misses are ringed in ink, the rest in `colour`. */
export function drawGauges(
  ctx: Pen, theme: Theme, gauges: readonly Gauge[], colour = theme.accent,
): void {
  if (gauges.length === 0) return;
  const ring = (keep: (g: Gauge) => boolean): void => {
    ctx.beginPath();
    for (const g of gauges) {
      if (!keep(g)) continue;
      ctx.moveTo(g.x + g.r, g.y);
      ctx.arc(g.x, g.y, g.r, 0, 2 * Math.PI);
    }
  };
  ring(() => true);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  ctx.beginPath();
  for (const g of gauges) {
    if (!(g.fraction > 0)) continue;
    const top = -Math.PI / 2;
    ctx.moveTo(g.x, g.y);
    ctx.arc(g.x, g.y, g.r, top, top + Math.min(1, g.fraction) * 2 * Math.PI);
    ctx.closePath();
  }
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.lineWidth = (gauges[0]?.r ?? 3) < 3 ? 1 : 1.4;
  ring((g) => g.fraction > 0);
  ctx.strokeStyle = colour;
  ctx.stroke();
  ring((g) => !(g.fraction > 0));
  ctx.strokeStyle = colour === theme.accent ? theme.ink : colour;
  ctx.stroke();
}

/** A box with a fixed seed: the same request lights up the same cells every time. */
export function hash(value: number): number {
  let h = (value ^ 0x9e3779b9) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  return (h ^ (h >>> 16)) >>> 0;
}
