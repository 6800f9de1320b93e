/** Numbers as people read them. Narrow no-break spaces keep a figure and its unit together. */

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const SPACE = "\u202f";

export function whole(value: number): string {
  return WHOLE.format(value);
}

/** A share as a percentage; an en dash where there is nothing to divide. */
export function percent(share: number | null, digits = 1): string {
  if (share === null || !Number.isFinite(share)) return "–";
  return `${(share * 100).toFixed(digits)}${SPACE}%`;
}

/** 999, 12.3 k, 4.5 M: for places where a full figure does not fit. */
export function short(value: number): string {
  if (value < 1000) return String(Math.round(value));
  for (const [unit, size] of [["k", 1e3], ["M", 1e6], ["G", 1e9]] as const) {
    const scaled = value / size;
    if (scaled < 9.95) return `${scaled.toFixed(1)}${SPACE}${unit}`;
    if (scaled < 999.5) return `${Math.round(scaled)}${SPACE}${unit}`;
  }
  return value.toExponential(1);
}

/** Seconds since the trace began, as 4:05 or 1:02:09. */
export function clock(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A duration of a few seconds. */
export function seconds(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value > 0 && value < 0.995) return `${Math.round(value * 1000)}${SPACE}ms`;
  return `${value.toFixed(value < 9.95 ? 2 : value < 99.5 ? 1 : 0)}${SPACE}s`;
}

/** The same beside an axis: without zeros that say nothing. */
export function axisSeconds(value: number): string {
  return value === 0 ? "0" : seconds(value).replace(/\.0+(?=\D)|(\.\d*?[1-9])0+(?=\D)/, "$1");
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}
