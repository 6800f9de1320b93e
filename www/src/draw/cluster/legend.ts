/** The line at the top that says what the marks mean. Always there. */
import { integer, share, short } from "../../text/format.ts";
import { drawGauges, measure, write } from "../ink.ts";
import type { Scene } from "./scene.ts";

interface Item {
  w: number;
  draw(x: number, y: number): void;
}

const SIZE = 11.5;
const LINE = 20;
const SPACE = 14;

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
  const marks = [words(scene, scaleText(scene, narrow)), heatItem(scene), hitItem(scene)];
  marks.push(tickItem(scene, narrow), ribbonItem(scene));
  return marks;
}

/** What one cell and one dot stand for. */
function scaleText(scene: Scene, narrow: boolean): string {
  const { blocksPerCell: blocks, layout, stride } = scene;
  const cell = layout.mode === "tiles" ? `tile = ${short(scene.view.capacity)} blocks`
    : `cell = ${blocks < 9.95 && blocks % 1 > 0.05 ? blocks.toFixed(1) : integer(blocks)} `
      + (blocks > 1.05 ? "blocks" : "block");
  return stride > 1 ? `${cell} · dot = ${short(stride)} ${narrow ? "req." : "requests"}` : cell;
}

function words(scene: Scene, text: string): Item {
  const { ctx, theme } = scene;
  return {
    w: measure(ctx, theme, text, SIZE),
    draw: (x, y) => write(ctx, theme, text, x, y, { size: SIZE, colour: theme.muted }),
  };
}

function heatItem(scene: Scene): Item {
  const { ctx, theme, ramp, buckets } = scene;
  const low = words(scene, "used 1×");
  const high = words(scene, `${2 ** Math.max(0, buckets - 1)}×+`);
  const cell = 9;
  const strip = buckets * cell;
  return {
    w: low.w + 6 + strip + 5 + high.w,
    draw(x, y) {
      low.draw(x, y);
      for (let b = 0; b < buckets; b++) {
        ctx.fillStyle = ramp[b] ?? theme.muted;
        ctx.fillRect(x + low.w + 6 + b * cell, y - 8, cell - 1, 8);
      }
      high.draw(x + low.w + 6 + strip + 5, y);
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
