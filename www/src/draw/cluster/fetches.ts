/** Blocks that a request fetched from another node: a dashed line for as long as it is news. */
import type { Dot } from "./motion.ts";
import { along, ribbonCurve } from "./curve.ts";
import type { Scene } from "./scene.ts";

interface Fetch {
  source: number;
  target: number;
  blocks: number;
  born: number;
}

const LIFE = 1100;
/** More at once would be a tangle. */
const MOST = 16;

export class Fetches {
  #list: Fetch[] = [];

  get active(): boolean {
    return this.#list.length > 0;
  }

  land({ node, source, fetched }: Dot, time: number): void {
    if (fetched === 0 || source === node) return;
    this.#list.push({ source, target: node, blocks: fetched, born: time });
    if (this.#list.length > MOST) this.#list.shift();
  }

  draw(scene: Scene, time: number): void {
    this.#list = this.#list.filter(({ born }) => time < born + LIFE);
    const { ctx, theme, layout } = scene;
    ctx.save();
    for (const { source, target, blocks, born } of this.#list) {
      const age = Math.max(0, (time - born) / LIFE);
      const curve = ribbonCurve(layout, source, target);
      ctx.globalAlpha = Math.min(1, 2 - 2 * age);
      ctx.strokeStyle = theme.accent;
      ctx.fillStyle = theme.accent;
      ctx.lineWidth = 1.2 + Math.min(2.4, blocks / 40);
      ctx.setLineDash([3, 4]);
      ctx.beginPath();
      ctx.moveTo(curve[0], curve[1]);
      ctx.bezierCurveTo(curve[2], curve[3], curve[4], curve[5], curve[6], curve[7]);
      ctx.stroke();
      const [x, y] = along(curve, Math.min(1, age * 1.6));
      ctx.beginPath();
      ctx.rect(x - 3, y - 3, 6, 6);
      ctx.fill();
    }
    ctx.restore();
  }
}
