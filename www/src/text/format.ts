/**
 * Numbers as people read them. Pure; exact values go into `title` and `data-value` instead. A
 * narrow no-break space keeps a figure and its unit together.
 */

const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SPACE = "\u202f";
/** What stands where there is no figure. */
export const NOTHING = "–";
const SIZES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function integer(n: number): string {
  return GROUPED.format(n);
}

/** So many of these; what is no whole number is told as it is. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n % 1 === 0 ? integer(n) : n} ${n === 1 ? one : many}`;
}

/** Three to four digits: 950, 1,240, 18.3 k, 4.21 M. */
export function compact(n: number): string {
  const size = Math.abs(n);
  if (size < 10_000) return integer(n);
  if (size < 1e6) return unit(digits(n / 1e3), "k");
  if (size < 1e9) return unit(digits(n / 1e6), "M");
  return unit(digits(n / 1e9), "G");
}

/** At most three digits, for places where a full figure does not fit: 999, 1.2 k, 4.5 M. */
export function short(n: number): string {
  if (n < 1000) return String(Math.round(n));
  for (const [name, size] of [["k", 1e3], ["M", 1e6], ["G", 1e9]] as const) {
    const scaled = n / size;
    if (scaled < 9.95) return unit(scaled.toFixed(1), name);
    if (scaled < 999.5) return unit(String(Math.round(scaled)), name);
  }
  return n.toExponential(1);
}

/** A ratio of two sums in per cent, or a dash where there is nothing to divide by. */
export function percent(part: number, whole: number, decimals = 1): string {
  return share(whole > 0 ? part / whole : null, decimals);
}

/** The same of a share that has been formed already. */
export function share(part: number | null, decimals = 1): string {
  if (part === null || !Number.isFinite(part)) return NOTHING;
  return unit((100 * part).toFixed(decimals), "%");
}

/** How far a share is above or below another: +1.2 %, −0.4 %. */
export function difference(part: number): string {
  return `${part < 0 ? "−" : "+"}${share(Math.abs(part))}`;
}

/** A difference of shares, in points. */
export function points(part: number, decimals = 1): string {
  return unit((100 * part).toFixed(decimals), "pt");
}

/** A figure with its sign, whatever way its size is written; none on what is written as zero. */
export function signed(n: number, size: (n: number) => string): string {
  const text = size(Math.abs(n));
  return `${text === size(0) ? "±" : n > 0 ? "+" : "−"}${text}`;
}

export function bytes(n: number): string {
  let size = 0;
  while (n >= 1024 && size < SIZES.length - 1) {
    n /= 1024;
    size += 1;
  }
  return unit(size === 0 ? String(n) : digits(n), SIZES[size]!);
}

/** A moment of the trace: 0:07, 31:42, 2:05:09. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How long something will take, rounded as an estimate deserves. */
export function duration(seconds: number): string {
  if (seconds < 1) return `under ${unit("1", "s")}`;
  if (seconds < 90) return unit(String(Math.round(seconds)), "s");
  if (seconds < 5400) return unit(String(Math.round(seconds / 60)), "min");
  return unit((seconds / 3600).toFixed(1), "h");
}

/** A time that was measured, in three digits. */
export function seconds(s: number): string {
  if (!Number.isFinite(s)) return NOTHING;
  if (s === 0) return unit("0", "s");
  if (s < 0.001) return unit((s * 1e6).toFixed(0), "µs");
  if (s < 0.995) return unit((s * 1e3).toFixed(s < 0.00995 ? 1 : 0), "ms");
  if (s >= 999.5) return unit(integer(Math.round(s)), "s");
  return unit(s.toFixed(s < 9.95 ? 2 : s < 99.5 ? 1 : 0), "s");
}

/** The same beside an axis: without zeros that say nothing. */
export function axisSeconds(s: number): string {
  return s === 0 ? "0" : seconds(s).replace(/\.0+(?=\D)|(\.\d*?[1-9])0+(?=\D)/, "$1");
}

/** A parameter's value: as many decimals as it needs, at most four; 1e11 for the very large. */
export function value(n: number): string {
  if (Math.abs(n) >= 1e10) return n.toExponential().replace("+", "");
  return Number.isInteger(n) ? integer(n) : String(Number(n.toFixed(4)));
}

/** So many a second, in four digits. */
export function rate(n: number): string {
  return `${value(Number(n.toPrecision(4)))}/s`;
}

function digits(n: number): string {
  const size = Math.abs(n);
  return n.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

function unit(figure: string, name: string): string {
  return `${figure}${SPACE}${name}`;
}
