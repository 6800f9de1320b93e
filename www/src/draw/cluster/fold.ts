/** The line that stands for the nodes which do nothing now. */
import { integer } from "../../text/format.ts";
import { write } from "../ink.ts";
import type { Scene } from "./scene.ts";

export function drawFold({ ctx, theme, layout, view }: Scene): void {
  const { fold } = layout;
  if (fold === null) return;
  ctx.beginPath();
  ctx.roundRect(fold.x, fold.y, fold.w, fold.h, fold.h / 2);
  ctx.fillStyle = theme.soft;
  ctx.fill();
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.stroke();
  write(ctx, theme, `${integer(view.nodes - layout.shown.length)} idle nodes`,
    fold.x + fold.w / 2, fold.y + fold.h / 2 + 4,
    { size: 12, weight: 600, colour: theme.muted, align: "center" });
}
