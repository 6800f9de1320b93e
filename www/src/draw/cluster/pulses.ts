/**
 * A landed request lights up cells: those it hit are filled, those it brought are ringed at the
 * cold end, where new blocks are; as many as it pushed out fall off the bottom and fade. Which of
 * the used blocks were hit is not in a frame, so the hit cells are spread over the used ones.
 */
import { cellCounts } from "./cards.ts";
import { outline } from "./columns.ts";
import { cellRect, gridSize, type Grid } from "./grid.ts";
import { hash } from "../ink.ts";
import type { Dot } from "./motion.ts";
import type { Scene } from "./scene.ts";

export interface Pulse extends Pick<Dot, "request" | "node" | "blocks" | "hits" | "evicted"> {
  born: number;
}

const LIFE = 650;
const MOST_CELLS = 60;

export class Pulses {
  #pulses: Pulse[] = [];

  get active(): boolean {
    return this.#pulses.length > 0;
  }

  land(dot: Dot, time: number): void {
    const { request, node, blocks, hits, evicted } = dot;
    this.#pulses.push({ request, node, blocks, hits, evicted, born: time });
  }

  draw(scene: Scene, time: number): void {
    this.#pulses = this.#pulses.filter((p) => time < p.born + LIFE);
    const { ctx } = scene;
    ctx.save();
    for (const pulse of this.#pulses) {
      const age = Math.max(0, (time - pulse.born) / LIFE);
      const grid = scene.grids[pulse.node];
      if (grid) drawOnGrid(scene, grid, pulse, age);
      else drawOnTile(scene, pulse, age);
    }
    ctx.restore();
  }
}

function drawOnTile(scene: Scene, pulse: Pulse, age: number): void {
  const card = scene.layout.cards[pulse.node];
  if (!card) return;
  scene.ctx.globalAlpha = (1 - age) ** 2;
  outline(scene.ctx, card, scene.theme.accent, 1.5, 1);
}

function drawOnGrid(scene: Scene, grid: Grid, pulse: Pulse, age: number): void {
  const { ctx, theme } = scene;
  const filled = cellCounts(scene, pulse.node, grid.cells).reduce((a, b) => a + b, 0);
  const cells = (blocks: number): number =>
    blocks <= 0 ? 0 : Math.min(MOST_CELLS, Math.max(1, Math.round(blocks / scene.blocksPerCell)));
  const fresh = Math.min(filled, cells(pulse.blocks - pulse.hits));
  const used = filled - fresh;
  const glow = (1 - age) ** 1.6;

  ctx.globalAlpha = glow;
  ctx.beginPath();
  for (let k = 0; k < Math.min(used, cells(pulse.hits)); k++) {
    const r = cellRect(grid, hash(pulse.request * 97 + k) % used);
    ctx.rect(r.x - 1, r.y - 1, r.w + 2, r.h + 2);
  }
  ctx.fillStyle = theme.dark ? "#ffffff" : theme.panel;
  ctx.fill();
  ctx.fillStyle = theme.accent;
  ctx.fill();
  ctx.beginPath();
  for (let cell = filled - fresh; cell < filled; cell++) {
    const r = cellRect(grid, cell);
    ctx.rect(r.x + 0.5, r.y + 0.5, r.w - 1, r.h - 1);
  }
  ctx.fillStyle = theme.panel;
  ctx.fill();
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 1.2;
  ctx.stroke();

  const out = Math.min(grid.cols, cells(pulse.evicted));
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
