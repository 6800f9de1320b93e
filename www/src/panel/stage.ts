/** The cluster's frame: its sentence, the canvas, the reading of one node, the empty state. */
import type { App } from "../app/app.ts";
import { byId, h, setAttribute, setText } from "./dom.ts";
import { ClusterCanvas, type HoverInfo } from "../draw/cluster/cluster.ts";
import * as format from "../text/format.ts";
import type { Frame } from "../engine/protocol.ts";
import { chosenRow, numberSetting, paramOf } from "../state/setup.ts";
import { sourceName, type State } from "../state/state.ts";

/** The design's alert, where the router has no threshold of its own. */
const ALERT_SHARE = 0.7;
const LABEL_EVERY_MS = 2000;
/** What "as fast as possible" counts as where a dot has to stand for some number of requests. */
const DRAWN_PER_S = 50_000;
const LEAST_PX = 120;
/** A window a little too low is no reason to scroll. */
const LEAST_OF_PREFERRED = 0.9;

export class Stage {
  readonly canvas = byId<HTMLCanvasElement>("cluster");
  readonly #cluster: ClusterCanvas;
  readonly #box = byId("cluster-box");
  readonly #caption = byId("caption");
  readonly #tip = byId("tip");
  readonly #empty = byId("empty");
  #run = -1;
  #drawn: Frame | null = null;
  /** Migrations handed over so far: at full speed not every frame is drawn. */
  #migrated = 0;
  /** Not before the first layout, nor while the box has no size to speak of. */
  #drawable = false;
  #labelled_ms = 0;
  #height = 0;

  constructor(app: App, reducedMotion: boolean) {
    this.#cluster = new ClusterCanvas(this.canvas, {
      reducedMotion,
      onHover: (info) => this.#hover(info),
    });
    this.canvas.addEventListener("keydown", (event) => {
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
    }).observe(this.canvas);
  }

  render(state: State): void {
    setText(this.#caption, captionOf(state));
    if (state.run !== this.#run) {
      this.#run = state.run;
      this.#drawn = null;
      this.#migrated = 0;
      this.#labelled_ms = 0;
      this.#cluster.reset();
    }
    this.#empty.hidden = state.frame !== null || state.failure !== null
      || state.engine === "crashed";
    if (state.frame === null || state.frame === this.#drawn) return;
    this.#drawn = state.frame;
    this.#cluster.update({
      config: clusterConfig(state),
      frame: { ...state.frame, migrations: state.migrations.slice(this.#migrated) },
      playing: state.playing,
      speed: Math.min(state.setup.speed, DRAWN_PER_S),
    });
    this.#migrated = state.migrations.length;
    this.#fit();
  }

  /** Draws; true if another frame is wanted. */
  draw(now_ms: number): boolean {
    if (now_ms - this.#labelled_ms > LABEL_EVERY_MS) {
      this.#labelled_ms = now_ms;
      setAttribute(this.canvas, "aria-label", this.#cluster.label());
    }
    return this.#drawable && this.#cluster.render(now_ms);
  }

  theme(): void {
    this.#cluster.theme();
  }

  /** Many nodes want more height than the window gives; the page then scrolls. */
  #fit(): void {
    const height = LEAST_OF_PREFERRED * this.#cluster.preferredHeight(this.canvas.clientWidth);
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
    const width = this.canvas.clientWidth;
    const wide = this.#tip.offsetWidth;
    const right = info.x + 56 + wide < width;
    const x = right ? info.x + 56 : info.x - 56 - wide;
    this.#tip.style.setProperty("left", `${Math.max(4, Math.min(x, width - wide - 4))}px`);
    this.#tip.style.setProperty("top", `${Math.max(info.y, 4)}px`);
  }
}

function clusterConfig({ tables, running, frame }: State): {
  nodes: number;
  capacity_blocks: number;
  concentration_threshold: number;
} {
  const row = tables === null ? undefined : chosenRow(tables, "router", running);
  const spec = row?.params.find((p) => p.name === "threshold");
  return {
    nodes: frame?.nodes.requests.length ?? 0,
    capacity_blocks: frame?.capacity_blocks ?? 1,
    concentration_threshold: spec ? Number(paramOf(running.router, spec)) : ALERT_SHARE,
  };
}

/** The configuration as a sentence. */
function captionOf(state: State): string {
  const { tables, running, frame } = state;
  if (tables === null) return "Starting the simulator…";
  const nodes = numberSetting(tables, running, "nodes");
  const room = frame === null ? "" : ` of ${format.integer(frame.capacity_blocks)} blocks`;
  const router = chosenRow(tables, "router", running)?.title ?? "";
  const eviction = chosenRow(tables, "eviction", running)?.title ?? "";
  return `${format.plural(nodes, "prefill node")}${room} serve `
    + `${sourceName(state)}, routed by ${router}, evicting by ${eviction}`;
}
