/** The worker that paints. */
import { ClusterCanvas } from "../cluster/cluster.ts";
import type { FromPainter, ToPainter } from "./messages.ts";
import { Painter } from "./painter.ts";

const page = self as unknown as {
  postMessage(message: FromPainter): void;
  onmessage: ((event: MessageEvent<ToPainter>) => void) | null;
};

const { port1, port2 } = new MessageChannel();
let due: (() => void)[] = [];
port1.onmessage = () => {
  const acts = due;
  due = [];
  for (const act of acts) act();
};

/** In a task of its own: what is drawn in a frame goes to the screen at the end of its task. */
function afterwards(act: () => void): void {
  due.push(act);
  port2.postMessage(null);
}

const painter = new Painter((canvas, options) => new ClusterCanvas(canvas, options),
  (message) => page.postMessage(message), afterwards);
page.onmessage = ({ data }) => painter.take(data);
