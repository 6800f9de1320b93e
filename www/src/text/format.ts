/** Numbers as people read them. Pure; exact values go into `title` and `data-value` instead. */

const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function integer(n: number): string {
  return GROUPED.format(n);
}

/** Three to four digits: 950, 1,240, 18.3 k, 4.21 M. */
export function compact(n: number): string {
  const size = Math.abs(n);
  if (size < 10_000) return integer(n);
  if (size < 1e6) return `${digits(n / 1e3)} k`;
  if (size < 1e9) return `${digits(n / 1e6)} M`;
  return `${digits(n / 1e9)} G`;
}

function digits(n: number): string {
  const size = Math.abs(n);
  return n.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

/** A ratio of two sums in per cent, or a dash where there is nothing to divide by. */
export function percent(part: number, whole: number, decimals = 1): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(decimals)} %` : "–";
}

export function bytes(n: number): string {
  let unit = 0;
  while (n >= 1024 && unit < UNITS.length - 1) {
    n /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? n : digits(n)} ${UNITS[unit]}`;
}

/** 0:07, 31:42, 2:05:09. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0
    ? `${hours}:${pad(minutes)}:${pad(whole % 60)}`
    : `${minutes}:${pad(whole % 60)}`;
}

/** How long something will take, rounded as an estimate deserves. */
export function duration(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export function seconds(s: number): string {
  if (s === 0) return "0 s";
  if (s < 0.001) return `${(s * 1e6).toFixed(0)} µs`;
  if (s < 1) return `${(s * 1e3).toFixed(s < 0.01 ? 1 : 0)} ms`;
  return `${s.toFixed(s < 10 ? 2 : 1)} s`;
}

/** A parameter's value: as many decimals as it needs, at most four; 1e11 for the very large. */
export function value(n: number): string {
  if (Math.abs(n) >= 1e10) return n.toExponential().replace("+", "");
  return Number.isInteger(n) ? integer(n) : String(Number(n.toFixed(4)));
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${integer(n)} ${n === 1 ? one : many}`;
}
