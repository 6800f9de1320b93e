/** Time as the canvas lives it, and requests on their way. Knows nothing of pixels. */
import type { Drawn } from "./view.ts";

/** Runs with the wall clock while playing, comes to rest softly when not, never catches up. */
export class Clock {
  /** Milliseconds of motion so far. */
  time = 0;
  #rate = 0;
  #last: number | null = null;

  /** Returns the milliseconds that passed. */
  advance(now: number, running: boolean): number {
    const wall = this.#last === null ? 0 : Math.min(50, Math.max(0, now - this.#last));
    this.#last = now;
    const goal = running ? 1 : 0;
    this.#rate += Math.sign(goal - this.#rate) * Math.min(Math.abs(goal - this.#rate), wall / 180);
    this.time += wall * this.#rate;
    return wall * this.#rate;
  }

  get resting(): boolean {
    return this.#rate === 0;
  }
}

/** A request between the router and its node. */
export interface Dot {
  request: number;
  node: number;
  born: number;
  travel: number;
  blocks: number;
  hits: number;
  evicted: number;
  /** Blocks it stored that its node had evicted before. */
  rewanted: number;
  /** What it begins with, from 1; 0 is no family. */
  family: number;
  /** Blocks that were fetched for it, and from which node. */
  fetched: number;
  source: number;
  /** The node's cache as it was after this request; null when requests are sampled. */
  heat: Uint32Array | null;
}

const DOTS_A_SECOND = 48;
const MOST_DOTS = 140;

/** How many requests one dot stands for: 1, 2, 5, 10, 20, 50 and so on. */
export function dotStride(speed: number): number {
  let unit = 1;
  for (;;) {
    for (const step of [1, 2, 5]) if (speed / (step * unit) <= DOTS_A_SECOND) return step * unit;
    unit *= 10;
  }
}

export function travelTime(speed: number): number {
  return Math.max(480, 1000 - 160 * Math.log10(Math.max(1, speed)));
}

export class Traffic {
  dots: Dot[] = [];
  /** Dots under way to each node. */
  pending: Uint16Array;
  #credit = 0;
  #served = 0;
  #last = 0;

  constructor(nodes: number) {
    this.pending = new Uint16Array(nodes);
  }

  /** Sends off the frame's requests, or as many of them as the eye can follow. */
  emit(frame: Drawn, speed: number, time: number): void {
    const served = Math.max(0, frame.requests - this.#served);
    this.#served = frame.requests;
    const recent = frame.recent;
    const n = recent.request.length;
    if (n === 0) return;
    const stride = dotStride(speed);
    this.#credit = Math.min(this.#credit + served / stride, 24);
    const take = Math.min(n, Math.floor(this.#credit + 1e-9), MOST_DOTS - this.dots.length);
    if (take <= 0) return;
    this.#credit -= take;
    const spread = Math.min(120, Math.max(0, time - this.#last));
    this.#last = time;
    const travel = travelTime(speed);
    for (let j = 0; j < take; j++) {
      const at = Math.floor(((j + 0.5) * n) / take);
      const node = recent.node[at] ?? 0;
      if (node >= this.pending.length) continue;
      this.pending[node]!++;
      this.dots.push({
        request: recent.request[at] ?? 0, node, travel,
        born: time + (spread * j) / take,
        blocks: recent.blocks[at] ?? 0,
        hits: recent.prefix_hits[at] ?? 0,
        evicted: recent.evicted[at] ?? 0,
        rewanted: recent.rewanted[at] ?? 0,
        family: recent.family[at] ?? 0,
        fetched: recent.fetched[at] ?? 0,
        source: recent.source[at] ?? node,
        heat: stride === 1 ? frame.nodes.heat : null,
      });
    }
  }

  /** Takes out and returns the dots that have arrived. */
  arrivals(time: number): Dot[] {
    const landed = this.dots.filter((d) => time >= d.born + d.travel);
    if (landed.length === 0) return landed;
    this.dots = this.dots.filter((d) => time < d.born + d.travel);
    for (const dot of landed) this.pending[dot.node]!--;
    return landed;
  }
}

/** Slow start, slow landing. */
export function ease(t: number): number {
  return t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) * (1 - t);
}

/** Moves shown values toward their goals; returns whether any still has a way to go. */
export function approach(
  shown: Float64Array, goal: ArrayLike<number>, from: number, to: number, part: number,
  close: number,
): boolean {
  let moving = false;
  for (let i = from; i < to; i++) {
    // What is not known is shown as nothing.
    const gap = (goal[i] || 0) - shown[i]!;
    if (Math.abs(gap) <= close) shown[i] = goal[i] || 0;
    else {
      shown[i]! += gap * part;
      moving = true;
    }
  }
  return moving;
}
