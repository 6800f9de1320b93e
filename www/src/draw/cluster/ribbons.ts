/** Migrations as ribbons from the node that gave to the node that took. */
import type { Migration } from "../../engine/protocol.ts";
import { integer } from "../../text/format.ts";
import { drawCarried } from "./carried.ts";
import { cellCounts, familyCells } from "./cards.ts";
import { along, ribbonCurve, type Curve } from "./curve.ts";
import { cellRect } from "./grid.ts";
import { measure, write } from "../ink.ts";
import type { Layout } from "./layout.ts";
import type { Scene } from "./scene.ts";

export interface Ribbon {
  source: number;
  target: number;
  kind: string;
  request: number;
  /** Blocks of the latest move, and of all moves between the two nodes. */
  moved: number;
  /** Of the latest move, by family. */
  families: readonly number[];
  total: number;
  count: number;
  born: number;
}

const MOST = 14;
const HOLD = 2500;
const FADE = 9000;
const CARRY = 1600;
/** How long the cells that came are marked on their new node. */
const FOLLOW = 7000;
/** As old as this, a ribbon changes no more. */
export const LAST = HOLD + FADE;
/** What is left of the latest ribbon until another comes. */
const REST = 0.3;

export class Ribbons {
  list: Ribbon[] = [];

  add(migrations: readonly Migration[], time: number): void {
    for (const m of migrations) {
      if (m.moved === 0) continue;
      const at = this.list.findIndex((r) => r.source === m.source && r.target === m.target);
      const [before] = at >= 0 ? this.list.splice(at, 1) : [];
      this.list.push({
        source: m.source, target: m.target, kind: m.kind, request: m.request, moved: m.moved,
        families: m.families.map((chosen) => Math.round((chosen * m.moved) / m.chosen)),
        total: (before?.total ?? 0) + m.moved, count: (before?.count ?? 0) + 1, born: time,
      });
    }
    if (this.list.length > MOST) this.list.splice(0, this.list.length - MOST);
  }

  /** Whether any ribbon still changes. */
  active(time: number): boolean {
    return this.list.some((r) => time - r.born < LAST);
  }

  draw(scene: Scene, time: number, still: boolean): void {
    const { ctx, layout } = scene;
    const newest = this.list.length - 1;
    const widest = Math.max(scene.view.capacity * 0.05, ...this.list.map((r) => r.moved));
    const labels: (() => void)[] = [];
    const taken = layout.mode === "tiles" ? [] : numbersOf(layout);
    ctx.save();
    for (const [i, ribbon] of this.list.entries()) {
      const age = time - ribbon.born;
      const fading = still ? (i === newest ? 1 : 0.35) : strength(age);
      const alpha = i === newest ? Math.max(REST, fading) : fading;
      if (alpha <= 0.01) continue;
      const curve = ribbonCurve(scene.layout, ribbon.source, ribbon.target);
      const full = scene.layout.mode === "cards" ? 4.5 : 3;
      const width = 1.5 + full * (ribbon.moved / widest);
      drawBand(scene, curve, width, alpha * 0.85);
      if (!still && age < CARRY) drawCarried(scene, ribbon, curve, age / CARRY);
      else if (age < FOLLOW || (still && i === newest)) drawArrived(scene, ribbon, age / FOLLOW);
      if (alpha > 0.5 || i === newest) {
        labels.unshift(() => drawLabel(scene, ribbon, curve, alpha, taken));
      }
    }
    // Over all ribbons, the newest first: it keeps its place.
    for (const draw of labels) draw();
    ctx.restore();
  }
}

function strength(age: number): number {
  if (age < 200) return Math.max(0, age / 200);
  return age < HOLD ? 1 : Math.max(0, 1 - (age - HOLD) / FADE) ** 1.5;
}

function drawBand(scene: Scene, c: Curve, width: number, alpha: number): void {
  const { ctx, theme, layout } = scene;
  const trace = (): void => {
    ctx.beginPath();
    ctx.moveTo(c[0], c[1]);
    ctx.bezierCurveTo(c[2], c[3], c[4], c[5], c[6], c[7]);
    ctx.stroke();
  };
  ctx.lineCap = "round";
  if (layout.mode === "tiles") {
    ctx.globalAlpha = alpha * 0.8;
    ctx.strokeStyle = theme.panel;
    ctx.lineWidth = width + 3;
    trace();
  }
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = theme.warn;
  ctx.lineWidth = width;
  trace();
  const size = 3 + width * 0.55;
  const up = c[7] > c[5] ? -1 : 1;
  const tip = c[7] - up * (size + 1);
  ctx.fillStyle = theme.warn;
  ctx.beginPath();
  ctx.moveTo(c[6] - size, c[7] + up);
  ctx.lineTo(c[6] + size, c[7] + up);
  ctx.lineTo(c[6], tip);
  ctx.fill();
}

/** The cells in which the moved blocks lie now: like all that has just come, at the end of those of
 *  their family. */
function drawArrived(scene: Scene, { target, families }: Ribbon, age: number): void {
  const { ctx, theme } = scene;
  const grid = scene.grids[target];
  if (!grid) return;
  const counts = cellCounts(scene, target, grid.cells);
  ctx.globalAlpha = Math.max(0.25, 1 - age);
  ctx.strokeStyle = theme.warn;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const [family, blocks] of families.entries()) {
    const [from, to] = familyCells(scene, counts, family);
    const cells = blocks > 0 ? Math.max(1, Math.round(blocks / scene.blocksPerCell)) : 0;
    for (let cell = Math.max(from, to - cells); cell < to; cell++) {
      const r = cellRect(grid, cell);
      ctx.rect(r.x - 0.5, r.y - 0.5, r.w + 1, r.h + 1);
    }
  }
  ctx.stroke();
}

/** A line of text: its middle, its base and its width. */
export interface Label {
  x: number;
  y: number;
  w: number;
}

const LINE = 13;
/** Of a node's number below its place. */
const NUMBER = { below: 15, w: 18 };

/** What stands below the nodes already. */
function numbersOf({ slots }: Layout): Label[] {
  return slots.map(({ x, y, w, h }) =>
    ({ x: x + w / 2, y: y + h + NUMBER.below, w: Math.min(w, NUMBER.w) }));
}

/** The first of these heights at which a label lies over none that is there; null where it would
 *  at each. */
export function freeHeight(
  taken: readonly Label[], x: number, w: number, heights: readonly number[],
): number | null {
  return heights.find((y) => !taken.some((other) =>
    Math.abs(other.y - y) < LINE && Math.abs(other.x - x) < (other.w + w) / 2)) ?? null;
}

function drawLabel(
  scene: Scene, ribbon: Ribbon, curve: Curve, alpha: number, taken: Label[],
): void {
  const { ctx, theme, layout } = scene;
  const what = ribbon.kind === "copy" ? " copied" : "";
  const text = ribbon.count > 1
    ? `${integer(ribbon.total)} blocks${what} in ${ribbon.count} moves`
    : `${integer(ribbon.moved)} blocks${what}`;
  const w = measure(ctx, theme, text, 11, 600) + 8;
  const [mx, my] = along(curve, 0.5);
  const x = Math.max(w / 2 + 4, Math.min(layout.width - w / 2 - 4, mx));
  // Inside a wide arc, under a narrow one.
  const inside = layout.mode === "tiles" || Math.abs(curve[6] - curve[0]) > w + 24;
  const under = Math.min(layout.height - 5, my + 14);
  const y = freeHeight(taken, x, w, inside ? [my - 7, under] : [under]);
  if (y === null) return;
  taken.push({ x, y, w });
  ctx.globalAlpha = Math.min(1, alpha * 1.3 + 0.35);
  write(ctx, theme, text, x, y,
    { size: 11, weight: 600, colour: theme.warn, align: "center", halo: theme.panel });
}
