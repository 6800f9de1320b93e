/** Up to 16 nodes: a card each, with cells, load bar and figures. */
import { FOLDED_FROM } from "./arrange.ts";
import { apportion, filledCells } from "./apportion.ts";
import { chooseGrid, drawCells, gridSize, type Grid } from "./grid.ts";
import { drawGauges, fitting, measure, write, type Gauge } from "../ink.ts";
import type { Rect } from "./layout.ts";
import { share, short } from "../../text/format.ts";
import type { Scene } from "./scene.ts";
import { HOT } from "./view.ts";

type Size = "wide" | "medium" | "narrow";

/** What a narrow card leaves before its share of work, and what its gauge takes. */
const NARROW_PAD = 4;
const NARROW_GAUGE = 14;
const NARROW = { work: { size: 11, weight: 650 }, hits: { size: 10.5, weight: 400 } } as const;

const FOOTER: Record<Size, number> = { wide: 68, medium: 92, narrow: 60 };

/** A card that is too low has fewer figures, as one that is too narrow. */
function sizeOf({ w, h }: Rect): Size {
  return w >= 190 && h >= 92 ? "wide" : w >= 68 && h >= 112 ? "medium" : "narrow";
}

export function cardGrid(card: Rect, capacity: number, dpr: number): Grid {
  const size = sizeOf(card);
  const pad = { wide: 12, medium: 8, narrow: 4 }[size];
  const area = {
    x: card.x + pad, y: card.y + pad, w: card.w - 2 * pad,
    h: Math.max(12, card.h - pad - FOOTER[size]),
  };
  const pitch = { wide: 8, medium: 6, narrow: 5 }[size];
  return chooseGrid(area, capacity, card.h < 130 ? Math.min(5, pitch) : pitch, dpr);
}

/** How many cells each bucket of a node has on the ground, in the order of the ramp. */
export function cellCounts(scene: Scene, node: number, cells: number): number[] {
  return scene.counts[node] ??= apportioned(scene, node, cells);
}

function apportioned({ heat, buckets, view }: Scene, node: number, cells: number): number[] {
  const mine = heat.subarray(node * buckets, (node + 1) * buckets);
  let resident = 0;
  for (const blocks of mine) resident += blocks;
  return apportion(mine, filledCells(resident, view.capacity, cells));
}

/** Buckets in the order in which their cells lie: family by family, then none; the most used of
 *  each first. */
export function bucketOrder(buckets: number, bands: number): number[] {
  const families = buckets / bands;
  return Array.from({ length: buckets }, (_, at) => {
    const family = (Math.floor(at / bands) + 1) % families;
    return family * bands + (bands - 1 - (at % bands));
  });
}

/** Where the cells of a family lie: the first one, and the one after the last. */
export function familyCells(
  scene: Scene, counts: readonly number[], family: number,
): [from: number, to: number] {
  let [at, from] = [0, 0];
  for (const bucket of scene.order) {
    if (Math.floor(bucket / scene.bands) === family) {
      if (bucket % scene.bands === scene.bands - 1) from = at;
      at += counts[bucket] ?? 0;
      if (bucket % scene.bands === 0) return [from, at];
    } else at += counts[bucket] ?? 0;
  }
  return [at, at];
}

export function drawGridOf(scene: Scene, node: number): void {
  const grid = scene.grids[node];
  if (!grid) return;
  const counts = cellCounts(scene, node, grid.cells);
  const runs = scene.order.map((bucket) => ({ cells: counts[bucket] ?? 0,
    colour: scene.ramp[bucket] ?? "#888", sign: Math.floor(bucket / scene.bands) }));
  drawCells(scene.ctx, grid, runs, {
    ground: scene.theme.panel, empty: scene.view.unlimited ? null : scene.theme.line,
  });
}

/** How narrow cards write percentages: how many decimals a share of work has, and what follows. */
export interface Form {
  decimals: 0 | 1;
  sign: "spaced" | "tight" | "none";
}

const FORMS: readonly Form[] = [{ decimals: 1, sign: "spaced" }, { decimals: 0, sign: "spaced" },
  { decimals: 0, sign: "tight" }, { decimals: 0, sign: "none" }];
/** A figure as wide as most: less, and the form would change with every figure below ten. */
const USUAL = 0.888;

/** The form that has room for the figures of every card: cards beside each other write alike.
 *  Exported for tests. */
export function formOf(
  works: Iterable<number>, hits: Iterable<number>,
  fits: (text: string, of: "work" | "hits") => boolean,
): Form {
  const [shares, rates] = [[USUAL, ...works], [USUAL, ...hits]];
  return FORMS.find((form) => shares.every((it) => fits(written(it, form), "work"))
    && rates.every((it) => fits(written(it, { ...form, decimals: 0 }), "hits"))) ?? FORMS.at(-1)!;
}

function written(part: number, { decimals, sign }: Form): string {
  const text = share(part, decimals);
  return sign === "spaced" ? text : text.replace(/\s%/, sign === "tight" ? "%" : "");
}

export function drawCards(scene: Scene): void {
  const { ctx, theme, layout, figures } = scene;
  const [card] = layout.slots;
  if (card === undefined) return;
  const room = { work: card.w - NARROW_PAD - 2, hits: card.w - NARROW_GAUGE };
  const of = (values: ArrayLike<number>) => layout.shown.map((node) => values[node] ?? NaN);
  const form = sizeOf(card) !== "narrow" ? FORMS[0]!
    : formOf(of(figures.work), of(figures.hit), (text, of) => measure(ctx, theme, text,
      NARROW[of].size, NARROW[of].weight) <= room[of]);
  for (const node of layout.shown) drawCard(scene, node, form);
}

function drawCard(scene: Scene, node: number, form: Form): void {
  const { ctx, theme, layout, view } = scene;
  const card = layout.cards[node];
  const grid = scene.grids[node];
  if (!card || !grid) return;
  const hot = view.warmth[node] === HOT;
  ctx.beginPath();
  ctx.roundRect(card.x, card.y, card.w, card.h, Math.max(0, Math.min(8, card.w / 7)));
  ctx.fillStyle = theme.panel;
  ctx.fill();
  ctx.strokeStyle = hot ? theme.warn : theme.line;
  ctx.lineWidth = hot ? 1.8 : 1;
  ctx.stroke();
  drawGridOf(scene, node);

  const size = sizeOf(card);
  const inner = { x: grid.x, w: Math.max(gridSize(grid).w, card.w - (size === "narrow" ? 8 : 24)) };
  inner.x = card.x + (card.w - inner.w) / 2;
  const top = card.y + card.h - FOOTER[size] + 10;
  drawLoadBar(scene, node, { x: inner.x, y: top, w: inner.w, h: size === "narrow" ? 7 : 8 });
  if (size === "narrow") drawNarrow(scene, node, form, inner.x, top + 26);
  else drawFigures(scene, node, size, inner.x, top + 14, inner.w);
  write(ctx, theme, fitting(ctx, theme, card.w, 12, 600, `node ${node}`, String(node)),
    card.x + card.w / 2, card.y + card.h + 16,
    { size: 12, weight: 600, colour: hot ? theme.warn : theme.ink, align: "center" });
}

/** How much of a load bar a share fills: many nodes are told apart by a logarithm. */
export function loadPart({ view, scale }: Scene, share: number): number {
  if (!(share > 0)) return 0;
  const many = view.nodes >= FOLDED_FROM;
  const part = many ? Math.log1p(share / view.fair) / Math.log1p(scale / view.fair) : share / scale;
  return Math.min(1, part);
}

/** The share that figures are of as the bar, the other as the hairline under it, fair as a tick. */
export function drawLoadBar(scene: Scene, node: number, at: Rect): void {
  const { ctx, theme, view } = scene;
  const part = (share: number): number => loadPart(scene, share) * at.w;
  ctx.fillStyle = theme.soft;
  ctx.fillRect(at.x, at.y, at.w, at.h);
  ctx.fillStyle = view.warmth[node] !== 0 ? theme.warn : theme.accent;
  ctx.fillRect(at.x, at.y, part(scene.work[node] ?? 0), at.h);
  ctx.fillStyle = theme.muted;
  ctx.fillRect(at.x, at.y + at.h + 1, part(scene.workBeside[node] ?? 0), at.h > 5 ? 2 : 1);
  ctx.fillStyle = theme.ink;
  const over = at.h > 5 ? 3 : 1;
  ctx.fillRect(at.x + part(view.fair) - 0.75, at.y - over, 1.5, at.h + 2 * over);
}

/** In a narrow card the gauge and the figure share what room there is, up to the card's edges. */
function drawNarrow(scene: Scene, node: number, form: Form, x: number, y: number): void {
  const { ctx, theme, figures, layout } = scene;
  const card = layout.cards[node];
  const hit = figures.hit[node] ?? NaN;
  if (!card) return;
  write(ctx, theme, written(figures.work[node] ?? 0, form), x, y,
    { ...NARROW.work, colour: theme.ink });
  const [left, base] = [card.x + NARROW_PAD, y + 15];
  const quiet = { ...NARROW.hits, colour: theme.muted };
  if (Number.isNaN(hit)) {
    write(ctx, theme, fitting(ctx, theme, card.w - 6, quiet.size, quiet.weight, "idle", "–"), left,
      base, quiet);
    return;
  }
  drawGauges(ctx, theme, [{ x: left + 3, y: base - 4, r: 3, fraction: hit }]);
  write(ctx, theme, written(hit, { ...form, decimals: 0 }), left + 8, base, quiet);
}

function drawFigures(
  scene: Scene, node: number, size: Exclude<Size, "narrow">, x: number, y: number, w: number,
): void {
  const { ctx, theme, figures } = scene;
  const work = figures.work[node] ?? 0;
  const hit = figures.hit[node] ?? NaN;
  const blocks = figures.frame.nodes.resident[node] ?? 0;
  const gauges: Gauge[] = [];
  const strong = { size: 13, weight: 650, colour: theme.ink };
  const quiet = { size: 11, colour: theme.muted };
  const hits = (left: number, base: number, room: number): void => {
    if (Number.isNaN(hit)) {
      const served = (figures.requests[node] ?? 0) > 0;
      const why = served ? ["no block ids", "no ids", "–"] : ["no requests", "idle"];
      write(ctx, theme, fitting(ctx, theme, room, 11, 400, ...why), left, base, quiet);
      return;
    }
    gauges.push({ x: left + 4, y: base - 4, r: 3.6, fraction: hit });
    write(ctx, theme, worded(scene, hit, "hits", room - 12), left + 12, base, quiet);
  };
  const full = figures.unlimited ? 0 : blocks / figures.capacity;
  const fill = figures.unlimited ? `${short(blocks)} blocks`
    : full >= 1 ? "cache full" : worded(scene, full, "full", w);
  if (size === "wide") {
    const pair = (value: string, label: string, at: number, align: CanvasTextAlign): void => {
      write(ctx, theme, value, at, y + 16, { ...strong, align });
      write(ctx, theme, label, at, y + 31, { ...quiet, align });
    };
    const mid = x + w * 0.43;
    const now = figures.scope === "window";
    const of = fitting(ctx, theme, w * 0.42, 11, 400,
      now ? "of recent work" : "of all work", "of work");
    pair(share(work), of, x, "left");
    write(ctx, theme, share(hit, 0), mid + 13, y + 16, strong);
    write(ctx, theme, "hits", mid, y + 31, quiet);
    if (hit >= 0) gauges.push({ x: mid + 4.5, y: y + 11.5, r: 4.2, fraction: hit });
    if (figures.unlimited) pair(short(blocks), "blocks", x + w, "right");
    else pair(share(full, 0), full >= 1 ? "cache full" : "of cache", x + w, "right");
  } else {
    write(ctx, theme, share(work), x, y + 15, strong);
    write(ctx, theme, "of work", x, y + 28, quiet);
    hits(x, y + 43, w);
    write(ctx, theme, fitting(ctx, theme, w, 11, 400, fill, share(full, 0)), x, y + 57, quiet);
  }
  drawGauges(ctx, theme, gauges);
}

/** A percentage with what it is of, where every card has room for as much. */
function worded({ ctx, theme }: Scene, part: number, word: string, room: number): string {
  const usual = measure(ctx, theme, `${share(USUAL, 0)} ${word}`, 11);
  return usual <= room ? `${share(part, 0)} ${word}` : share(part, 0);
}
