/** What each strip plots, and how. */
import { integer, share } from "../../text/format.ts";
import type { Theme } from "../palette.ts";
import { shareTicks, type Span, type StripData } from "./data.ts";
import type { HeatImage } from "./heat.ts";
import { Plot, RIGHT, type Line } from "./plot.ts";
import type { Words } from "./words.ts";

/** What every strip may look at while it draws. */
export interface StripState {
  theme: Theme;
  data: StripData;
  span: Span;
  nodes: number;
  threshold: number;
  /** Placements of requests that arrived again: columns count them, too. */
  again: number;
  /** Positions of migrations on the x axis. */
  marks: number[];
  /** The lanes beside this one, on its x axis. */
  others: StripData[];
}

export interface PlotSpec {
  height: number;
  /** The top of the y axis. */
  max(): number;
  /** Its bottom, where that is not 0. */
  min?(): number;
  lines: Line[];
  ticks?(max: number): number[];
  format?(value: number): string;
  /** Drawn over the plot; marks come after. */
  over?(plot: Plot): void;
  inverted?: boolean;
  bottom: boolean;
}

/** What the load map needs from the one that holds the picture and the pointer. */
export interface LoadMap {
  paintLoad(plot: Plot): void;
  /** Whose share of the work, and how much, at a sample. */
  loadAt(sample: number): [name: string, share: string];
}

export type ReadingText = string | [name: string, value: string];

export interface Part {
  words: Words;
  spec: Omit<PlotSpec, "bottom">;
  /** What it is of, where that changes while it stands. */
  sub?(): string;
  /** Columns after x. */
  columns(data: StripData): (number | null)[][];
  /** Readings at a sample, in the order of the keys. */
  read(sample: number): ReadingText[];
}

/** What the strips of one lane are drawn with. */
export interface OneLane {
  stripsOf(timed: boolean): ((state: StripState, map: LoadMap) => Part)[];
  heat(): Pick<HeatImage, "paint">;
}

export function makePlot(host: HTMLElement, state: StripState, spec: PlotSpec): Plot {
  return new Plot(host, {
    theme: () => state.theme,
    height: spec.height,
    x: {
      span: () => [0, state.data.end],
      splits: (plot) => xTicks(state.data, plot.box.width / devicePixelRatio),
      label: (value) => xLabel(state.data, value),
    },
    y: {
      span: () => [spec.min?.() ?? 0, spec.max()],
      splits: () => (spec.ticks ?? shareTicks)(spec.max()),
      label: spec.format ?? ((value) => share(value, 0)),
    },
    bottom: spec.bottom,
    inverted: spec.inverted ?? false,
    lines: spec.lines,
    over: (plot) => {
      spec.over?.(plot);
      drawMarks(plot, state);
    },
  });
}

export function line(stroke: () => string, more: Partial<Line> = {}): Line {
  return { stroke, width: 1.25, dash: [], alpha: 1, ...more };
}

/** Migrations as upright lines; as ticks at the top where they would hide what they mark. */
function drawMarks(plot: Plot, state: StripState): void {
  const { ctx, box } = plot;
  if (state.marks.length === 0) return;
  const crowded = state.marks.length > box.width / devicePixelRatio / 14;
  ctx.save();
  ctx.fillStyle = state.theme.warn;
  ctx.globalAlpha = crowded ? 0.9 : 0.75;
  const width = Math.max(1, Math.round(1.25 * devicePixelRatio));
  const height = crowded ? 4 * devicePixelRatio : box.height;
  let last = -Infinity;
  for (const at of state.marks) {
    const x = Math.round(plot.xAt(at));
    if (x - last < width + 1) continue;
    ctx.fillRect(x, box.top, width, height);
    last = x;
  }
  ctx.restore();
}

/** A dashed level across the plot. */
export function drawLevel(plot: Plot, value: number, colour: string, dash: number[]): void {
  const { ctx, box } = plot;
  const y = Math.round(plot.yAt(value)) + 0.5;
  if (y < box.top - 1) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.25 * devicePixelRatio;
  ctx.setLineDash(dash.map((d) => d * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(box.left, y);
  ctx.lineTo(box.left + box.width, y);
  ctx.stroke();
  ctx.restore();
}

/** A dashed level that steps up and down, by samples. */
export function drawSteps(
  plot: Plot, x: readonly number[], values: readonly (number | null)[], colour: string,
  dash: number[],
): void {
  const { ctx, box } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.25 * devicePixelRatio;
  ctx.setLineDash(dash.map((d) => d * devicePixelRatio));
  ctx.beginPath();
  let from = box.left;
  for (const [i, value] of values.entries()) {
    // As far as it stays the same it is one line, and the last one goes on to the end.
    if (value === values[i + 1]) continue;
    const to = i + 1 < values.length ? plot.xAt(x[i] ?? 0) : box.left + box.width;
    if (value !== null) {
      const y = Math.round(plot.yAt(value)) + 0.5;
      ctx.moveTo(from, y);
      ctx.lineTo(to, y);
    }
    from = to;
  }
  ctx.stroke();
  ctx.restore();
}

/** Ticks at round times or request numbers, as many as there is room for. */
export function xTicks(data: StripData, width: number): number[] {
  const room = Math.max(2, Math.floor(width / 84));
  const raw = data.end / room;
  let step: number;
  if (data.onTime) {
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600,
      43200, 86400];
    step = steps.find((s) => s >= raw) ?? Math.ceil(raw / 86400) * 86400;
  } else {
    const unit = 10 ** Math.floor(Math.log10(Math.max(1, raw)));
    step = [1, 2, 5, 10].map((s) => s * unit).find((s) => s >= raw) ?? 10 * unit;
  }
  const out: number[] = [];
  // A label is centred on its tick: the last one has to fit into the margin.
  const limit = data.end * (1 - Math.max(0, 26 - RIGHT) / Math.max(1, width));
  for (let k = 0; k * step <= limit; k++) out.push(k * step);
  return out;
}

export function xLabel(data: StripData, value: number): string {
  if (!data.onTime) return integer(value);
  const whole = Math.round(value);
  const two = (n: number): string => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return `${two(h)}:${two(m)}:${two(s)}`;
}

/** The largest value of some columns, or `least`. */
export function largest(least: number, ...columns: (number | null)[][]): number {
  let most = least;
  for (const column of columns) for (const v of column) if (v !== null && v > most) most = v;
  return most;
}

/** Round ticks for seconds and counts, three of them. */
export function plainTicks(max: number): number[] {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1e-6, max)));
  const step = [0.5, 1, 2, 5].map((s) => s * unit).find((s) => max / s <= 2.6) ?? max;
  return [0, step, 2 * step].filter((v) => v <= max);
}
