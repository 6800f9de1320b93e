/** Starts the painter. Its script is a text in the page's own, as that of `engine/live.ts` is. */
import PaintWorker from "./worker.ts?worker&inline";

export function startPainter(): Worker {
  return new PaintWorker({ name: "kvscope-painter" });
}
