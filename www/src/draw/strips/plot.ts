/** A plot of a strip: lines over one axis on a canvas of its own, and what is drawn over them. */
import type { Theme } from "../palette.ts";
import { ThinLine } from "./thin.ts";

export interface Line {
  stroke(): string;
  /** In CSS pixels; dashes in those of the canvas. */
  width: number;
  dash: readonly number[];
  alpha: number;
}

/** Values of a line, an x each; where one is missing the line goes straight on. */
export type Column = readonly (number | null)[];

type Span = readonly [from: number, to: number];

export interface Axis {
  /** Where it starts and ends. */
  span(): Span;
  splits(plot: Plot): readonly number[];
  label(value: number): string;
}

export interface PlotOptions {
  theme(): Theme;
  height: number;
  x: Axis;
  y: Axis;
  /** Whether x has its labels below. */
  bottom: boolean;
  /** Whether y grows downwards; such a plot has no grid. */
  inverted: boolean;
  lines: readonly Line[];
  over(plot: Plot): void;
}

interface Box { left: number; top: number; width: number; height: number }

/** Room for the labels of y, for those of x, and beside the plot. */
export const AXIS = 62;
const BOTTOM = 27;
export const RIGHT = 14;
const ABOVE = 7;
const BELOW = 5;
/** From the plot to its labels. */
const GAP_Y = 6;
const GAP_X = 8;

const LEAST_WIDTH = 80;

export class Plot {
  readonly #options: PlotOptions;
  readonly #canvas = document.createElement("canvas");
  readonly ctx = this.#canvas.getContext("2d")!;
  readonly #height: number;
  #x: readonly number[] = [];
  #columns: readonly Column[] = [];
  /** In CSS pixels. */
  width = 0;
  /** Pixels of the canvas a CSS pixel. */
  #ratio = 1;
  /** Where the lines are, in pixels of the canvas. */
  box: Box = { left: 0, top: 0, width: 0, height: 0 };
  /** What the axes span in the picture that is drawn: to ask looks at every value. */
  #xSpan: Span = [0, 1];
  #ySpan: Span = [0, 1];

  constructor(host: HTMLElement, options: PlotOptions) {
    this.#options = options;
    this.#height = options.height + (options.bottom ? BOTTOM : 0);
    host.append(this.#canvas);
    this.setWidth(host.clientWidth);
  }

  /** Lays the plot out for a width and draws it. */
  setWidth(width: number): void {
    this.width = Math.max(LEAST_WIDTH, width);
    this.#lay();
    this.draw();
  }

  setData(x: readonly number[], columns: readonly Column[]): void {
    this.#x = x;
    this.#columns = columns;
    this.draw();
  }

  /** Its own place in the window: where the lines are. */
  area(): { top: number; bottom: number; height: number } {
    const top = this.#canvas.getBoundingClientRect().top + this.box.top / this.#ratio;
    const height = this.box.height / this.#ratio;
    return { top, bottom: top + height, height };
  }

  xAt(value: number): number {
    const [from, to] = this.#xSpan;
    return this.box.left + (this.box.width * (value - from)) / (to - from);
  }

  yAt(value: number): number {
    const [from, to] = this.#ySpan;
    const share = (value - from) / (to - from);
    return this.box.top + this.box.height * (this.#options.inverted ? share : 1 - share);
  }

  draw(): void {
    // The window may have gone to another screen.
    if (this.#ratio !== devicePixelRatio) this.#lay();
    this.#xSpan = this.#options.x.span();
    this.#ySpan = this.#options.y.span();
    const { ctx } = this;
    ctx.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#axes();
    for (const [i, line] of this.#options.lines.entries()) this.#line(line, this.#columns[i] ?? []);
    this.#options.over(this);
  }

  #lay(): void {
    const ratio = devicePixelRatio;
    this.#ratio = ratio;
    const below = this.#options.bottom ? BOTTOM : BELOW;
    this.#canvas.width = Math.round(this.width * ratio);
    this.#canvas.height = Math.round(this.#height * ratio);
    this.#canvas.style.width = `${this.width}px`;
    this.#canvas.style.height = `${this.#height}px`;
    const half = (size: number): number => Math.round(2 * size * ratio) / 2;
    this.box = { left: half(AXIS), top: half(ABOVE), width: half(this.width - AXIS - RIGHT),
      height: half(this.#height - ABOVE - below) };
  }

  #axes(): void {
    const { ctx, box } = this;
    const { x, y, bottom, inverted, theme } = this.#options;
    const ratio = this.#ratio;
    const { muted, line, font } = theme();
    const at = y.splits(this).map((value): [number, string] =>
      [Math.round(this.yAt(value)), y.label(value)]);
    if (!inverted) {
      this.#stroke(line, ratio, () => {
        for (const [height] of at) {
          ctx.moveTo(box.left, height);
          ctx.lineTo(box.left + box.width, height);
        }
      });
    }
    ctx.font = `${Math.round(12 * ratio)}px ${font}`;
    ctx.fillStyle = muted;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    const room = box.left - GAP_Y * ratio;
    // Longer labels are set closer rather than cut off.
    for (const [height, text] of at) ctx.fillText(text, room, height, room);
    if (!bottom) return;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    const top = box.top + box.height + GAP_X * ratio;
    for (const value of x.splits(this)) {
      ctx.fillText(x.label(value), Math.round(this.xAt(value)), top);
    }
  }

  #line({ stroke, width, dash, alpha }: Line, values: Column): void {
    const { ctx, box } = this;
    const wide = width * this.#ratio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.left - wide / 2, box.top - wide / 2, box.width + wide, box.height + wide);
    ctx.clip();
    ctx.globalAlpha = alpha;
    ctx.lineJoin = "round";
    ctx.setLineDash([...dash]);
    this.#stroke(stroke(), wide, () => {
      const thin = new ThinLine((x, y) => ctx.lineTo(x, y));
      for (const [i, value] of values.entries()) {
        if (value !== null) {
          thin.add(Math.round(this.xAt(this.#x[i] ?? 0)), Math.round(this.yAt(value)));
        }
      }
      thin.end();
    });
    ctx.restore();
  }

  /** Lines on whole pixels are sharp where an odd width lies half a pixel beside them. */
  #stroke(colour: string, width: number, path: () => void): void {
    const { ctx } = this;
    const beside = (width % 2) / 2;
    ctx.save();
    ctx.translate(beside, beside);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    path();
    ctx.stroke();
    ctx.restore();
  }
}
