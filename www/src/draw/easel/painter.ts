/**
 * Draws clusters on the canvases that a page has handed over. It runs in a worker: what it takes
 * to draw and to bring to the screen keeps nobody waiting who types or scrolls.
 */
import type { ClusterCanvas, ClusterOptions } from "../cluster/cluster.ts";
import { joinedNodes, type Drawn } from "../cluster/view.ts";
import { startLoop, type Loop } from "../loop.ts";
import type { FromPainter, Shown, ToPainter } from "./messages.ts";

/** What the painter asks of a cluster. */
export type Cluster = Pick<ClusterCanvas, "update" | "render" | "waitsSince" | "resize" | "recolour"
  | "point" | "step" | "focus" | "choose" | "reset" | "label" | "shown">;

export type MakeCluster = (canvas: OffscreenCanvas, options: ClusterOptions) => Cluster;

interface Canvas {
  id: number;
  cluster: Cluster;
  /** Whether it has a size to draw at. */
  seen: boolean;
  /** Whether it wanted another frame. */
  moves: boolean;
  frame: Drawn | null;
  /** What the page was told last, and when. */
  label: string;
  labelled_ms: number;
  places: number;
}

const LABEL_EVERY_MS = 2000;
/** What drawing may take of a frame of 16.7 ms; half of it after a frame that took longer: then
 *  fewer canvases are drawn in a frame, and there are more frames. */
const DRAWING_MS = 8;
const LATE_MS = 25;

export class Painter {
  readonly #tell: (message: FromPainter) => void;
  readonly #make: MakeCluster;
  readonly #canvases = new Map<number, Canvas>();
  readonly #loop: Loop;
  /** The canvas that is drawn first in the next frame. */
  #first = 0;
  /** When the last frame began. */
  #before_ms = 0;

  constructor(make: MakeCluster, tell: (message: FromPainter) => void) {
    this.#make = make;
    this.#tell = tell;
    this.#loop = startLoop((now_ms) => this.draw(now_ms));
  }

  take(message: ToPainter): void {
    if (message.type === "open") this.#open(message);
    const canvas = this.#canvases.get(message.id);
    // A page may still speak of a canvas that it has given up.
    if (canvas === undefined) return;
    this.#change(canvas, message);
    this.#loop.wake();
  }

  /** Draws as many canvases as a frame has time for, and the others first in the next; true if
   *  another frame is wanted. Of several, one a frame draws what stands still. */
  draw(now_ms: number): boolean {
    const seen = [...this.#canvases.values()].filter((canvas) => canvas.seen);
    const waits = seen.map(({ cluster }) => cluster.waitsSince);
    const turn = waits.indexOf(Math.min(...waits));
    const late = now_ms - this.#before_ms > LATE_MS;
    this.#before_ms = now_ms;
    const end_ms = performance.now() + (late ? DRAWING_MS / 2 : DRAWING_MS);
    let more = false;
    for (let left = seen.length; left > 0; left--) {
      const at = this.#first % seen.length;
      const canvas = seen[at]!;
      const moves = canvas.cluster.render(now_ms, at === turn);
      const rests = canvas.moves && !moves;
      canvas.moves = moves;
      if (rests || now_ms - canvas.labelled_ms > LABEL_EVERY_MS) this.#label(canvas, now_ms);
      more = moves || more;
      this.#first = at + 1;
      if (left > 1 && performance.now() >= end_ms) return true;
    }
    return more;
  }

  #open({ id, canvas, theme, reducedMotion }: ToPainter & { type: "open" }): void {
    const cluster = this.#make(canvas, { theme, reducedMotion,
      onHover: (info) => this.#tell({ id, type: "read", info }) });
    this.#canvases.set(id, { id, cluster, seen: false, moves: false, frame: null, label: "",
      labelled_ms: -Infinity, places: 0 });
  }

  #change(canvas: Canvas, message: ToPainter): void {
    const { id, cluster } = canvas;
    switch (message.type) {
      case "open":
        return;
      case "size":
        canvas.seen = message.size !== null;
        return message.size === null ? undefined : cluster.resize(message.size);
      case "show":
        return this.#show(canvas, message.frame, message.shown);
      case "theme":
        return cluster.recolour(message.theme);
      case "point":
        return cluster.point(message.at);
      case "step":
        cluster.step(message.by);
        return this.#tell({ id, type: "stepped" });
      case "pick":
        return this.#tell({ id, type: "picked", node: cluster.focus });
      case "choose":
        return cluster.choose(message.node);
      case "reset":
        canvas.frame = null;
        canvas.places = 0;
        cluster.reset();
        return this.#label(canvas, -Infinity);
      case "close":
        this.#canvases.delete(id);
    }
  }

  #show(canvas: Canvas, news: Drawn | null, shown: Shown): void {
    const frame = news ?? canvas.frame;
    if (frame === null) return;
    const { id, cluster } = canvas;
    canvas.frame = frame;
    cluster.update({ ...shown, frame,
      config: { nodes: joinedNodes(frame), capacity_blocks: frame.capacity_blocks } });
    if (cluster.shown === canvas.places) return;
    canvas.places = cluster.shown;
    this.#tell({ id, type: "places", nodes: canvas.places });
  }

  #label(canvas: Canvas, now_ms: number): void {
    canvas.labelled_ms = now_ms;
    const text = canvas.cluster.label();
    if (text === canvas.label) return;
    canvas.label = text;
    this.#tell({ id: canvas.id, type: "label", text });
  }
}
