/** Sliders run over 0 to 1; these turn a position into a value and back. Pure. */

import type { ParamSpec } from "../../engine/protocol.ts";

/** Past the end of the speed slider there is no limit. */
export const FASTEST = Number.POSITIVE_INFINITY;
const SLOWEST_PER_S = 1;
const FAST_PER_S = 100_000;
/** Share of the slider for the log scale; the rest is "as fast as possible". */
const SPEED_END = 0.97;

export function speedAt(position: number): number {
  if (position > (1 + SPEED_END) / 2) return FASTEST;
  const t = Math.min(position / SPEED_END, 1);
  return roundTo2(SLOWEST_PER_S * (FAST_PER_S / SLOWEST_PER_S) ** t);
}

export function positionOfSpeed(perSecond: number): number {
  if (perSecond > FAST_PER_S) return 1;
  const t = Math.log(perSecond / SLOWEST_PER_S) / Math.log(FAST_PER_S / SLOWEST_PER_S);
  return SPEED_END * Math.min(Math.max(t, 0), 1);
}

export interface Range {
  min: number;
  max: number;
  log: boolean;
  whole: boolean;
}

/** Where most of a range lies far from the default, a straight slider could not reach it. */
const FAR = 50;

/** The range of a parameter's slider, or null where it has none. */
export function rangeOf(spec: ParamSpec): Range | null {
  const { min, max, kind } = spec;
  if (min === undefined || max === undefined) return null;
  const usual = Math.abs(Number(spec.default));
  const far = max - min > FAR * (usual > 0 ? usual : 2);
  return { min, max, log: spec.log === true || far, whole: kind === "integer" };
}

export function valueAt(range: Range, position: number): number {
  const { min, max } = range;
  if (position <= 0) return min;
  if (position >= 1) return max;
  if (!range.log) return tidy(min + position * (max - min), max - min, range.whole);
  const shift = logShift(range);
  const v = (min + shift) * ((max + shift) / (min + shift)) ** position - shift;
  return range.whole ? Math.round(roundTo2(v)) : Number(v.toPrecision(2));
}

export function positionOf(range: Range, value: number): number {
  const { min, max } = range;
  if (max <= min) return 0;
  const v = Math.min(Math.max(value, min), max);
  if (!range.log) return (v - min) / (max - min);
  const shift = logShift(range);
  return Math.log((v + shift) / (min + shift)) / Math.log((max + shift) / (min + shift));
}

/** Lets a logarithmic slider start at zero. */
export function logShift({ min, max }: Range): number {
  return min > 0 ? 0 : max / 1000;
}

/** Rounds a linear slider to about a hundredth of its range. */
function tidy(v: number, span: number, whole: boolean): number {
  if (whole) return Math.round(v);
  const step = 10 ** Math.floor(Math.log10(span / 100));
  return Number((Math.round(v / step) * step).toPrecision(12));
}

/** Two significant digits, and small numbers as they are: 1, 2, … 99, 120, 1,300. */
function roundTo2(v: number): number {
  return v < 100 ? Math.round(v) : Number(v.toPrecision(2));
}
