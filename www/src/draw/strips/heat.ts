/** Node × time load as an image: one pixel a column of the plot, one row a node. */
import { cividis } from "../palette.ts";
import { firstFrom } from "./data.ts";
import type { Members } from "./members.ts";

/** Loads are shown from a quarter of the fair share to four times it, on a log scale. */
export function heatSpan(nodes: number): number {
  return Math.min(4, Math.max(1.5, nodes));
}

/** Where a load (1 is fair) lies on the colour scale: fair is the middle. */
export function heatPosition(load: number, span: number): number {
  if (!(load > 0)) return 0;
  return Math.max(0, Math.min(1, 0.5 + Math.log2(load) / (2 * Math.log2(span))));
}

/** Work of each node by sample, row-major, and its sum over those that take requests. */
export interface LoadColumns {
  work: Float64Array;
  sums: Float64Array;
  nodes: number;
  members: Members;
}

const LEVELS = 512;

/** Packed colours (as an ImageData has them in memory) for loads from 0 to `span`. */
function table(span: number): Uint32Array {
  const bytes = new Uint8Array(4 * (LEVELS + 1));
  for (let i = 0; i <= LEVELS; i++) {
    const [r, g, b] = cividis(heatPosition((i / LEVELS) * span, span));
    bytes.set([r, g, b, 255], 4 * i);
  }
  return new Uint32Array(bytes.buffer);
}

/**
 * Levels by pixel, column by column. Where several samples share a column, or several nodes a
 * row, the heaviest load wins: a hot node must not be averaged away. -1 where there is none.
 */
export function heatLevels(
  load: LoadColumns, x: readonly number[], end: number, width: number, rows: number,
): Int16Array {
  const { work, sums, nodes, members } = load;
  const span = heatSpan(nodes);
  const out = new Int16Array(width * rows).fill(-1);
  const perRow = Math.ceil(nodes / rows);
  let from = 0;
  for (let p = 0; p < width; p++) {
    const left = (p / width) * end;
    while (from < x.length && x[from]! <= left) from++;
    if (from >= x.length) break;
    // All samples that reach into this column; the last of them may end far to its right.
    const to = Math.min(x.length - 1, firstFrom(x, ((p + 1) / width) * end));
    for (let i = from; i <= to; i++) {
      const scale = sums[i]! > 0 ? ((members.count[i]! / sums[i]!) * LEVELS) / span : 0;
      let w = i * nodes;
      for (let row = 0, at = p * rows, k = 0; row < rows; row++, at++) {
        let most = out[at]!;
        for (const stop = Math.min(nodes, k + perRow); k < stop; k++) {
          const level = work[w]! * scale;
          if (members.alive[w++] === 1 && level > most) most = level;
        }
        out[at] = most < LEVELS ? most : LEVELS;
      }
    }
  }
  return out;
}

/** Keeps the image between redraws. */
export class HeatImage {
  readonly #canvas = document.createElement("canvas");
  #colours = table(4);
  #span = 4;

  /** Paints the whole map, one pixel a column and at most one a row. */
  paint(
    load: LoadColumns, x: readonly number[], end: number, width: number, height: number,
  ): HTMLCanvasElement {
    const { nodes } = load;
    const rows = Math.ceil(nodes / Math.ceil(nodes / Math.max(1, Math.min(nodes, height))));
    const canvas = this.#canvas;
    canvas.width = Math.max(1, width);
    canvas.height = rows;
    const pen = canvas.getContext("2d");
    if (!pen) return canvas;
    const span = heatSpan(nodes);
    if (span !== this.#span) {
      this.#span = span;
      this.#colours = table(span);
    }
    const image = pen.createImageData(canvas.width, rows);
    const pixels = new Uint32Array(image.data.buffer);
    const levels = heatLevels(load, x, end, canvas.width, rows);
    for (let p = 0, i = 0; p < canvas.width; p++) {
      for (let at = p; at < pixels.length; at += canvas.width) {
        const level = levels[i++]!;
        if (level >= 0) pixels[at] = this.#colours[level]!;
      }
    }
    pen.putImageData(image, 0, 0);
    return canvas;
  }
}
