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
  /** Whether it is to be drawn in a next frame, and when it was last. */
  due: boolean;
  drawn_ms: number;
  frame: Drawn | null;
  /** What the page was told last, and when. */
  label: string;
  labelled_ms: number;
  places: number;
}

const LABEL_EVERY_MS = 2000;
/** What painting may take of a frame of 16.7 ms, since others want the processor too: where it
 *  would take more, fewer canvases are painted in a frame, by turns. */
const PAINTING_MS = 6;
/** How much the latest frame counts in what a canvas takes. */
const LATEST = 0.1;

export class Painter {
  readonly #tell: (message: FromPainter) => void;
  readonly #make: MakeCluster;
  readonly #canvases = new Map<number, Canvas>();
  readonly #loop: Loop;
  readonly #afterwards: (act: () => void) => void;
  /** What a canvas takes of late. */
  #each_ms = 0;

  /** `afterwards` does something once a frame is on its way to the screen. */
  constructor(make: MakeCluster, tell: (message: FromPainter) => void,
    afterwards: (act: () => void) => void) {
    this.#make = make;
    this.#tell = tell;
    this.#afterwards = afterwards;
    this.#loop = startLoop((now_ms) => this.draw(now_ms));
  }

  take(message: ToPainter): void {
    if (message.type === "open") this.#open(message);
    const canvas = this.#canvases.get(message.id);
    // A page may still speak of a canvas that it has given up.
    if (canvas === undefined) return;
    canvas.due = true;
    this.#change(canvas, message);
    this.#loop.wake();
  }

  /** Draws what is due, as many canvases as a frame has time for, whoever waits longest first; true
   *  if another frame is wanted. Of several, one a frame draws what stands still. */
  draw(now_ms: number): boolean {
    const begun_ms = performance.now();
    const due = [...this.#canvases.values()].filter((canvas) => canvas.seen && canvas.due)
      .toSorted((one, other) => one.drawn_ms - other.drawn_ms);
    const most = Math.max(1, Math.floor(PAINTING_MS / this.#each_ms));
    const drawn = due.slice(0, most);
    const waits = drawn.map(({ cluster }) => cluster.waitsSince);
    const turn = waits.indexOf(Math.min(...waits));
    for (const [i, canvas] of drawn.entries()) this.#draw(canvas, now_ms, i === turn);
    if (drawn.length > 0) {
      this.#afterwards(() => {
        const took_ms = (performance.now() - begun_ms) / drawn.length;
        this.#each_ms += LATEST * (took_ms - this.#each_ms);
      });
    }
    return due.some((canvas) => canvas.due);
  }

  #draw(canvas: Canvas, now_ms: number, turn: boolean): void {
    canvas.drawn_ms = now_ms;
    canvas.due = canvas.cluster.render(now_ms, turn);
    const late = now_ms - canvas.labelled_ms > LABEL_EVERY_MS;
    if (!canvas.due || late) this.#label(canvas, now_ms);
  }

  #open({ id, canvas, theme, reducedMotion }: ToPainter & { type: "open" }): void {
    const cluster = this.#make(canvas, { theme, reducedMotion,
      onHover: (info) => this.#tell({ id, type: "read", info }) });
    this.#canvases.set(id, { id, cluster, seen: false, due: false, drawn_ms: -Infinity,
      frame: null, label: "", labelled_ms: -Infinity, places: 0 });
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
