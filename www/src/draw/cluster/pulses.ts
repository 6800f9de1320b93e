/**
 * A landed request lights up cells of its own family, which is where its blocks lie: those it hit
 * from the most used on, as a prefix's first blocks are its most used; those it brought at the
 * other end, where blocks are that were used once. What was brought again after its eviction
 * flashes once more, in another form; as many as it pushed out fall off the bottom and fade.
 */
import { cellCounts, familyCells } from "./cards.ts";
import { outline } from "./columns.ts";
import { cellRect, gridSize, type Grid } from "./grid.ts";
import { familyColour } from "./flow.ts";
import { hash, type Pen } from "../ink.ts";
import type { Dot } from "./motion.ts";
import type { Scene } from "./scene.ts";

export interface Pulse extends Omit<Dot, "born" | "travel" | "heat"> {
  born: number;
}

const LIFE = 650;
/** What comes back is looked at a little longer. */
const FLASH = 1500;
const MOST_CELLS = 60;

export class Pulses {
  #pulses: Pulse[] = [];

  get active(): boolean {
    return this.#pulses.length > 0;
  }

  land(dot: Dot, time: number): void {
    this.#pulses.push({ ...dot, born: time });
  }

  draw(scene: Scene, time: number): void {
    this.#pulses = this.#pulses.filter((p) => time < p.born + (p.rewanted > 0 ? FLASH : LIFE));
    const { ctx } = scene;
    ctx.save();
    for (const pulse of this.#pulses) {
      const age = Math.max(0, (time - pulse.born) / LIFE);
      const grid = scene.grids[pulse.node];
      if (grid) drawOnGrid(scene, grid, pulse, age);
      else if (age < 1) drawOnTile(scene, pulse, age);
    }
    ctx.restore();
  }
}

function drawOnTile(scene: Scene, pulse: Pulse, age: number): void {
  const card = scene.layout.cards[pulse.node];
  if (!card) return;
  scene.ctx.globalAlpha = (1 - age) ** 2;
  outline(scene.ctx, card, familyColour(scene, pulse.family), 1.5, 1);
}

function drawOnGrid(scene: Scene, grid: Grid, pulse: Pulse, age: number): void {
  const { ctx, theme } = scene;
  const [from, to] = familyCells(scene, cellCounts(scene, pulse.node, grid.cells), pulse.family);
  const cells = (blocks: number): number =>
    blocks <= 0 ? 0 : Math.min(MOST_CELLS, Math.max(1, Math.round(blocks / scene.blocksPerCell)));
  const fresh = Math.min(to - from, cells(pulse.blocks - pulse.hits));
  const hits = Math.min(to - from - fresh, cells(pulse.hits));
  const again = Math.min(fresh, cells(pulse.rewanted));
  if (again > 0) drawAgain(scene, grid, to - again, to, (age * LIFE) / FLASH);
  if (age >= 1) return;

  const colour = familyColour(scene, pulse.family);
  ctx.globalAlpha = (1 - age) ** 1.6;
  squares(ctx, grid, from, from + hits, -1);
  ctx.fillStyle = theme.dark ? "#ffffff" : theme.ink;
  ctx.fill();
  squares(ctx, grid, to - fresh, to, 0.5);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.2;
  ctx.stroke();
  drawFalling(scene, grid, pulse, age, cells(pulse.evicted));
}

/** Evicted, and wanted again: a ring about the cells that closes in on them. */
function drawAgain(scene: Scene, grid: Grid, from: number, to: number, age: number): void {
  const { ctx, theme } = scene;
  ctx.globalAlpha = Math.max(0, 1 - age) ** 0.7;
  squares(ctx, grid, from, to, -1.5 - 4 * Math.max(0, 1 - 4 * age));
  ctx.strokeStyle = theme.warn;
  ctx.lineWidth = 1.6;
  ctx.stroke();
}

/** Cells [from, to), each drawn in by so many pixels. */
function squares(
  ctx: Pen, grid: Grid, from: number, to: number, inset: number,
): void {
  ctx.beginPath();
  for (let cell = from; cell < to; cell++) {
    const r = cellRect(grid, cell);
    ctx.rect(r.x + inset, r.y + inset, r.w - 2 * inset, r.h - 2 * inset);
  }
}

function drawFalling(scene: Scene, grid: Grid, pulse: Pulse, age: number, cells: number): void {
  const { ctx, theme } = scene;
  const out = Math.min(grid.cols, cells);
  if (out === 0) return;
  const { h } = gridSize(grid);
  const size = grid.pitch - grid.gap;
  ctx.globalAlpha = (1 - age) * 0.9;
  ctx.fillStyle = scene.ramp[0] ?? theme.muted;
  for (let k = 0; k < out; k++) {
    const col = hash(pulse.request * 31 + k) % grid.cols;
    const drop = age * age * 9;
    ctx.fillRect(grid.x + col * grid.pitch, grid.y + h - size + drop, size, size);
  }
}
