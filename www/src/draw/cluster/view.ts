/** One frame as the cluster canvas reads it: shares and rates, formed once. */
import { ABSENT, ALIVE, UNLIMITED_BLOCKS, type Frame } from "../../engine/protocol.ts";

export interface ClusterConfig {
  nodes: number;
  capacity_blocks: number;
}

/** What of a frame is drawn. */
export type Drawn = Pick<Frame, "requests" | "done" | "time_s" | "capacity_blocks" | "totals"
  | "nodes" | "recent" | "families" | "migrations">;

export interface ClusterInput {
  config: ClusterConfig;
  frame: Drawn;
  playing: boolean;
  /** Requests per second of real time. */
  speed: number;
  /** What figures are of: the window, or all since the start. */
  scope: "window" | "run";
}

/** What a tooltip says about one node, and where. */
export interface HoverInfo {
  node: number;
  /** Label and value. */
  lines: [string, string][];
  /** Of many nodes: it stands in a corner, where it hides none. */
  docked: boolean;
  /** Middle of the card's top, in CSS pixels from the canvas's corner. */
  x: number;
  y: number;
}

export interface View {
  frame: Drawn;
  nodes: number;
  /** Blocks that a full card stands for. */
  capacity: number;
  unlimited: boolean;
  timed: boolean;
  /** Nodes that take requests. */
  alive: number;
  /** 1 over those; NaN while there is none. */
  fair: number;
  scope: "window" | "run";
  /** Shares over living nodes, NaN of others: of the work in the window and of all work. */
  workNow: Float64Array;
  workEver: Float64Array;
  /** The one that figures are of, and the other. */
  work: Float64Array;
  workBeside: Float64Array;
  /** Likewise of the window's requests, and of resident blocks. */
  requests: Float64Array;
  resident: Float64Array;
  /** Prefix hits over blocks in the window and ever; NaN where there were none. */
  hitNow: Float64Array;
  hitEver: Float64Array;
  /** The one that figures are of. */
  hit: Float64Array;
  /** How far a node's work is over its fair share: `WARM`, `HOT` or 0. */
  warmth: Uint8Array;
}

/** From this many times the fair share on. */
const WARM_FROM = 1.5;
const HOT_FROM = 2;
export const WARM = 1;
export const HOT = 2;

export function makeView({ config, frame, scope }: ClusterInput): View {
  const n = config.nodes;
  const c = frame.nodes;
  const unlimited = config.capacity_blocks >= UNLIMITED_BLOCKS;
  const shares = (values: ArrayLike<number>) => sharesOf(values, c.state, n);
  const alive = aliveNodes(frame);
  const fair = alive > 0 ? 1 / alive : NaN;
  const [workNow, workEver] = [shares(c.window_work_tokens), shares(c.work_tokens)];
  const hitNow = ratios(c.window_prefix_hits, c.window_blocks, n);
  const hitEver = ratios(c.prefix_hits, c.blocks, n);
  const [work, workBeside] = scope === "window" ? [workNow, workEver] : [workEver, workNow];
  return {
    frame, nodes: n, unlimited, timed: frame.totals.ttft !== undefined, alive, fair, scope,
    capacity: unlimited ? roundUp(Math.max(1000, ...c.resident)) : config.capacity_blocks,
    workNow, workEver, work, workBeside, resident: shares(c.resident),
    warmth: warmthOf(work, fair, frame.requests), requests: shares(c.window_requests),
    hitNow, hitEver, hit: scope === "window" ? hitNow : hitEver,
  };
}

/** Nodes that have joined: those that come later have the last indexes. */
export function joinedNodes({ nodes }: Pick<Frame, "nodes">): number {
  let n = nodes.state.length;
  while (n > 0 && nodes.state[n - 1] === ABSENT) n--;
  return n;
}

/** Nodes that take requests. */
export function aliveNodes({ nodes }: Pick<Frame, "nodes">): number {
  return nodes.state.reduce((sum, state) => sum + Number(state === ALIVE), 0);
}

function warmthOf(work: Float64Array, fair: number, requests: number): Uint8Array {
  const n = work.length;
  // Before every node had a chance to serve, any share is the largest.
  if (n < 2 || requests < 2 * n) return new Uint8Array(n);
  return Uint8Array.from(work, (share) =>
    (share >= HOT_FROM * fair ? HOT : share >= WARM_FROM * fair ? WARM : 0));
}

function sharesOf(values: ArrayLike<number>, state: ArrayLike<number>, n: number): Float64Array {
  const out = new Float64Array(n).fill(NaN);
  let sum = 0;
  for (let i = 0; i < n; i++) if (state[i] === ALIVE) sum += values[i] ?? 0;
  for (let i = 0; i < n; i++) if (state[i] === ALIVE) out[i] = sum > 0 ? (values[i] ?? 0) / sum : 0;
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
  if (!(fair > 0)) return 1;
  let scale = 1.6;
  while (scale * fair < largest * 1.02) scale *= 1.5;
  return Math.min(1, scale * fair);
}
