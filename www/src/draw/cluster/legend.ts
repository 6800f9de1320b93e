/** The lines at the top that say what the marks mean, of what happens and of what has happened. */
import { integer, share, short } from "../../text/format.ts";
import { drawGauges, measure, write } from "../ink.ts";
import { drawSign } from "./grid.ts";
import type { Scene } from "./scene.ts";

interface Item {
  w: number;
  draw(x: number, y: number): void;
}

const SIZE = 11.5;
const LINE = 20;
const SPACE = 14;
/** Narrower, all there is to say would take half the picture. */
const LEAST_FOR_ALL = 300;

/** Draws the legend if `paint` is set, and returns the height that it takes. */
export function legend(scene: Scene, paint: boolean): number {
  const { width, mode } = scene.layout;
  const side = width < 520 ? 10 : 16;
  const rows: Item[][] = [[]];
  let x = side;
  const full = items(scene, false);
  const needed = full.reduce((sum, item) => sum + item.w + SPACE, 2 * side - SPACE);
  // Fewer words before a second row.
  for (const item of needed > width ? items(scene, true) : full) {
    if (x + item.w > width - side && x > side) {
      rows.push([]);
      x = side;
    }
    rows[rows.length - 1]?.push(item);
    x += item.w + SPACE;
  }
  if (paint) {
    for (const [row, line] of rows.entries()) {
      const used = line.reduce((sum, item) => sum + item.w + SPACE, -SPACE);
      let left = side;
      // One line: what a cell is on the left, the marks on the right.
      for (const [i, item] of line.entries()) {
        if (i === 1 && rows.length === 1 && width >= 520) left = Math.max(left, width - side - used
          + (line[0]?.w ?? 0) + SPACE);
        item.draw(left, 20 + row * LINE);
        left += item.w + SPACE;
      }
    }
  }
  return 12 + rows.length * LINE + (mode === "tiles" ? 2 : 0);
}

function items(scene: Scene, narrow: boolean): Item[] {
  const { width, low } = scene.layout;
  if (low) return [words(scene, cellText(scene)), hitItem(scene), tickItem(scene, true)];
  const families = familiesItem(scene, narrow);
  const { totals } = scene.view.frame;
  if (width < LEAST_FOR_ALL) {
    return [words(scene, cellText(scene)), ...(families === null ? [] : [families]),
      hitItem(scene), tickItem(scene, true)];
  }
  return [words(scene, scaleText(scene, narrow)), words(scene, scopeText(scene, narrow)),
    usesItem(scene),
    ...(families === null ? [] : [families]), hitItem(scene), tickItem(scene, narrow),
    ...(totals.migrations > 0 ? [ribbonItem(scene)] : []),
    ...(totals.transferred_blocks > 0 ? [fetchItem(scene)] : [])];
}

/** What one cell and one dot stand for. */
function scaleText(scene: Scene, narrow: boolean): string {
  const { stride } = scene;
  const cell = cellText(scene);
  return stride > 1 ? `${cell} · dot = ${short(stride)} ${narrow ? "req." : "requests"}` : cell;
}

function cellText({ blocksPerCell: blocks, layout, view }: Scene): string {
  if (layout.mode === "tiles") return `tile = ${short(view.capacity)} blocks`;
  const count = blocks < 9.95 && blocks % 1 > 0.05 ? blocks.toFixed(1) : integer(blocks);
  return `cell = ${count} ${blocks > 1.05 ? "blocks" : "block"}`;
}

/** Which requests the figures are of. */
function scopeText({ view }: Scene, narrow: boolean): string {
  if (view.scope === "run") return narrow ? "whole run" : "figures: whole run";
  const last = `last ${integer(view.frame.totals.window.requests)}`;
  return narrow ? last : `figures: ${last} requests`;
}

function words(scene: Scene, text: string): Item {
  const { ctx, theme } = scene;
  return {
    w: measure(ctx, theme, text, SIZE),
    draw: (x, y) => write(ctx, theme, text, x, y, { size: SIZE, colour: theme.muted }),
  };
}

/** Uses of blocks that are in no family: greys, pale to strong. */
function usesItem(scene: Scene): Item {
  const { ctx, theme, ramp, bands } = scene;
  const low = words(scene, "used 1×");
  const high = words(scene, "9×+");
  const cell = 9;
  const strip = bands * cell;
  return {
    w: low.w + 6 + strip + 5 + high.w,
    draw(x, y) {
      low.draw(x, y);
      for (let b = 0; b < bands; b++) {
        ctx.fillStyle = ramp[b] ?? theme.muted;
        ctx.fillRect(x + low.w + 6 + b * cell, y - 8, cell - 1, 8);
      }
      high.draw(x + low.w + 6 + strip + 5, y);
    },
  };
}

/** The families, each with its colour and sign, and its part of all requests. */
function familiesItem(scene: Scene, narrow: boolean): Item | null {
  const { ctx, theme, ramp, bands, view } = scene;
  const { requests, placed } = view.frame.families;
  if (requests.length === 0) return null;
  const label = words(scene, narrow ? "prefix" : "hot prefixes");
  const drawn = [...requests].map((count, i) => ({ family: i + 1,
    item: words(scene, share(count / Math.max(1, placed), 0)) }));
  const swatch = 11;
  return {
    w: label.w + 7 + drawn.reduce((sum, { item }) => sum + swatch + 4 + item.w + 9, -9),
    draw(x, y) {
      label.draw(x, y);
      x += label.w + 7;
      for (const { family, item } of drawn) {
        ctx.fillStyle = ramp[family * bands + bands - 1] ?? theme.muted;
        ctx.fillRect(x, y - 9, swatch, swatch);
        drawSign(ctx, x, y - 9, swatch, family, theme.panel);
        item.draw(x + swatch + 4, y);
        x += swatch + 4 + item.w + 9;
      }
    },
  };
}

function hitItem(scene: Scene): Item {
  const { ctx, theme } = scene;
  const parts = [[1, "hit"], [0.4, "part"], [0, "miss"]] as const;
  const drawn = parts.map(([fraction, label]) => ({ fraction, item: words(scene, label) }));
  return {
    w: drawn.reduce((sum, { item }) => sum + item.w + 22, -8),
    draw(x, y) {
      for (const { fraction, item } of drawn) {
        drawGauges(ctx, theme, [{ x: x + 4.5, y: y - 4, r: 4, fraction }]);
        item.draw(x + 13, y);
        x += item.w + 22;
      }
    },
  };
}

function tickItem(scene: Scene, narrow: boolean): Item {
  const { ctx, theme, view } = scene;
  const label = words(scene, `fair share${narrow ? "" : ` ${share(view.fair)}`}`);
  return {
    w: label.w + 24,
    draw(x, y) {
      ctx.fillStyle = theme.soft;
      ctx.fillRect(x, y - 8, 18, 7);
      ctx.fillStyle = theme.accent;
      ctx.fillRect(x, y - 8, 8, 7);
      ctx.fillStyle = theme.ink;
      ctx.fillRect(x + 11, y - 11, 1.5, 13);
      label.draw(x + 24, y);
    },
  };
}

function ribbonItem(scene: Scene): Item {
  const { ctx, theme } = scene;
  const label = words(scene, "migration");
  return {
    w: label.w + 24,
    draw(x, y) {
      ctx.strokeStyle = theme.warn;
      ctx.fillStyle = theme.warn;
      ctx.lineWidth = 3;
      ctx.lineCap = "round";
      ctx.beginPath();
      ctx.moveTo(x + 2, y - 4);
      ctx.lineTo(x + 11, y - 4);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x + 11, y - 8.5);
      ctx.lineTo(x + 18, y - 4);
      ctx.lineTo(x + 11, y + 0.5);
      ctx.fill();
      label.draw(x + 24, y);
    },
  };
}

/** Blocks that requests fetched from another node. */
function fetchItem(scene: Scene): Item {
  const { ctx, theme } = scene;
  const label = words(scene, "fetch");
  return {
    w: label.w + 24,
    draw(x, y) {
      ctx.save();
      ctx.strokeStyle = theme.accent;
      ctx.lineWidth = 2;
      ctx.setLineDash([3, 3]);
      ctx.beginPath();
      ctx.moveTo(x + 1, y - 4);
      ctx.lineTo(x + 18, y - 4);
      ctx.stroke();
      ctx.restore();
      label.draw(x + 24, y);
    },
  };
}
