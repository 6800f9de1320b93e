/**
 * A cache as a grid of cells: family by family, in each the most used first, then what is in none,
 * row by row to the empty ones.
 */
import type { Pen } from "../ink.ts";
import type { Rect } from "./layout.ts";

export interface Grid {
  x: number;
  y: number;
  cols: number;
  rows: number;
  /** From one cell's edge to the next one's, a whole number of device pixels. */
  pitch: number;
  /** The part of the pitch that is left blank. */
  gap: number;
  cells: number;
}

/**
 * Fits a grid into an area. No cell stands for less than one block: where the capacity is small
 * the cells grow instead.
 */
export function chooseGrid(area: Rect, capacity: number, wanted: number, dpr: number): Grid {
  const step = 1 / dpr;
  const fit = (pitch: number): [number, number] => [
    Math.max(1, Math.floor((area.w + step) / pitch)),
    Math.max(1, Math.floor((area.h + step) / pitch)),
  ];
  let pitch = Math.max(step, Math.round(wanted * dpr) / dpr);
  let [cols, rows] = fit(pitch);
  while (cols * rows > capacity && pitch < 30) {
    const [c, r] = fit(pitch + step);
    if (c * r < capacity) break;
    pitch += step;
    [cols, rows] = [c, r];
  }
  const cells = Math.min(capacity, cols * rows);
  const gap = pitch >= 4 ? Math.max(step, Math.round(dpr) / dpr) : 0;
  const width = cols * pitch - gap;
  const x = Math.round((area.x + (area.w - width) / 2) * dpr) / dpr;
  return {
    x, y: Math.round(area.y * dpr) / dpr, cols, rows: Math.ceil(cells / cols), pitch, gap, cells,
  };
}

/** The grid's size on the screen. */
export function gridSize(grid: Grid): { w: number; h: number } {
  return { w: grid.cols * grid.pitch - grid.gap, h: grid.rows * grid.pitch - grid.gap };
}

/** The at most three rectangles (column, row, columns, rows) that cover cells [from, to). */
export function runRects(from: number, to: number, cols: number): number[][] {
  const out: number[][] = [];
  if (to <= from) return out;
  let row = Math.floor(from / cols);
  const start = from - row * cols;
  const lastRow = Math.floor(to / cols);
  const end = to - lastRow * cols;
  if (row === lastRow) return [[start, row, end - start, 1]];
  if (start > 0) out.push([start, row++, cols - start, 1]);
  if (lastRow > row) out.push([0, row, cols, lastRow - row]);
  if (end > 0) out.push([0, lastRow, end, 1]);
  return out;
}

/** The square of one cell. */
export function cellRect(grid: Grid, cell: number): Rect {
  const size = grid.pitch - grid.gap;
  return {
    x: grid.x + (cell % grid.cols) * grid.pitch,
    y: grid.y + Math.floor(cell / grid.cols) * grid.pitch,
    w: size,
    h: size,
  };
}

/** Cells in a row that look alike. */
export interface CellRun {
  cells: number;
  colour: string;
  /** Which sign tells them apart beside the colour; 0 is none. */
  sign: number;
}

export interface CellColours {
  /** What shows between the cells, and the signs. */
  ground: string;
  /** Outline of an empty cell; null draws none. */
  empty: string | null;
}

/**
 * Draws the cells of one cache. Each run is filled as a whole; signs and gaps are laid over as
 * patterns: the cost hardly depends on how many cells.
 */
export function drawCells(
  ctx: Pen, grid: Grid, runs: readonly CellRun[], colours: CellColours,
): void {
  const { cols, pitch, gap } = grid;
  const scale = ctx.getTransform().a;
  ctx.save();
  ctx.translate(grid.x, grid.y);
  const fillRun = (from: number, to: number): void => {
    for (const [c = 0, r = 0, w = 0, h = 0] of runRects(from, to, cols)) {
      ctx.fillRect(c * pitch, r * pitch, w * pitch - gap, h * pitch - gap);
    }
  };
  let at = 0;
  for (const { cells, colour, sign } of runs) {
    if (cells === 0) continue;
    ctx.fillStyle = colour;
    fillRun(at, at + cells);
    const over = pitch >= SIGN_PX
      ? cellPattern(ctx, grid, scale, colours.ground, SIGNS[sign] ?? "none") : null;
    if (over) {
      ctx.fillStyle = over;
      fillRun(at, at + cells);
    }
    at += cells;
  }
  const cut = gap > 0 && at > 0 ? cellPattern(ctx, grid, scale, colours.ground, "gap") : null;
  if (cut) {
    ctx.fillStyle = cut;
    ctx.fillRect(0, 0, cols * pitch - gap, Math.ceil(at / cols) * pitch);
  }
  const ring = colours.empty !== null && at < grid.cells
    ? cellPattern(ctx, grid, scale, colours.empty, "ring") : null;
  if (ring) {
    ctx.fillStyle = ring;
    fillRun(at, grid.cells);
  }
  ctx.restore();
}

type Tile = "gap" | "ring" | "none" | "up" | "dot" | "across" | "down" | "upright" | "cross";

/** Beside its colour each family but the first has a sign of its own. */
const SIGNS: readonly Tile[] = ["none", "none", "up", "dot", "across", "down", "upright", "cross"];
/** In smaller cells a sign would only be noise. */
const SIGN_PX = 5;

/** The sign of a family in one square, for the legend. */
export function drawSign(
  ctx: Pen, x: number, y: number, size: number, sign: number, colour: string,
): void {
  const lines = LINES[SIGNS[sign] ?? "none"] ?? [];
  ctx.save();
  ctx.translate(x, y);
  strokeSign(ctx, size, lines, colour);
  ctx.restore();
}

/** From and to, in parts of the cell. */
const LINES: Partial<Record<Tile, readonly (readonly number[])[]>> = {
  up: [[0, 1, 1, 0]], down: [[0, 0, 1, 1]], across: [[0, 0.5, 1, 0.5]],
  upright: [[0.5, 0, 0.5, 1]], cross: [[0, 0, 1, 1], [0, 1, 1, 0]], dot: [[0.5, 0.5, 0.5, 0.5]],
};

function strokeSign(
  pen: Pen, size: number, lines: readonly (readonly number[])[],
  colour: string,
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = Math.max(1, size * 0.14);
  pen.lineCap = "round";
  for (const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] of lines) {
    if (x0 === x1 && y0 === y1) pen.lineWidth = Math.max(1.5, size * 0.3);
    pen.beginPath();
    pen.moveTo(x0 * size, y0 * size);
    pen.lineTo(x1 * size + (x0 === x1 && y0 === y1 ? 0.01 : 0), y1 * size);
    pen.stroke();
  }
}

const patterns = new Map<string, CanvasPattern>();

/** One cell as a repeating pattern: only its blank gap, its outline, or a sign. */
function cellPattern(
  ctx: Pen, grid: Grid, scale: number, colour: string, what: Tile,
): CanvasPattern | null {
  if (what === "none") return null;
  const size = Math.max(1, Math.round(grid.pitch * scale));
  const gap = Math.round(grid.gap * scale);
  const key = `${size} ${gap} ${colour} ${what}`;
  const known = patterns.get(key);
  if (known) return known;
  const tile = new OffscreenCanvas(size, size);
  const pen = tile.getContext("2d");
  const pattern = pen && ctx.createPattern(drawTile(tile, pen, size, gap, colour, what), "repeat");
  if (!pattern) return null;
  pattern.setTransform({ a: 1 / scale, d: 1 / scale });
  if (patterns.size > 64) patterns.clear();
  patterns.set(key, pattern);
  return pattern;
}

function drawTile(
  tile: OffscreenCanvas, pen: Pen, size: number, gap: number,
  colour: string, what: Tile,
): OffscreenCanvas {
  pen.fillStyle = pen.strokeStyle = colour;
  if (what === "gap") {
    pen.fillRect(size - gap, 0, gap, size);
    pen.fillRect(0, size - gap, size, gap);
  } else if (what === "ring") {
    const line = Math.max(1, gap);
    pen.lineWidth = line;
    pen.strokeRect(line / 2, line / 2, size - gap - line, size - gap - line);
  } else strokeSign(pen, size - gap, LINES[what] ?? [], colour);
  return tile;
}
