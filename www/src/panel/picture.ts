/** One lane's cluster as a canvas that is kept up to date, with the reading of one node. */
import { joinedNodes, type Drawn, type HoverInfo } from "../draw/cluster/view.ts";
import { Easel } from "../draw/easel/easel.ts";
import type { FromPainter } from "../draw/easel/messages.ts";
import type { Studio } from "../draw/easel/studio.ts";
import type { Frame, Job, Migration } from "../engine/protocol.ts";
import type { RunState } from "../state/run.ts";
import type { Scope } from "../state/setup.ts";
import type { State } from "../state/state.ts";
import { h, setAttribute } from "./dom.ts";

/** What "as fast as possible" counts as where a dot has to stand for some number of requests. */
const DRAWN_PER_S = 50_000;
const LEAST_PX = 120;
/** More pairs of nodes than there are ribbons. */
const RECALLED = 200;
/** Before the first frame. */
const USUAL_NODES = 8;

/** The height that a picture is given at least, with so many places for nodes at a width. `folded`
 *  is whether there are nodes without a place. */
export type HeightFor = (width: number, places: number, folded: boolean) => number;

export interface PictureOptions {
  studio: Studio;
  heightFor: HeightFor;
  /** The box has another size, or wants one. */
  onResize(): void;
  /** What stands beside the node that the keyboard went to. */
  onSay(text: string): void;
  /** A node was chosen, or none. */
  onChoose(node: number | null): void;
  /** There is no picture any more, for what the browser says. */
  onFail(why: string): void;
}

export class Picture {
  readonly #canvas: HTMLCanvasElement;
  readonly #easel: Easel;
  readonly #tip: HTMLElement;
  readonly #options: PictureOptions;
  readonly #seen: ResizeObserver;
  #job: Job = -1;
  #drawn: Frame | null = null;
  #scope: Scope = "run";
  #playing = false;
  /** Migrations handed over so far: at full speed not every frame is drawn. */
  #migrated = 0;
  /** As last laid out: to ask the canvas would lay the page out, every frame. */
  #width = 0;
  /** Nodes with a place of their own, as the painter said; null until it has. */
  #places: number | null = null;

  constructor(canvas: HTMLCanvasElement, tip: HTMLElement, options: PictureOptions) {
    this.#canvas = canvas;
    this.#tip = tip;
    this.#options = options;
    this.#easel = new Easel(canvas, options.studio, (message) => this.#hear(message));
    canvas.addEventListener("click", () => this.#easel.pick());
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#easel.pick();
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.#easel.step(by);
    });
    this.#seen = new ResizeObserver(([entry]) => {
      this.#width = entry?.contentRect.width ?? 0;
      this.#easel.resize(this.#drawable);
      options.onResize();
    });
    this.#seen.observe(canvas);
  }

  /** Shows which node is chosen. */
  choose(node: number | null): void {
    this.#easel.choose(node ?? -1);
  }

  /** Takes in what is new of the run. */
  render(run: RunState, { playing, setup: { speed, scope } }: State): void {
    const { frame } = run;
    if (run.of !== this.#job) {
      this.#job = run.of;
      this.#drawn = null;
      this.#migrated = 0;
      this.#places = null;
      this.#easel.reset();
    }
    if (frame === null || (frame === this.#drawn && scope === this.#scope
      && playing === this.#playing)) return;
    // Back at an earlier moment, what had moved by then is told once more, as far as it is drawn.
    const back = frame.requests < (this.#drawn?.requests ?? 0);
    const since = back ? Math.max(0, run.migrations.length - RECALLED) : this.#migrated;
    this.#easel.show(frame === this.#drawn ? null : drawnOf(frame, run.migrations, since),
      { playing, scope, speed: Math.min(speed, DRAWN_PER_S) });
    this.#drawn = frame;
    this.#scope = scope;
    this.#playing = playing;
    this.#migrated = run.migrations.length;
  }

  theme(): void {
    this.#easel.recolour();
  }

  /** The height that it is to be given at the width it has; none while it is not seen. */
  height(): number | null {
    if (!this.#drawable) return null;
    const nodes = this.#drawn === null ? USUAL_NODES : joinedNodes(this.#drawn);
    const places = this.#places ?? nodes;
    return Math.round(this.#options.heightFor(this.#width, places, places < nodes));
  }

  /** The canvas goes off the page. */
  close(): void {
    this.#seen.disconnect();
    this.#easel.close();
  }

  /** Not before the first layout, nor while the box has no size to speak of. */
  get #drawable(): boolean {
    return this.#width >= LEAST_PX;
  }

  #hear(message: FromPainter): void {
    switch (message.type) {
      case "read":
        return this.#hover(message.info);
      case "stepped":
        return this.#options.onSay(said(this.#tip));
      case "picked":
        return this.#options.onChoose(message.node < 0 ? null : message.node);
      case "label":
        return setAttribute(this.#canvas, "aria-label", message.text);
      case "failed":
        return this.#options.onFail(message.why);
      case "places":
        this.#places = message.nodes;
        this.#options.onResize();
    }
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

/** What of a frame is drawn, with the migrations since so many. */
function drawnOf(frame: Frame, migrations: readonly Migration[], since: number): Drawn {
  const { requests, done, time_s, capacity_blocks, totals, nodes, recent, families } = frame;
  return { requests, done, time_s, capacity_blocks, totals, nodes, recent, families,
    migrations: migrations.slice(since) };
}

/** The reading of a node as a sentence. */
function said(tip: HTMLElement): string {
  if (tip.hidden) return "";
  const [name, list] = tip.children;
  const words = Array.from(list?.children ?? [], ({ textContent }) => textContent);
  const pairs = words.flatMap((word, i) => (i % 2 === 0 ? [`${word} ${words[i + 1] ?? ""}`] : []));
  return `${name?.textContent ?? ""}: ${pairs.join(", ")}`;
}
