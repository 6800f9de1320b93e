/** One lane's cluster as a canvas that is kept up to date, with the reading of one node. */
import { ClusterCanvas, joinedNodes, type HoverInfo } from "../draw/cluster/cluster.ts";
import type { Frame, Job } from "../engine/protocol.ts";
import type { RunState } from "../state/run.ts";
import type { Scope } from "../state/setup.ts";
import type { State } from "../state/state.ts";
import { h, setAttribute } from "./dom.ts";

const LABEL_EVERY_MS = 2000;
/** What "as fast as possible" counts as where a dot has to stand for some number of requests. */
const DRAWN_PER_S = 50_000;
const LEAST_PX = 120;

export interface PictureOptions {
  reducedMotion: boolean;
  /** The box's size has changed: a reason to draw even while everything rests. */
  onResize(): void;
  /** What stands beside the node that the keyboard went to. */
  onSay(text: string): void;
  /** A node was chosen, or none. */
  onChoose(node: number | null): void;
}

export class Picture {
  readonly #canvas: HTMLCanvasElement;
  readonly #cluster: ClusterCanvas;
  readonly #tip: HTMLElement;
  readonly #seen: ResizeObserver;
  #job: Job = -1;
  #drawn: Frame | null = null;
  #scope: Scope = "run";
  /** Migrations handed over so far: at full speed not every frame is drawn. */
  #migrated = 0;
  /** Not before the first layout, nor while the box has no size to speak of. */
  #drawable = false;
  /** As last laid out: to ask the canvas would lay the page out, every frame. */
  #width = 0;
  #labelled_ms = 0;

  constructor(canvas: HTMLCanvasElement, tip: HTMLElement, options: PictureOptions) {
    this.#canvas = canvas;
    this.#tip = tip;
    this.#cluster = new ClusterCanvas(canvas, {
      reducedMotion: options.reducedMotion,
      onHover: (info) => this.#hover(info),
    });
    canvas.addEventListener("click", () => this.#choose(options));
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#choose(options);
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.#cluster.focusNode(by);
      options.onSay(said(this.#tip));
    });
    this.#seen = new ResizeObserver(([entry]) => {
      this.#width = entry?.contentRect.width ?? 0;
      this.#drawable = this.#width >= LEAST_PX;
      this.#cluster.resize();
      options.onResize();
    });
    this.#seen.observe(canvas);
  }

  /** Shows which node is chosen. */
  choose(node: number | null): void {
    this.#cluster.choose(node ?? -1);
  }

  #choose({ onChoose }: PictureOptions): void {
    const { focus } = this.#cluster;
    onChoose(focus < 0 ? null : focus);
  }

  /** Takes in what is new of the run; returns whether there was anything. */
  render(run: RunState, { playing, setup: { speed, scope } }: State): boolean {
    const { frame } = run;
    if (run.of !== this.#job) {
      this.#job = run.of;
      this.#drawn = null;
      this.#migrated = 0;
      this.#labelled_ms = 0;
      this.#cluster.reset();
    }
    if (frame === null || (frame === this.#drawn && scope === this.#scope)) return false;
    this.#drawn = frame;
    this.#scope = scope;
    this.#cluster.update({
      config: { nodes: joinedNodes(frame), capacity_blocks: frame.capacity_blocks },
      frame: { ...frame, migrations: run.migrations.slice(this.#migrated) },
      playing,
      scope,
      speed: Math.min(speed, DRAWN_PER_S),
    });
    this.#migrated = run.migrations.length;
    return true;
  }

  /** Draws; true if another frame is wanted. Of several pictures one has the `turn` to draw what
   *  stands still. */
  draw(now_ms: number, turn = true): boolean {
    if (now_ms - this.#labelled_ms > LABEL_EVERY_MS) {
      this.#labelled_ms = now_ms;
      setAttribute(this.#canvas, "aria-label", this.#cluster.label());
    }
    return this.#drawable && this.#cluster.render(now_ms, turn);
  }

  /** Since when what stands still waits to be drawn; Infinity if it does not. */
  get waitsSince(): number {
    return this.#drawable ? this.#cluster.waitsSince : Infinity;
  }

  theme(): void {
    this.#cluster.theme();
  }

  /** The height at which the cluster reads well at the width it has; none while it is not seen. */
  preferredHeight(): number | null {
    return this.#drawable ? this.#cluster.preferredHeight(this.#width) : null;
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
    this.#tip.classList.toggle("docked", info.docked);
    if (info.docked) {
      for (const side of ["left", "top"]) this.#tip.style.removeProperty(side);
      return;
    }
    const width = this.#canvas.clientWidth;
    const wide = this.#tip.offsetWidth;
    const right = info.x + 56 + wide < width;
    const x = right ? info.x + 56 : info.x - 56 - wide;
    this.#tip.style.setProperty("left", `${Math.max(4, Math.min(x, width - wide - 4))}px`);
    this.#tip.style.setProperty("top", `${Math.max(info.y, 4)}px`);
  }
}

/** The reading of a node as a sentence. */
function said(tip: HTMLElement): string {
  if (tip.hidden) return "";
  const [name, list] = tip.children;
  const words = Array.from(list?.children ?? [], ({ textContent }) => textContent);
  const pairs = words.flatMap((word, i) => (i % 2 === 0 ? [`${word} ${words[i + 1] ?? ""}`] : []));
  return `${name?.textContent ?? ""}: ${pairs.join(", ")}`;
}
