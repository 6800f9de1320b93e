/** One lane's cluster as a canvas that is kept up to date, with the reading of one node. */
import { ClusterCanvas, type HoverInfo } from "../draw/cluster/cluster.ts";
import type { Frame, Job } from "../engine/protocol.ts";
import type { RunState } from "../state/run.ts";
import { h, setAttribute } from "./dom.ts";

const LABEL_EVERY_MS = 2000;
/** What "as fast as possible" counts as where a dot has to stand for some number of requests. */
const DRAWN_PER_S = 50_000;
const LEAST_PX = 120;

export interface PictureOptions {
  reducedMotion: boolean;
  /** The box's size has changed: a reason to draw even while everything rests. */
  onResize(): void;
}

export class Picture {
  readonly #canvas: HTMLCanvasElement;
  readonly #cluster: ClusterCanvas;
  readonly #tip: HTMLElement;
  readonly #seen: ResizeObserver;
  #job: Job = -1;
  #drawn: Frame | null = null;
  /** Migrations handed over so far: at full speed not every frame is drawn. */
  #migrated = 0;
  /** Not before the first layout, nor while the box has no size to speak of. */
  #drawable = false;
  #labelled_ms = 0;

  constructor(canvas: HTMLCanvasElement, tip: HTMLElement, options: PictureOptions) {
    this.#canvas = canvas;
    this.#tip = tip;
    this.#cluster = new ClusterCanvas(canvas, {
      reducedMotion: options.reducedMotion,
      onHover: (info) => this.#hover(info),
    });
    canvas.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.#cluster.focusNode(by);
    });
    this.#seen = new ResizeObserver(([entry]) => {
      this.#drawable = (entry?.contentRect.width ?? 0) >= LEAST_PX;
      this.#cluster.resize();
      options.onResize();
    });
    this.#seen.observe(canvas);
  }

  /** Takes in what is new of the run; returns whether there was anything. */
  render(run: RunState, playing: boolean, speed: number): boolean {
    const { frame } = run;
    if (run.job !== this.#job) {
      this.#job = run.job;
      this.#drawn = null;
      this.#migrated = 0;
      this.#labelled_ms = 0;
      this.#cluster.reset();
    }
    if (frame === null || frame === this.#drawn) return false;
    this.#drawn = frame;
    this.#cluster.update({
      config: { nodes: frame.nodes.requests.length, capacity_blocks: frame.capacity_blocks },
      frame: { ...frame, migrations: run.migrations.slice(this.#migrated) },
      playing,
      speed: Math.min(speed, DRAWN_PER_S),
    });
    this.#migrated = run.migrations.length;
    return true;
  }

  /** Draws; true if another frame is wanted. */
  draw(now_ms: number): boolean {
    if (now_ms - this.#labelled_ms > LABEL_EVERY_MS) {
      this.#labelled_ms = now_ms;
      setAttribute(this.#canvas, "aria-label", this.#cluster.label());
    }
    return this.#drawable && this.#cluster.render(now_ms);
  }

  theme(): void {
    this.#cluster.theme();
  }

  /** The height at which the cluster reads well at the width it has. */
  preferredHeight(): number {
    return this.#cluster.preferredHeight(this.#canvas.clientWidth);
  }


  /** The canvas goes off the page. */
  close(): void {
    this.#seen.disconnect();
  }

  #hover(info: HoverInfo | null): void {
    this.#tip.hidden = info === null;
    if (info === null) return;
    this.#tip.replaceChildren(h("b", {}, `Node ${info.node}`),
      h("dl", {}, ...info.lines.flatMap(([name, value]) =>
        [h("dt", {}, name), h("dd", {}, value)])));
    const width = this.#canvas.clientWidth;
    const wide = this.#tip.offsetWidth;
    const right = info.x + 56 + wide < width;
    const x = right ? info.x + 56 : info.x - 56 - wide;
    this.#tip.style.setProperty("left", `${Math.max(4, Math.min(x, width - wide - 4))}px`);
    this.#tip.style.setProperty("top", `${Math.max(info.y, 4)}px`);
  }
}
