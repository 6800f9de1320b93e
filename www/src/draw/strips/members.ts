/** Which nodes take requests, sample by sample: shares are over those, as those of the figures. */
import type { PerturbedEvent } from "../../engine/protocol.ts";
import { doneOf } from "../../text/events.ts";

/** What was done to the cluster: as the configuration says it, such as `kill:3@5000`, the request
 *  before which it came (its second is the run's, and those of strips are the trace's), how many
 *  arrived again for it, and how many of those were turned away. */
export type Change = Pick<PerturbedEvent, "what" | "request" | "retried" | "aborted">;

export interface Membership {
  /** Nodes at the start. */
  first: number;
  changes: readonly Change[];
}

export interface Members {
  /** Row-major samples × nodes: whether the node takes requests at the sample's end. */
  alive: Uint8Array;
  /** How many do, a sample each. */
  count: Uint16Array;
}

/** `reached` is how many requests had been placed by the end of each sample, which every clock and
 *  rate has alike; `nodes` is how many there are at most. */
export function membersOf(
  { first, changes }: Membership, nodes: number, reached: readonly number[],
): Members {
  const alive = new Uint8Array(reached.length * nodes);
  const count = new Uint16Array(reached.length);
  const now = new Uint8Array(nodes).fill(1, 0, first);
  let joined = first;
  let next = 0;
  for (const [i, end] of reached.entries()) {
    for (; next < changes.length; next += 1) {
      const { what, request } = changes[next]!;
      if (request > end) break;
      const { kind, first: number } = doneOf(what);
      if (kind === "add") {
        now.fill(1, joined, joined + number);
        joined += number;
      } else if (kind === "heal") now[number] = 1;
      else if (kind === "kill" || kind === "drain") now[number] = 0;
    }
    alive.set(now, i * nodes);
    count[i] = now.reduce((sum, one) => sum + one, 0);
  }
  return { alive, count };
}

/** Requests of the trace that had been placed where so many placements had been made: what arrives
 *  again is placed at once, before whatever arrives for the first time. */
export function requestsOf(placements: ArrayLike<number>, changes: readonly Change[]): number[] {
  let before = 0;
  const again = changes.map(({ request, retried, aborted }) => {
    const from = request - 1 + before;
    const count = retried - aborted;
    before += count;
    return { from, count };
  }).filter(({ count }) => count > 0);
  return Array.from(placements, (placed) => again.reduce((requests, { from, count }) =>
    requests - Math.max(0, Math.min(count, placed - from)), placed));
}
