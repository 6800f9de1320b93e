/** What nodes are to the others, drawn over their cards: dead, draining, slow; by form and word. */
import { ALIVE, DEAD, DRAINING } from "../../engine/protocol.ts";
import { measure, write, type Pen } from "../ink.ts";
import { shownCards, type Rect } from "./layout.ts";
import type { Scene } from "./scene.ts";

/** Over every node that is not as usual. */
export function drawMembership(scene: Scene): void {
  const { state, slow } = scene.view.frame.nodes;
  for (const [node, card] of shownCards(scene.layout)) {
    const now = state[node] ?? ALIVE;
    if (now === DEAD) drawDead(scene, card);
    else if (now === DRAINING) drawDraining(scene, card);
    const factor = slow[node] ?? 1;
    if (now !== DEAD && factor !== 1) drawSlow(scene, card, factor);
  }
}

/** A veil, a cross, and the word where there is room. */
function drawDead(scene: Scene, card: Rect): void {
  const { ctx, theme } = scene;
  ctx.save();
  ctx.fillStyle = theme.panel;
  ctx.globalAlpha = 0.86;
  rounded(ctx, card);
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = theme.warn;
  ctx.lineWidth = card.w >= 40 ? 1.6 : 1.2;
  ctx.stroke();
  const arm = Math.max(3, Math.min(card.w * 0.22, card.h * 0.22, 20));
  const [x, y] = [card.x + card.w / 2, card.y + card.h * 0.42];
  ctx.lineWidth = Math.max(1.5, arm / 5);
  ctx.lineCap = "round";
  ctx.beginPath();
  ctx.moveTo(x - arm, y - arm);
  ctx.lineTo(x + arm, y + arm);
  ctx.moveTo(x + arm, y - arm);
  ctx.lineTo(x - arm, y + arm);
  ctx.stroke();
  ctx.restore();
  if (card.w < 34 || card.h < 60) return;
  write(ctx, theme, "dead", x, y + arm + 20,
    { size: 12, weight: 650, colour: theme.warn, align: "center" });
}

/** A dashed edge, and the word. */
function drawDraining(scene: Scene, card: Rect): void {
  const { ctx, theme } = scene;
  ctx.save();
  ctx.strokeStyle = theme.warn;
  ctx.lineWidth = card.w >= 40 ? 2 : 1.2;
  ctx.setLineDash(card.w >= 40 ? [7, 5] : [3, 2]);
  rounded(ctx, card);
  ctx.stroke();
  ctx.restore();
  if (card.w >= 34 && card.h >= 60) badge(scene, card, card.w >= 58 ? "draining" : "drain", 0);
}

function drawSlow(scene: Scene, card: Rect, factor: number): void {
  const words = factor > 1 ? `slow × ${factor}` : `fast × ${factor}`;
  const short = `× ${factor}`;
  const { ctx, theme } = scene;
  const fits = measure(ctx, theme, words, 11, 650) + 10 <= card.w;
  if (card.h >= 60) badge(scene, card, fits ? words : short, 1);
  else {
    write(ctx, theme, short, card.x + card.w / 2, card.y + card.h - 2,
      { size: 9, weight: 650, colour: theme.warn, align: "center", halo: theme.panel });
  }
}

/** A word on the card, below another if there are two. */
function badge(scene: Scene, card: Rect, text: string, row: number): void {
  const { ctx, theme } = scene;
  const w = Math.min(measure(ctx, theme, text, 11, 650) + 10, card.w);
  const [x, y] = [card.x + (card.w - w) / 2, card.y + 8 + row * 20];
  ctx.fillStyle = theme.warn;
  ctx.beginPath();
  ctx.roundRect(x, y, w, 17, 4);
  ctx.fill();
  write(ctx, theme, text, card.x + card.w / 2, y + 12.5,
    { size: 11, weight: 650, colour: theme.panel, align: "center" });
}

function rounded(ctx: Pen, card: Rect): void {
  ctx.beginPath();
  ctx.roundRect(card.x, card.y, card.w, card.h, Math.max(0, Math.min(8, card.w / 7)));
}
