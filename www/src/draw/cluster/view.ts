/** One frame as the cluster canvas reads it: shares and rates, formed once. */
import { UNLIMITED_BLOCKS, type Frame } from "../../engine/protocol.ts";

export interface ClusterConfig {
  nodes: number;
  capacity_blocks: number;
}

export interface ClusterInput {
  config: ClusterConfig;
  frame: Frame;
  playing: boolean;
  /** Requests per second of real time. */
  speed: number;
}

/** What a tooltip says about one node, and where. */
export interface HoverInfo {
  node: number;
  /** Label and value. */
  lines: [string, string][];
  /** Middle of the card's top, in CSS pixels from the canvas's corner. */
  x: number;
  y: number;
}

export interface View {
  frame: Frame;
  nodes: number;
  /** Blocks that a full card stands for. */
  capacity: number;
  unlimited: boolean;
  timed: boolean;
  /** 1/N. */
  fair: number;
  /** Shares over nodes: of the work in the window, of all work, of the window's requests. */
  work: Float64Array;
  workEver: Float64Array;
  requests: Float64Array;
  resident: Float64Array;
  /** Prefix hits over blocks in the window and ever; NaN where there were none. */
  hit: Float64Array;
  hitEver: Float64Array;
  /** How far a node's recent work is over its fair share: `WARM`, `HOT` or 0. */
  warmth: Uint8Array;
}

/** From this many times the fair share on. */
const WARM_FROM = 1.5;
const HOT_FROM = 2;
export const WARM = 1;
export const HOT = 2;

export function makeView({ config, frame }: ClusterInput): View {
  const n = config.nodes;
  const c = frame.nodes;
  const unlimited = config.capacity_blocks >= UNLIMITED_BLOCKS;
  const work = shares(c.window_work_tokens, n);
  const resident = shares(c.resident, n);
  return {
    frame, nodes: n, unlimited, timed: frame.totals.ttft !== undefined, fair: 1 / n,
    capacity: unlimited ? roundUp(Math.max(1000, ...c.resident)) : config.capacity_blocks,
    work, resident, warmth: warmthOf(work, frame.requests),
    workEver: shares(c.work_tokens, n),
    requests: shares(c.window_requests, n),
    hit: ratios(c.window_prefix_hits, c.window_blocks, n),
    hitEver: ratios(c.prefix_hits, c.blocks, n),
  };
}

function warmthOf(work: Float64Array, requests: number): Uint8Array {
  const n = work.length;
  // Before every node had a chance to serve, any share is the largest.
  if (n < 2 || requests < 2 * n) return new Uint8Array(n);
  return Uint8Array.from(work, (share) =>
    (share * n >= HOT_FROM ? HOT : share * n >= WARM_FROM ? WARM : 0));
}

function shares(values: ArrayLike<number>, n: number): Float64Array {
  const out = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] ?? 0;
  if (sum > 0) for (let i = 0; i < n; i++) out[i] = (values[i] ?? 0) / sum;
  return out;
}

function ratios(over: ArrayLike<number>, under: ArrayLike<number>, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = (under[i] ?? 0) > 0 ? (over[i] ?? 0) / under[i]! : NaN;
  return out;
}

/** The next round number, so that a growing scale moves in steps. */
export function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  for (const step of [1, 1.5, 2, 3, 4, 5, 6, 8]) if (value <= step * unit) return step * unit;
  return 10 * unit;
}

/** The share at the right end of the load bars: a round multiple of the fair one. */
export function barScale(largest: number, fair: number): number {
  let scale = 1.6;
  while (scale * fair < largest * 1.02) scale *= 1.5;
  return Math.min(1, scale * fair);
}
