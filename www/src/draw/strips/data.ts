/** The series as the strips draw it: rates and shares by sample, on one x axis. Pure. */
import type { Series } from "../../engine/protocol.ts";
import { integer } from "../../text/format.ts";
import { membersOf, requestsOf, type Members, type Membership } from "./members.ts";

/** What the figures of the page are of, strips included: the last requests, or all so far. */
export type Span = "window" | "run";

/** How far a whole trace goes: in requests, and from its first arrival to its last, where that is
 *  known. */
export interface Extent {
  requests: number;
  seconds: number | null;
}

export interface StripData {
  /** Position of each sample's end: seconds of the trace, or request number. Never falls. */
  x: number[];
  /** Whether x is time. */
  onTime: boolean;
  /** Requests that windowed values look back on: whole samples, at least the window asked for. */
  window: number;
  /** The same as people say it. */
  windowName: string;
  /** Why that is not what the figures look back on, as a sentence; "" where it is. */
  sampled: string;
  /** What rates and shares are of at any place, in words. */
  spanName: string;
  /** Requests of a sample. */
  stride: number;
  /** Where the axis ends. */
  end: number;
  request: Float64Array;
  /** Requests of the trace until then: one that arrived again counts once. */
  reached: number[];
  /** Token hit rates: of the window, since the start, of what figures are of, and what infinite
   *  caches would hit of that. */
  hitWindow: (number | null)[];
  hitSoFar: (number | null)[];
  hit: (number | null)[];
  ceiling: (number | null)[];
  /** Row-major samples × nodes: work in what figures are of. */
  work: Float64Array;
  /** Which nodes take requests; sums and shares are over these. */
  members: Members;
  /** Its sum. */
  workSum: Float64Array;
  /** One over the nodes that take requests. */
  fair: (number | null)[];
  /** The largest node's share of it, and which node that is. */
  largestWork: (number | null)[];
  busiest: Uint16Array;
  resident: (number | null)[];
  ttftMean: (number | null)[];
  ttftP99: (number | null)[];
  queue: (number | null)[];
}

export function stripData(
  series: Series, window: number, extent: Extent | null, span: Span,
  membership: Membership = { first: series.nodes, changes: [] },
): StripData {
  const n = series.samples;
  // A few requests a node at least, or the map would show nothing but chance.
  const wanted = Math.max(window, 4 * series.nodes);
  const back = Math.max(1, Math.round(wanted / Math.max(1, series.stride)));
  const whole = span === "run";
  const work = rolling(series.node_work_tokens, series.nodes, n, whole ? n : back);
  const hits = rolling(series.hit_tokens, 1, n, back);
  // Where no request names a block nothing can be hit, and no rate is told.
  const rated = Array.from(series.blocks).some((blocks) => blocks > 0) ? series.input_tokens : [];
  const inputs = rolling(rated, 1, n, back);
  const ceiling = whole ? series.ceiling_tokens : rolling(series.ceiling_tokens, 1, n, back);
  const [hitWindow, hitSoFar] = [ratios(hits, inputs, n, false),
    ratios(series.hit_tokens, rated, n, true)];
  const name = integer(back * series.stride);
  const onTime = n > 0 && (series.time_s[n - 1] ?? 0) > 0;
  const x: number[] = [];
  for (let i = 0; i < n; i++) {
    const at = (onTime ? series.time_s[i] : series.request[i]) ?? 0;
    x.push(Math.max(at, x[i - 1] ?? 0));
  }
  const reached = requestsOf(series.request, membership.changes);
  const members = membersOf(membership, series.nodes, reached);
  const { share, node, sums } = largestShares(work, members.alive, series.nodes, n);
  const column = (values: ArrayLike<number>): (number | null)[] =>
    values.length < n ? [] : Array.from({ length: n }, (_, i) => values[i] ?? null);
  return {
    x, onTime, window: back * series.stride, work,
    windowName: name, sampled: sampled(series.stride, back * series.stride, window),
    spanName: whole ? "so far" : `last ${name}`, stride: series.stride,
    members, workSum: sums, request: series.request,
    reached,
    fair: Array.from(members.count, (alive) => (alive > 0 ? 1 / alive : null)),
    end: axisEnd(x[n - 1] ?? 0, series.request[n - 1] ?? 0, extent, onTime),
    hitWindow, hitSoFar, hit: whole ? hitSoFar : hitWindow,
    ceiling: whole ? ratios(ceiling, rated, n, true) : ratios(ceiling, inputs, n, false),
    largestWork: share, busiest: node, resident: column(series.resident_share),
    ttftMean: column(series.ttft_mean_s), ttftP99: column(series.ttft_p99_s),
    queue: column(series.queue_max),
  };
}

/** Whole samples seldom add up to the window asked for, and of many nodes more requests are taken.
 *  Exported for tests. */
export function sampled(stride: number, window: number, asked: number): string {
  if (window === asked) return "";
  const drawn = stride === 1 ? "" : `drawn in samples of ${integer(stride)} requests; `;
  return `Strips: ${drawn}“last ${integer(window)}” here, the last ${integer(asked)} in `
    + "the figures.";
}

/** Columns take nothing back: a request that arrived again stands in them as often as it was
 *  placed, and in the figures once. Exported for tests. */
export function placedAgain(placements: number): string {
  if (placements === 0) return "";
  return `Strips: placements as they were made, ${integer(placements)} of them of retried `
    + "requests; the figures have every request once.";
}

/** Sample by sample, or of the sums so far; null where there is nothing to divide by. */
function ratios(
  over: ArrayLike<number>, under: ArrayLike<number>, n: number, soFar: boolean,
): (number | null)[] {
  const out: (number | null)[] = [];
  let [a, b] = [0, 0];
  for (let i = 0; i < n; i++) {
    a = (soFar ? a : 0) + (over[i] ?? 0);
    b = (soFar ? b : 0) + (under[i] ?? 0);
    out.push(b > 0 ? a / b : null);
  }
  return out;
}

/** Sums over each sample and those before it, `back` in all, in every one of `width` columns. */
export function rolling(
  values: ArrayLike<number>, width: number, n: number, back: number,
): Float64Array {
  const out = new Float64Array(n * width);
  const length = Math.min(n * width, values.length);
  for (let at = 0; at < length; at++) {
    let sum = values[at]!;
    if (at >= width) sum += out[at - width]!;
    if (at >= back * width) sum -= values[at - back * width]!;
    out[at] = sum;
  }
  return out;
}

function largestShares(
  work: Float64Array, alive: Uint8Array, nodes: number, n: number,
): { share: (number | null)[]; node: Uint16Array; sums: Float64Array } {
  const share: (number | null)[] = [];
  const node = new Uint16Array(n);
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let [sum, most] = [0, 0];
    for (let k = 0; k < nodes; k++) {
      if (alive[i * nodes + k] === 0) continue;
      const value = work[i * nodes + k]!;
      sum += value;
      if (value > most) {
        most = value;
        node[i] = k;
      }
    }
    sums[i] = sum;
    share.push(sum > 0 ? most / sum : null);
  }
  return { share, node, sums };
}

const MINUTE = 60;
const HOUR = 3600;
const ROUND_TIMES = [
  5, 10, 20, 30, 45, MINUTE, 2 * MINUTE, 3 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE,
  20 * MINUTE, 30 * MINUTE, 45 * MINUTE, HOUR, 1.5 * HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR,
  6 * HOUR, 8 * HOUR, 12 * HOUR, 18 * HOUR, 24 * HOUR,
];

/**
 * The end of the x axis: the run's own end once that is reached, the trace's before; on a time axis
 * whose end is not known, a round time near where all requests will probably have been served.
 */
export function axisEnd(
  last: number, requests: number, whole: Extent | null, onTime: boolean,
): number {
  if (last <= 0) return 1;
  if (whole === null || requests <= 0 || requests >= whole.requests) return last;
  if (!onTime) return Math.max(last, whole.requests);
  if (whole.seconds !== null) return Math.max(last, whole.seconds);
  const guess = Math.max(last, (last / requests) * whole.requests);
  const day = 24 * HOUR;
  return ROUND_TIMES.find((t) => t >= guess * 0.98 && t >= last) ?? Math.ceil(guess / day) * day;
}

/** Evenly spaced round shares from 0 to at least `max`, at most four of them. */
export function shareTicks(max: number): number[] {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find((s) => max / s <= 3.2) ?? 0.5;
  const out: number[] = [];
  for (let k = 0; k * step <= max * 1.0001; k++) out.push(k * step);
  return out;
}

/** The sample nearest to a position, or null when there is none. */
export function nearest(x: readonly number[], at: number): number | null {
  if (x.length === 0) return null;
  const i = firstFrom(x, at);
  if (i >= x.length) return x.length - 1;
  return i > 0 && at - x[i - 1]! < x[i]! - at ? i - 1 : i;
}

/** The first index whose value is at least `at`. */
export function firstFrom(x: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (x[mid]! < at) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** What figures are of that no sums make: a p99, a longest queue. */
export function sampleName({ stride }: StripData): string {
  return stride === 1 ? "each request" : `each ${integer(stride)} requests`;
}
