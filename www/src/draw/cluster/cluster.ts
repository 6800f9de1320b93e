/** A cluster on a canvas: its state, and one `render` that a frame loop calls. */
import { FOLDED_FROM, arrange, type Arrangement } from "./arrange.ts";
import { bucketOrder, cardGrid, drawCards } from "./cards.ts";
import { columnGrid, drawColumns, outline } from "./columns.ts";
import { nodeLines, summary } from "./describe.ts";
import { Fetches } from "./fetches.ts";
import { LINK_STOP, QUEUE_STOP, drawDots, drawLinks, drawQueues, drawRouter } from "./flow.ts";
import { layoutCluster, nodeAt, type Layout, type Rect } from "./layout.ts";
import { drawFold } from "./fold.ts";
import { legend } from "./legend.ts";
import { Clock, Traffic, approach, dotStride } from "./motion.ts";
import type { Pen } from "../ink.ts";
import { cellRamp, type Theme } from "../palette.ts";
import { linkPath, type Path } from "./path.ts";
import { Pulses } from "./pulses.ts";
import { LAST, Ribbons } from "./ribbons.ts";
import { FAMILIES, type Scene } from "./scene.ts";
import { drawMembership } from "./membership.ts";
import { drawTiles } from "./tiles.ts";
import { barScale, makeView, type ClusterInput, type HoverInfo } from "./view.ts";

export interface ClusterOptions {
  reducedMotion: boolean;
  theme: Theme;
  /** Gets the reading of the node that is under the pointer; null is none. */
  onHover(info: HoverInfo | null): void;
}

/** The size of the canvas in its own pixels, and how many of them a CSS pixel has. */
export interface Size {
  width: number;
  height: number;
  dpr: number;
}

/** How long figures stand still while playing, so that they can be read. */
const FIGURES_MS = 220;
/** While playing, cards change too little from frame to frame to be drawn in each, unless they take
 *  less than this part of the time: only what is on its way is. */
const GROUND_SHARE = 0.15;

export class ClusterCanvas {
  readonly #canvas: OffscreenCanvas;
  readonly #opts: ClusterOptions;
  readonly #ctx: Pen;
  /** What stands still under what moves: legend, links, cards. */
  readonly #ground: Pen;
  #theme: Theme;
  #dpr = 1;
  #input: ClusterInput | null = null;
  #scene: Scene | null = null;
  #paths: Path[] = [];
  #clock = new Clock();
  #traffic = new Traffic(0);
  #pulses = new Pulses();
  #fetches = new Fetches();
  #ribbons = new Ribbons();
  /** Per node, the histogram that its cells are on their way to. */
  #goals: Uint32Array[] = [];
  #focus = -1;
  #chosen = -1;
  #arranged: Arrangement | null = null;
  /** The height that the legend was given. */
  #top = 0;
  #figuresAt = -Infinity;
  #groundAt = -Infinity;
  /** What drawing the ground took the last time. */
  #groundMs = 0;
  /** The ground is not what it should be; `#stale` that it can not wait. */
  #dirty = true;
  #stale = true;
  /** What lies over the ground has changed although nothing moves. */
  #marked = false;
  /** Whether the frame shown came while paused: a single step. */
  #stepping = false;
  /** Whether something was on its way to its value in the last frame. */
  #moved = false;

  constructor(canvas: OffscreenCanvas, opts: ClusterOptions) {
    this.#canvas = canvas;
    this.#opts = opts;
    this.#ctx = penOf(canvas);
    this.#ground = penOf(new OffscreenCanvas(1, 1));
    this.#theme = opts.theme;
  }

  /** Takes in a frame; its requests set off as dots. The same frame again changes the rest. */
  update(input: ClusterInput): void {
    const before = this.#input;
    const fresh = input.frame !== before?.frame;
    const back = before !== null && input.frame.requests < before.frame.requests;
    if (back) this.#forget(input.config.nodes);
    this.#input = input;
    this.#dirty = true;
    if (input.playing) this.#stepping = false;
    else if (fresh) this.#stepping = true;
    const scene = this.#scene;
    const changed = !scene || !before || scene.buckets !== FAMILIES * input.frame.nodes.heat_bands
      || before.config.nodes !== input.config.nodes
      || before.config.capacity_blocks !== input.config.capacity_blocks;
    if (changed) this.#rebuild(input);
    else if (scene) {
      scene.view = makeView(input);
      const arranged = arrange(scene.view, this.#arranged);
      if (arranged !== this.#arranged) {
        this.#arranged = arranged;
        if (isOther(arranged, scene.layout)) this.#rebuild(input, true);
      }
      scene.blocksPerCell = this.#perCell(scene);
    }
    if (!this.#scene) return;
    this.#scene.stride = this.#opts.reducedMotion ? 1 : dotStride(input.speed);
    // Another speed is another word in the legend, and what happens for the first time a new one.
    if (legend(this.#scene, false) > this.#top) this.#rebuild(input, true);
    const born = this.#clock.time - (back ? LAST : 0);
    if (fresh) this.#ribbons.add(input.frame.migrations, born);
    if (fresh && !this.#opts.reducedMotion) {
      this.#traffic.emit(input.frame, input.speed, this.#clock.time);
    }
    const waits = this.#scene.stride === 1;
    for (let i = 0; i < input.config.nodes; i++) {
      if (!waits || this.#traffic.pending[i] === 0) this.#aim(i, input.frame.nodes.heat);
    }
    if (this.#focus >= 0) this.#tell();
  }

  /** Draws what has changed; true if another frame is wanted for motion's sake. Without its `turn`
   *  the ground waits: of several canvases one at a time draws it. */
  render(now: number, turn = true): boolean {
    const scene = this.#scene;
    const input = this.#input;
    if (!scene || !input) return false;
    const inFlight = this.#traffic.dots.length > 0;
    // A single step while paused, and the end of the run, let what is on its way arrive.
    const arriving = (input.frame.done || this.#stepping) && (inFlight || this.#pulses.active);
    const running = input.playing || arriving;
    const passed = this.#clock.advance(now, running);
    const time = this.#clock.time;
    for (const dot of this.#traffic.arrivals(time)) {
      this.#pulses.land(dot, time);
      this.#fetches.land(dot, time);
      const latest = this.#traffic.pending[dot.node] === 0 ? input.frame.nodes.heat : dot.heat;
      if (latest) this.#aim(dot.node, latest);
    }
    const share = passed > 0 ? 1 - Math.exp(-passed / 90) : 0.2;
    const moving = this.#settle(scene, this.#opts.reducedMotion ? 1 : share);
    if (now - this.#figuresAt > FIGURES_MS || !input.playing) {
      if (scene.figures !== scene.view) this.#dirty = true;
      scene.figures = scene.view;
      this.#figuresAt = now;
    }
    const alive = !this.#opts.reducedMotion
      && (inFlight || this.#pulses.active || this.#fetches.active || this.#ribbons.active(time));
    const ticking = running || !this.#clock.resting;
    // The last step as well.
    this.#dirty ||= moving || this.#moved;
    this.#moved = moving;
    const rested = this.#groundMs <= GROUND_SHARE * (now - this.#groundAt);
    const ground = this.#dirty && (this.#stale || !input.playing || (turn && rested));
    const begun = performance.now();
    if (ground) this.#drawGround({ ...scene, ctx: this.#ground });
    if (ground || this.#marked || (alive && ticking)) this.#draw(scene, time);
    if (ground) {
      this.#dirty = this.#stale = false;
      this.#groundAt = now;
      this.#groundMs = performance.now() - begun;
    }
    this.#marked = false;
    return moving || this.#dirty || (alive && ticking) || scene.figures !== scene.view;
  }

  /** Since when the ground waits to be drawn, by the clock of `render`; Infinity if it does not. */
  get waitsSince(): number {
    return this.#dirty ? this.#groundAt : Infinity;
  }

  resize({ width, height, dpr }: Size): void {
    this.#dpr = dpr;
    for (const canvas of [this.#canvas, this.#ground.canvas]) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
    if (this.#input) this.#rebuild(this.#input, true);
    this.#dirty = this.#stale = true;
  }

  /** Takes other colours. */
  recolour(theme: Theme): void {
    this.#theme = theme;
    const scene = this.#scene;
    if (scene) Object.assign(scene, { theme, ramp: cellRamp(FAMILIES, scene.bands, theme) });
    this.#dirty = this.#stale = true;
  }

  /** The pointer is there, in CSS pixels from the canvas's corner; null: it is on no node. */
  point(at: { x: number; y: number } | null): void {
    this.#read(this.#scene && at ? nodeAt(this.#scene.layout, at.x, at.y) : -1);
  }

  /** Moves the reading to another node, for arrow keys. */
  step(delta: number): void {
    const nodes = this.#input?.config.nodes ?? 0;
    if (nodes === 0) return;
    const from = this.#focus < 0 ? (delta > 0 ? -1 : nodes) : this.#focus;
    this.#read((from + delta + nodes) % nodes);
  }

  /** The node that is read; -1 is none. */
  get focus(): number {
    return this.#focus;
  }

  /** Marks a node that was chosen; -1 is none. */
  choose(node: number): void {
    if (node === this.#chosen) return;
    this.#chosen = node;
    this.#marked = true;
  }

  /** Forgets the run. */
  reset(): void {
    this.#input = null;
    this.#scene = null;
    this.#arranged = null;
    this.#forget(0);
    this.#read(-1);
    this.#ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.#ctx.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** Of another moment, what was on its way then and what had moved. */
  #forget(nodes: number): void {
    this.#ribbons = new Ribbons();
    this.#pulses = new Pulses();
    this.#fetches = new Fetches();
    this.#traffic = new Traffic(nodes);
  }

  label(): string {
    return summary(this.#scene?.view ?? null, this.#ribbons.list);
  }

  /** How many nodes have a place of their own; 0 before the first frame. */
  get shown(): number {
    return this.#arranged?.shown.length ?? 0;
  }

  #read(node: number): void {
    if (node === this.#focus) return;
    this.#focus = node;
    this.#marked = true;
    this.#tell();
  }

  #tell(): void {
    const card = this.#scene?.layout.cards[this.#focus];
    if (!this.#scene || !card) return this.#opts.onHover(null);
    this.#opts.onHover({
      node: this.#focus, docked: this.#scene.view.nodes >= FOLDED_FROM,
      x: card.x + card.w / 2, y: card.y,
      lines: nodeLines(this.#scene.view, this.#focus, this.#ribbons.list),
    });
  }

  #aim(node: number, heat: Uint32Array): void {
    this.#goals[node] = heat;
  }

  #perCell(scene: Scene): number {
    return scene.view.capacity / (scene.grids[scene.layout.shown[0] ?? 0]?.cells ?? 1);
  }

  /** New geometry; unless `keep`, also new contents. */
  #rebuild(input: ClusterInput, keep = false): void {
    const nodes = input.config.nodes;
    const bands = input.frame.nodes.heat_bands;
    const buckets = FAMILIES * bands;
    this.#dirty = this.#stale = true;
    const view = keep && this.#scene ? this.#scene.view : makeView(input);
    const old = keep ? this.#scene : null;
    this.#arranged = arrange(view, keep ? this.#arranged : null);
    const scene: Scene = {
      ctx: this.#ctx, dpr: this.#dpr, theme: this.#theme, buckets, bands,
      ramp: cellRamp(FAMILIES, bands, this.#theme), view, figures: view, grids: [], counts: [],
      order: bucketOrder(buckets, bands),
      layout: this.#layoutFor(nodes, 32),
      work: old?.work ?? new Float64Array(nodes),
      workBeside: old?.workBeside ?? new Float64Array(nodes),
      requests: old?.requests ?? new Float64Array(nodes),
      heat: old?.heat ?? new Float64Array(nodes * buckets),
      scale: old?.scale ?? barScale(0, view.fair),
      blocksPerCell: old?.blocksPerCell ?? 1, stride: old?.stride ?? 1,
    };
    this.#place(scene, input);
    const stop = view.timed ? QUEUE_STOP : LINK_STOP;
    // Of nodes that are folded, the card is the same, and so is the way.
    const ways = new Map<Rect, Path>();
    this.#paths = scene.layout.cards.map((card, i) => {
      const way = ways.get(card) ?? linkPath(scene.layout, i, stop);
      ways.set(card, way);
      return way;
    });
    this.#scene = scene;
    if (!keep) {
      this.#traffic = new Traffic(nodes);
      this.#pulses = new Pulses();
      this.#ribbons = new Ribbons();
      this.#goals = [];
    }
  }

  /** Twice at most: what a cell stands for follows from the layout, and stands in the legend. */
  #place(scene: Scene, { config }: ClusterInput): void {
    this.#top = legend(scene, false);
    for (let pass = 0; pass < 2; pass++) {
      scene.layout = this.#layoutFor(config.nodes, this.#top);
      const { mode, cards, shown } = scene.layout;
      const grid = mode === "cards" ? cardGrid : columnGrid;
      const make = (card: Rect) => grid(card, config.capacity_blocks, this.#dpr);
      scene.grids = [];
      if (mode !== "tiles") for (const node of shown) scene.grids[node] = make(cards[node]!);
      scene.blocksPerCell = this.#perCell(scene);
      const needed = legend(scene, false);
      if (needed <= this.#top) return;
      this.#top = needed;
    }
  }

  #layoutFor(nodes: number, top: number): Layout {
    const { width, height } = this.#canvas;
    return layoutCluster(width / this.#dpr, height / this.#dpr, nodes, top, this.#arranged?.shown);
  }

  /** Eases everything that is shown toward what is; true while something is on its way. */
  #settle(scene: Scene, part: number): boolean {
    const { view, buckets } = scene;
    const n = view.nodes;
    const scale = barScale(Math.max(...[...view.work].filter((share) => share >= 0), 0), view.fair);
    let moving = Math.abs(scale - scene.scale) > scale / 500;
    scene.scale = moving ? scene.scale + (scale - scene.scale) * part : scale;
    moving = approach(scene.work, view.work, 0, n, part, 0.0005) || moving;
    moving = approach(scene.workBeside, view.workBeside, 0, n, part, 0.0005) || moving;
    moving = approach(scene.requests, view.requests, 0, n, part, 0.0005) || moving;
    const close = Math.max(0.5, scene.blocksPerCell / 4);
    for (let i = 0; i < n; i++) {
      const goal = this.#goals[i];
      if (!goal) continue;
      const [from, to] = [i * buckets, (i + 1) * buckets];
      moving = approach(scene.heat, goal, from, to, part, close) || moving;
    }
    return moving;
  }

  #drawGround(scene: Scene): void {
    const { ctx, layout } = scene;
    scene.counts.length = 0;
    ctx.setTransform(this.#dpr, 0, 0, this.#dpr, 0, 0);
    ctx.clearRect(0, 0, layout.width, layout.height);
    legend(scene, true);
    drawLinks(scene, this.#paths);
    if (layout.mode === "cards") drawCards(scene);
    else if (layout.mode === "columns") drawColumns(scene);
    else drawTiles(scene);
    drawMembership(scene);
    drawFold(scene);
    drawQueues(scene);
  }

  /** The ground, and over it what moves. */
  #draw(scene: Scene, time: number): void {
    const { ctx, layout, theme } = scene;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    // In the place of all that was there: copied, which is cheaper than laid over what is cleared.
    ctx.globalCompositeOperation = "copy";
    ctx.drawImage(this.#ground.canvas, 0, 0);
    ctx.globalCompositeOperation = "source-over";
    ctx.setTransform(this.#dpr, 0, 0, this.#dpr, 0, 0);
    this.#pulses.draw(scene, time);
    drawDots(scene, this.#traffic.dots, this.#paths, time);
    drawRouter(scene);
    this.#fetches.draw(scene, time);
    this.#ribbons.draw(scene, time, this.#opts.reducedMotion);
    const chosen = layout.cards[this.#chosen];
    if (chosen) outline(ctx, chosen, theme.ink, 2.5, 4);
    const card = layout.cards[this.#focus];
    if (card) outline(ctx, card, theme.accent, 2, 3);
  }
}

function penOf(canvas: OffscreenCanvas): Pen {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("This browser gives no 2D canvas to draw on.");
  return pen;
}

/** Whether the nodes have other places than the layout gives them. */
function isOther({ shown }: Arrangement, layout: Layout): boolean {
  return shown.length !== layout.shown.length || shown.some((node, i) => node !== layout.shown[i]);
}
