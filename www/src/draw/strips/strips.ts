/** Strips over time, all under one cursor. */
import "../../style/strips.css";
import type { Migration, Series } from "../../engine/protocol.ts";
import { integer, plural, share } from "../../text/format.ts";
import { readTheme } from "../palette.ts";
import { nearest, placedAgain, stripData, type Extent, type Span } from "./data.ts";
import { beside, stripsOfLanes, type Beside } from "./lanes.ts";
import type { Membership } from "./members.ts";
import { AXIS, RIGHT, type Plot } from "./plot.ts";
import { makePlot, xLabel, type LoadMap, type OneLane, type Part, type StripState }
  from "./plots.ts";

export interface StripMeta {
  nodes: number;
  /** Requests of the sliding window. */
  window: number;
  /** What figures are of. */
  span: Span;
  threshold: number;
  migrations: readonly Migration[];
  timed: boolean;
  /** What the run will serve, as far as that is known. */
  whole: Extent | null;
  /** Who takes requests, and what has changed that. */
  membership: Membership;
  /** The lanes beside this one. */
  others: readonly Beside[];
  /** Placements of requests that arrived again. */
  again: number;
}

export interface StripOptions {
  /** The sample under the cursor, or null when it left. */
  onCursor(sample: number | null): void;
}

/** Where the map of loads stands among the strips of one lane. */
const LOAD = 1;

interface Strip extends Part {
  box: HTMLElement;
  plot: Plot;
}

export class Strips implements LoadMap {
  readonly #host: HTMLElement;
  readonly #opts: StripOptions;
  readonly #root = document.createElement("div");
  readonly #note = document.createElement("p");
  readonly #over = document.createElement("div");
  readonly #cursor = document.createElement("div");
  readonly #flag = document.createElement("div");
  /** What strips of one lane are drawn with, once that is there. */
  #alone: OneLane | null = null;
  #heat: ReturnType<OneLane["heat"]> | null = null;
  #heatCanvas: HTMLCanvasElement | null = null;
  #strips: Strip[] = [];
  #load: Plot | null = null;
  #state: StripState | null = null;
  #series: Series | null = null;
  #shape = "";
  /** The strip that is drawn next, and how many do not show the latest columns yet. */
  #next = 0;
  #left = 0;
  #sample: number | null = null;
  /** Node row under the pointer, in the load map. */
  #row: number | null = null;

  constructor(host: HTMLElement, opts: StripOptions) {
    this.#host = host;
    this.#opts = opts;
    this.#root.className = "kvs-strips";
    this.#over.className = "kvs-over";
    this.#over.tabIndex = 0;
    this.#over.setAttribute("role", "slider");
    this.#over.setAttribute("aria-label", "Time cursor of the strips");
    this.#cursor.className = "kvs-cursor";
    this.#flag.className = "kvs-flag";
    this.#over.append(this.#cursor, this.#flag);
    this.#over.addEventListener("pointermove", (e) => this.#point(e));
    this.#over.addEventListener("pointerdown", (e) => this.#point(e));
    this.#over.addEventListener("pointerleave", () => this.#leave());
    this.#over.addEventListener("keydown", (e) => this.#key(e));
    this.#over.addEventListener("blur", () => this.moveCursor(null));
    this.#note.className = "kvs-note";
    this.#host.append(this.#root, this.#note);
    this.#root.hidden = this.#note.hidden = true;
  }

  /** From now on there are strips of one lane, too. */
  takeAlone(alone: OneLane): void {
    this.#alone = alone;
    this.#heat = alone.heat();
  }

  update(series: Series, meta: StripMeta): void {
    if (meta.others.length === 0 && this.#alone === null) return;
    const { span } = meta;
    const data = stripData(series, meta.window, meta.whole, span, meta.membership);
    const marks = meta.migrations.map((m) => (data.onTime ? m.time_s : m.request));
    const others = meta.others.map((lane) => beside(lane, meta.window, data, span));
    const { nodes, threshold, again } = meta;
    const next = { data, span, marks, others, nodes, threshold, again };
    this.#series = series;
    if (this.#state) Object.assign(this.#state, next);
    else this.#state = { ...next, theme: readTheme(this.#host) };
    this.#root.hidden = false;
    // Side by side, nothing of the whole run is of a window.
    const sampled = span === "run" && others.length > 0 ? "" : data.sampled;
    const note = [sampled, placedAgain(meta.again)].filter((part) => part !== "").join(" ");
    // Without a word it keeps its line: what stands above would move with it.
    this.#note.hidden = false;
    if (this.#note.textContent !== note) this.#note.textContent = note;
    const timed = meta.timed && series.ttft_mean_s.length > 0;
    const shape = `${meta.nodes} ${timed} ${others.length} ${span}`;
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#build(this.#state, timed);
    }
    this.#left = this.#strips.length;
  }

  /** Draws the next of the strips that do not show the latest columns, one a frame, for all of them
   *  at once would be felt; true if there are more. */
  draw(): boolean {
    const [state, strip] = [this.#state, this.#strips[this.#next]];
    if (this.#left === 0 || !state || !strip) return false;
    this.#left -= 1;
    this.#refresh(state, strip);
    this.#next = (this.#next + 1) % this.#strips.length;
    if (this.#next === 0 || this.#left === 0) {
      this.#describe(state);
      this.#read();
    }
    return this.#left > 0;
  }

  resize(): void {
    for (const { plot, box } of this.#strips) {
      const width = box.clientWidth;
      if (width > 0 && width !== plot.width) plot.setWidth(width);
    }
    this.#lay();
    this.#left = this.#strips.length;
    while (this.draw());
  }

  /** Reads the colours again. */
  theme(): void {
    if (!this.#state) return;
    this.#state.theme = readTheme(this.#host);
    for (const { plot } of this.#strips) plot.draw();
  }

  reset(): void {
    this.#strips = [];
    this.#load = null;
    this.#shape = "";
    this.#state = null;
    this.#series = null;
    this.#left = 0;
    this.#root.replaceChildren();
    this.#root.hidden = this.#note.hidden = true;
    this.moveCursor(null);
  }

  /** Puts the cursor on a sample, or takes it away. */
  moveCursor(sample: number | null): void {
    const last = (this.#state?.data.x.length ?? 0) - 1;
    const to = sample === null || last < 0 ? null : Math.max(0, Math.min(last, sample));
    if (to === null) this.#row = null;
    const moved = to !== this.#sample;
    this.#sample = to;
    this.#read();
    if (moved) this.#opts.onCursor(to);
  }

  #build(state: StripState, timed: boolean): void {
    this.#root.replaceChildren();
    const mapped = state.others.length === 0;
    const makers: ((state: StripState, map: LoadMap) => Part)[] =
      mapped ? this.#alone?.stripsOf(timed) ?? [] : stripsOfLanes(timed);
    this.#load = null;
    this.#strips = makers.map((make, i) => {
      const part = make(state, this);
      const box = document.createElement("div");
      box.className = "kvs-plot";
      box.setAttribute("role", "img");
      this.#root.append(part.words.root, box);
      const plot = makePlot(box, state, { ...part.spec, bottom: i === makers.length - 1 });
      // The map of loads is of one lane.
      if (mapped && i === LOAD) this.#load = plot;
      return { ...part, box, plot };
    });
    this.#root.append(this.#over);
    this.#next = 0;
    this.#lay();
  }

  /** The cursor's place over the plots; to ask for it lays the page out. */
  #lay(): void {
    const [first] = this.#strips;
    if (first === undefined) return;
    this.#over.style.left = `${first.box.offsetLeft + AXIS}px`;
    this.#over.style.width = `${Math.max(1, first.plot.width - AXIS - RIGHT)}px`;
  }

  #refresh({ data, nodes }: StripState, { plot, columns, words, sub }: Strip): void {
    if (plot === this.#load) {
      const { work, workSum: sums, members } = data;
      this.#heatCanvas = this.#heat!.paint({ work, sums, nodes, members }, data.x, data.end,
        Math.round(plot.box.width), Math.round(plot.box.height));
    }
    if (sub !== undefined) words.sub.textContent = sub();
    plot.setData(data.x, columns(data));
  }

  paintLoad({ ctx, box: { left, top, width, height } }: Plot): void {
    if (!this.#heatCanvas) return;
    ctx.save();
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.#heatCanvas, left, top, width, height);
    ctx.restore();
  }

  /** The share of the window's work that the node under the pointer, or the busiest, carried. */
  loadAt(sample: number): [string, string] {
    const [state, series] = [this.#state, this.#series];
    if (!state || !series) return ["", ""];
    const node = this.#row ?? state.data.busiest[sample] ?? 0;
    const sum = state.data.workSum[sample] ?? 0;
    const mine = state.data.work[sample * series.nodes + node] ?? 0;
    const name = this.#row === null ? `most: node ${node}` : `node ${node}`;
    return [name, share(sum > 0 ? mine / sum : NaN)];
  }

  #point(e: PointerEvent): void {
    const state = this.#state;
    const box = this.#over.getBoundingClientRect();
    if (!state || box.width === 0) return;
    this.#row = this.#load && rowAt(this.#load, e.clientY, state.nodes);
    this.moveCursor(nearest(state.data.x, ((e.clientX - box.left) / box.width) * state.data.end));
  }

  #leave(): void {
    if (!this.#over.matches(":focus")) this.moveCursor(null);
    else this.#row = null;
  }

  #key(e: KeyboardEvent): void {
    const last = (this.#state?.data.x.length ?? 0) - 1;
    if (last < 0) return;
    const from = this.#sample ?? last;
    const page = Math.max(1, Math.round(last / 10));
    const steps: Record<string, number> = {
      ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1,
      PageDown: from - page, PageUp: from + page, Home: 0, End: last,
    };
    const to = steps[e.key];
    if (to === undefined && e.key !== "Escape") return;
    e.preventDefault();
    e.stopPropagation();
    this.moveCursor(to ?? null);
  }

  /** Shows the readings at the cursor, or those of the last sample. */
  #read(): void {
    const state = this.#state;
    const shown = this.#sample !== null;
    this.#cursor.hidden = this.#flag.hidden = !shown;
    const last = (state?.data.x.length ?? 0) - 1;
    if (!state || last < 0) return;
    const sample = Math.min(last, this.#sample ?? last);
    for (const strip of this.#strips) {
      for (const [i, reading] of strip.read(sample).entries()) {
        const line = strip.words.readings[i];
        if (!line) continue;
        if (typeof reading !== "string") line.name.textContent = reading[0];
        line.value.textContent = typeof reading === "string" ? reading : reading[1];
      }
    }
    const at = state.data.x[sample] ?? 0;
    const number = integer(state.data.request[sample] ?? 0);
    const request = `${state.again > 0 ? "placement" : "request"} ${number}`;
    const text = state.data.onTime ? `${xLabel(state.data, at)} · ${request}` : request;
    const left = (at / state.data.end) * 100;
    this.#cursor.style.left = `${left}%`;
    this.#flag.style.left = `${left}%`;
    this.#flag.style.transform = `translateX(-${left}%)`;
    this.#flag.textContent = text;
    this.#speak(sample, last, text);
  }

  #speak(sample: number, last: number, text: string): void {
    const hit = this.#state?.data.hit[sample] ?? null;
    const span = this.#state?.data.spanName ?? "";
    const most = this.#state?.data.largestWork[sample] ?? null;
    for (const [name, value] of [
      ["aria-valuemin", "0"], ["aria-valuemax", String(last)], ["aria-valuenow", String(sample)],
      ["aria-valuetext", `${text}, ${span}: hit rate ${share(hit)}, `
        + `largest share of work ${share(most)}`],
    ] as const) this.#over.setAttribute(name, value);
  }

  #describe(state: StripState): void {
    const last = state.data.x.length - 1;
    const labels = this.#strips.map(({ words, read }) => {
      const title = words.root.querySelector("b")?.textContent ?? "";
      if (last < 0) return `${title}: nothing yet.`;
      const values = read(last).map((r, i) => (typeof r === "string"
        ? `${words.readings[i]?.name.textContent ?? ""} ${r}` : r.join(" ")));
      return `${title} over the run; at its end ${values.join(", ")}.`;
    });
    for (const [i, { box }] of this.#strips.entries()) {
      const marks = i === 2 ? ` ${plural(state.marks.length, "migration")} marked.` : "";
      box.setAttribute("aria-label", `${labels[i] ?? ""}${marks}`);
    }
  }
}

/** The node whose row of the load map lies there, or null beside the map. */
function rowAt(map: Plot, y: number, nodes: number): number | null {
  const { top, bottom, height } = map.area();
  const row = Math.floor(((y - top) / height) * nodes);
  return y >= top && y < bottom ? Math.min(nodes - 1, row) : null;
}
