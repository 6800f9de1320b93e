/**
 * Small charts for what uPlot does not draw (two logarithmic axes, uneven bars, points to choose):
 * SVG, so that the style sheet colours it and a theme needs no redraw. A picture stands beside a
 * table of the same numbers, which is what a reader without eyes for it has.
 */
import "../../style/charts.css";
import { at, ticks, type Axis } from "./scale.ts";

export type Layer =
  /** `colour` is a place in the palette of charts.css, or "muted". */
  | { kind: "line"; x: ArrayLike<number>; y: ArrayLike<number>; colour: number | "muted";
    dash?: boolean; dots?: boolean }
  | { kind: "bars"; from: number[]; to: number[]; y: number[]; say: string[];
    /** Bars that stand apart from the others. */
    marked?: boolean[] }
  /** A level, a place or both, with words beside it. */
  | { kind: "mark"; x?: number; y?: number; text: string; strong?: boolean;
    /** Words at the foot of a place, below those of other places. */
    low?: boolean }
  | { kind: "points"; x: number[]; y: number[]; say: string[]; faint: boolean[];
    /** Half the width of the interval of each, along y. */
    spread?: (number | null)[]; pick?(index: number): void };

export interface ChartSpec {
  /** What the picture shows, in a sentence. */
  label: string;
  height: number;
  x: Axis;
  y: Axis;
  layers: Layer[];
}

const LEFT = 52;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 36;
/** About the width of a letter of a label. */
const LETTER = 7.4;
const SVG = "http://www.w3.org/2000/svg";

/** A picture in a box, drawn anew when its width changes. */
export class Chart {
  readonly element = document.createElement("div");
  #spec: ChartSpec | null = null;
  #width = 0;

  constructor() {
    this.element.className = "chart";
    new ResizeObserver(([entry]) => {
      const width = Math.round(entry?.contentRect.width ?? 0);
      if (width === this.#width) return;
      this.#width = width;
      this.#redraw();
    }).observe(this.element);
  }

  draw(spec: ChartSpec): void {
    this.#spec = spec;
    this.#redraw();
  }

  #redraw(): void {
    if (this.#spec === null || this.#width < 80) return;
    // A point that has the keyboard keeps it.
    const focused = this.element.querySelector<SVGElement>("[data-pick]:focus")?.dataset["pick"];
    const svg = svgOf(this.#spec, this.#width);
    this.element.replaceChildren(svg);
    if (isChoosable(this.#spec)) this.element.append(wordsOf(svg));
    if (focused !== undefined) {
      svg.querySelector<SVGElement>(`[data-pick="${focused}"]`)?.focus();
    }
  }
}

interface Frame {
  x(value: number): number;
  y(value: number): number;
  width: number;
  bottom: number;
}

function svgOf(spec: ChartSpec, width: number): SVGSVGElement {
  // What has buttons in it is no single image.
  const svg = node("svg", { class: "chart-picture", width, height: spec.height,
    role: isChoosable(spec) ? "group" : "img",
    viewBox: `0 0 ${width} ${spec.height}`, "aria-label": spec.label });
  const [inner, bottom] = [width - LEFT - RIGHT, spec.height - BOTTOM];
  const frame: Frame = {
    x: (value) => LEFT + inner * at(spec.x, value),
    y: (value) => bottom - (bottom - TOP) * at(spec.y, value),
    width, bottom,
  };
  svg.append(...axes(spec, frame, inner));
  for (const layer of spec.layers) svg.append(...drawn(layer, frame));
  return svg;
}

function axes({ x, y, height }: ChartSpec, frame: Frame, inner: number): SVGElement[] {
  const out: SVGElement[] = [];
  for (const value of ticks(y, Math.max(2, Math.floor(height / 46)))) {
    const top = frame.y(value);
    out.push(node("path", { class: "grid", d: `M${LEFT} ${top}H${LEFT + inner}` }),
      text(y.format(value), LEFT - 6, top + 3.5, "end"));
  }
  let free = Number.NEGATIVE_INFINITY;
  for (const value of ticks(x, Math.max(2, Math.floor(inner / 74)))) {
    const left = frame.x(value);
    out.push(node("path", { class: "grid", d: `M${left} ${TOP}V${frame.bottom}` }));
    const words = x.format(value);
    const half = (words.length * LETTER) / 2;
    // The last is drawn in whole; a label that would touch the one before is left out.
    const middle = Math.min(left, frame.width - half);
    if (middle - half < free) continue;
    free = middle + half + LETTER;
    out.push(text(words, middle, frame.bottom + 15, "middle"));
  }
  out.push(node("path", { class: "axis", d: `M${LEFT} ${frame.bottom}H${LEFT + inner}` }),
    text(x.label, LEFT + inner, frame.bottom + 30, "end", "axis-name"),
    text(y.label, LEFT + 4, TOP + 2, "start", "axis-name halo"));
  return out;
}

function drawn(layer: Layer, frame: Frame): SVGElement[] {
  switch (layer.kind) {
    case "line":
      return lineOf(layer, frame);
    case "bars":
      return layer.y.map((value, i) => {
        const [from, to] = [frame.x(layer.from[i] ?? 0), frame.x(layer.to[i] ?? 0)];
        const top = frame.y(value);
        const bar = node("rect", { class: layer.marked?.[i] ? "bar marked" : "bar", x: from + 0.5,
          y: top, width: Math.max(to - from - 1, 0.5), height: Math.max(frame.bottom - top, 0) });
        return titled(bar, layer.say[i] ?? "");
      });
    case "mark":
      return markOf(layer, frame);
    case "points":
      return pointsOf(layer, frame);
  }
}

function lineOf(layer: Layer & { kind: "line" }, frame: Frame): SVGElement[] {
  const colour = layer.colour === "muted" ? "muted" : `colour-${layer.colour % 8}`;
  const places = Array.from(layer.x, (x, i) =>
    `${frame.x(x).toFixed(1)} ${frame.y(layer.y[i] ?? 0).toFixed(1)}`);
  if (places.length === 0) return [];
  const path = node("path", { class: `line ${colour}${layer.dash === true ? " dash" : ""}`,
    d: `M${places.join("L")}` });
  const dots = layer.dots === true ? Array.from(layer.x, (x, i) =>
    node("circle", { class: `dot ${colour}`, r: 2.2, cx: frame.x(x),
      cy: frame.y(layer.y[i] ?? 0) })) : [];
  return [path, ...dots];
}

function markOf({ x, y, text: words, strong, low }: Layer & { kind: "mark" }, frame: Frame)
  : SVGElement[] {
  const name = strong === true ? "mark strong" : "mark";
  if (x !== undefined && y !== undefined) {
    const [left, top] = [frame.x(x), frame.y(y)];
    const end = left > frame.width * 0.6;
    return [node("circle", { class: name, r: 5, cx: left, cy: top }),
      text(words, left + (end ? -9 : 9), top - 7, end ? "end" : "start", `${name} halo`)];
  }
  if (x !== undefined) {
    const left = frame.x(x);
    const end = left > frame.width * 0.7;
    return [node("path", { class: name, d: `M${left} ${TOP}V${frame.bottom}` }),
      text(words, left + (end ? -5 : 5), low === true ? frame.bottom - 8 : TOP + 14,
        end ? "end" : "start", `${name} halo`)];
  }
  const top = frame.y(y ?? 0);
  return [node("path", { class: name, d: `M${LEFT} ${top}H${frame.width - RIGHT}` }),
    // At the left, where curves begin low: at the right marks of places stand.
    text(words, LEFT + 8, top - 5, "start", `${name} halo`)];
}

function pointsOf(layer: Layer & { kind: "points" }, frame: Frame): SVGElement[] {
  return layer.x.flatMap((x, i) => {
    const y = layer.y[i] ?? 0;
    const name = layer.faint[i] ? "point faint" : "point";
    const half = layer.spread?.[i] ?? 0;
    const bar = half === 0 ? [] : [node("path", { class: `${name} spread`,
      d: `M${frame.x(x)} ${frame.y(y - half)}V${frame.y(y + half)}` })];
    const point = node("circle", { class: name, r: layer.faint[i] ? 4 : 5.5, cx: frame.x(x),
      cy: frame.y(y) });
    const { pick } = layer;
    if (pick !== undefined) choosable(point, i, layer.say[i] ?? "", () => pick(i));
    return [...bar, titled(point, layer.say[i] ?? "")];
  });
}

function isChoosable({ layers }: ChartSpec): boolean {
  return layers.some((layer) => layer.kind === "points" && layer.pick !== undefined);
}

/** A point that is a button, with its words. */
function choosable(point: SVGElement, place: number, words: string, act: () => void): void {
  for (const [name, value] of Object.entries({ "data-pick": String(place), role: "button",
    tabindex: "-1", "aria-label": words })) point.setAttribute(name, value);
  point.addEventListener("click", act);
  point.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  });
}

/** The words of the point that is pointed at or has the keyboard, below the picture. All points
 *  together are one stop of the keyboard; arrows go from one to the next, from left to right. */
function wordsOf(svg: SVGSVGElement): HTMLElement {
  const say = document.createElement("p");
  say.className = "chart-say";
  say.setAttribute("aria-hidden", "true");
  const across = (point: SVGElement) => Number(point.getAttribute("cx"));
  const points = [...svg.querySelectorAll<SVGElement>("[data-pick]")].sort((a, b) =>
    across(a) - across(b));
  const shown = (point: SVGElement) => {
    say.textContent = point.getAttribute("aria-label");
    for (const other of points) other.setAttribute("tabindex", other === point ? "0" : "-1");
  };
  points[0]?.setAttribute("tabindex", "0");
  points.forEach((point, i) => {
    point.addEventListener("focus", () => shown(point));
    point.addEventListener("pointerenter", () => shown(point));
    point.addEventListener("keydown", ({ key }) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (by !== undefined) points[(i + by + points.length) % points.length]?.focus();
    });
  });
  return say;
}

function node(name: string, attributes: Record<string, string | number>): SVGSVGElement {
  const element = document.createElementNS(SVG, name) as SVGSVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function titled(element: SVGElement, words: string): SVGElement {
  const title = node("title", {});
  title.textContent = words;
  element.append(title);
  return element;
}

function text(words: string, x: number, y: number, anchor: string, name = ""): SVGElement {
  const element = node("text", { x, y, "text-anchor": anchor, class: name });
  element.textContent = words;
  return element;
}
