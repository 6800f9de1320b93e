/** The cluster's frame: its sentence, the canvas, the reading of one node, the empty state. */
import type { App } from "../app/app.ts";
import { h, part, setAttribute, setText } from "./dom.ts";
import { ClusterCanvas, type ClusterInput, type HoverInfo } from "../draw/cluster/cluster.ts";
import * as format from "../text/format.ts";
import { UNLIMITED_BLOCKS, type Frame, type Job } from "../engine/protocol.ts";
import { chosenRow, numberSetting } from "../state/setup.ts";
import { runOf, sourceName, type State } from "../state/state.ts";

const LABEL_EVERY_MS = 2000;
/** What "as fast as possible" counts as where a dot has to stand for some number of requests. */
const DRAWN_PER_S = 50_000;
const LEAST_PX = 120;
/** A window a little too low is no reason to scroll. */
const LEAST_OF_PREFERRED = 0.9;

export class Stage {
  readonly #canvas: HTMLCanvasElement;
  readonly #cluster: ClusterCanvas;
  readonly #box: HTMLElement;
  readonly #caption: HTMLElement;
  readonly #tip: HTMLElement;
  readonly #empty: HTMLElement;
  #job: Job = -1;
  #drawn: Frame | null = null;
  /** Migrations handed over so far: at full speed not every frame is drawn. */
  #migrated = 0;
  /** Not before the first layout, nor while the box has no size to speak of. */
  #drawable = false;
  #labelled_ms = 0;
  #height = 0;

  constructor(app: App, root: HTMLElement, reducedMotion: boolean) {
    this.#canvas = part(root, "cluster");
    this.#box = part(root, "cluster-box");
    this.#caption = part(root, "caption");
    this.#tip = part(root, "tip");
    this.#empty = part(root, "empty");
    this.#cluster = new ClusterCanvas(this.#canvas, {
      reducedMotion,
      onHover: (info) => this.#hover(info),
    });
    this.#canvas.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.#cluster.focusNode(by);
    });
    // A change of the box's size is a reason to draw even while everything rests.
    new ResizeObserver(([entry]) => {
      this.#drawable = (entry?.contentRect.width ?? 0) >= LEAST_PX;
      this.#cluster.resize();
      app.store.set({});
    }).observe(this.#canvas);
  }

  render(state: State): void {
    setText(this.#caption, captionOf(state));
    const run = runOf(state);
    const { frame } = run;
    if (run.job !== this.#job) {
      this.#job = run.job;
      this.#drawn = null;
      this.#migrated = 0;
      this.#labelled_ms = 0;
      this.#cluster.reset();
    }
    this.#empty.hidden = frame !== null || run.failure !== null || state.engine === "crashed";
    if (frame === null || frame === this.#drawn) return;
    this.#drawn = frame;
    this.#cluster.update({
      config: clusterConfig(state),
      frame: { ...frame, migrations: run.migrations.slice(this.#migrated) },
      playing: state.playing,
      speed: Math.min(state.setup.speed, DRAWN_PER_S),
    });
    this.#migrated = run.migrations.length;
    this.#fit();
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

  /** Many nodes want more height than the window gives; the page then scrolls. */
  #fit(): void {
    const height = LEAST_OF_PREFERRED * this.#cluster.preferredHeight(this.#canvas.clientWidth);
    if (height === this.#height) return;
    this.#height = height;
    this.#box.style.setProperty("min-height", `${height}px`);
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

function clusterConfig(state: State): ClusterInput["config"] {
  const { frame } = runOf(state);
  return {
    nodes: frame?.nodes.requests.length ?? 0,
    capacity_blocks: frame?.capacity_blocks ?? 1,
  };
}

/** The configuration as a sentence. */
function captionOf(state: State): string {
  const { tables } = state;
  const { config, frame, failure } = runOf(state);
  if (tables === null) return "Starting the simulator…";
  const nodes = numberSetting(tables, config, "nodes");
  const router = chosenRow(tables, "router", config)?.title ?? "";
  const eviction = chosenRow(tables, "eviction", config)?.title ?? "";
  const verb = failure?.kind === "config" ? "cannot serve" : "serve";
  return `${format.plural(nodes, "prefill node")}${roomOf(frame)} ${verb} ${sourceName(state)}, `
    + `routed by ${router}, evicting by ${eviction}`;
}

/** The room of a node, which is known in blocks once the core has a block size. */
function roomOf(frame: Frame | null): string {
  if (frame === null) return "";
  const { capacity_blocks } = frame;
  return capacity_blocks >= UNLIMITED_BLOCKS
    ? " without a limit" : ` of ${format.integer(capacity_blocks)} blocks`;
}
