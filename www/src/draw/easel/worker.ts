/** The worker that paints. */
import { ClusterCanvas } from "../cluster/cluster.ts";
import type { FromPainter, ToPainter } from "./messages.ts";
import { Painter } from "./painter.ts";

const page = self as unknown as {
  postMessage(message: FromPainter): void;
  onmessage: ((event: MessageEvent<ToPainter>) => void) | null;
};

const painter = new Painter((canvas, options) => new ClusterCanvas(canvas, options),
  (message) => page.postMessage(message));
page.onmessage = ({ data }) => painter.take(data);
