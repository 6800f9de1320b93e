/** Axes: from values to places on the picture, and the ticks that a person reads. Pure. */

export interface Axis {
  log: boolean;
  min: number;
  max: number;
  /** What stands beside it. */
  label: string;
  format(value: number): string;
}

/** Where a value stands in [0, 1]; what lies outside is brought to the nearer end. */
export function at(axis: Axis, value: number): number {
  const { log, min, max } = axis;
  if (max <= min) return 0;
  const share = log ? Math.log(Math.max(value, min) / min) / Math.log(max / min)
    : (value - min) / (max - min);
  return Math.min(1, Math.max(0, share));
}

/** Round values on the axis, about so many of them. */
export function ticks({ log, min, max }: Axis, wanted: number): number[] {
  if (max <= min) return [min];
  return log ? logTicks(min, max, wanted) : linearTicks(min, max, wanted);
}

function linearTicks(min: number, max: number, wanted: number): number[] {
  const rough = (max - min) / Math.max(wanted, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10);
  const out: number[] = [];
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max * (1 + 1e-9); k += 1) {
    out.push(Number((k * step).toFixed(digits)));
  }
  return out;
}

/** Powers of ten, with 2 and 5 between them where there is room, or every so many of them. */
function logTicks(min: number, max: number, wanted: number): number[] {
  const decades = Math.log10(max / min);
  const steps = decades * 3 <= wanted ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / wanted));
  const out: number[] = [];
  for (let e = Math.floor(Math.log10(min)); e <= Math.ceil(Math.log10(max)); e += 1) {
    if (e % every !== 0) continue;
    out.push(...steps.map((one) => one * 10 ** e));
  }
  return out.filter((one) => one >= min * (1 - 1e-9) && one <= max * (1 + 1e-9));
}

/** The least of 1, 2, 5, 10, … that is not below a value: where an axis may end. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10);
}
