/**
 * Which nodes of a large cluster are shown, and in which order: the busy ones, the busiest first.
 * The idle ones are folded into one line. Pure.
 */
import { ALIVE } from "../../engine/protocol.ts";
import type { View } from "./view.ts";

/** From so many nodes on idle ones are folded. */
export const FOLDED_FROM = 64;

/** Nothing jumps about: places are dealt anew after so many requests. */
const EVERY_REQUESTS = 500;

export interface Arrangement {
  /** Requests served when it was made. */
  at: number;
  nodes: number;
  /** Nodes by place. */
  shown: readonly number[];
}

/** The arrangement for a view: the same as before, unless it is time for another. */
export function arrange(view: View, before: Arrangement | null): Arrangement {
  const { nodes, frame } = view;
  const at = frame.requests;
  if (before?.nodes === nodes && before.at <= at && at < before.at + EVERY_REQUESTS
    && before.shown.length > 0 && before.at > 0) return before;
  const all = Array.from({ length: nodes }, (_, node) => node);
  if (nodes < FOLDED_FROM) return { at, nodes, shown: all };
  const c = frame.nodes;
  const busy = all.filter((node) => (c.window_requests[node] ?? 0) > 0
    || (c.queue[node] ?? 0) > 0 || c.state[node] !== ALIVE || c.slow[node] !== 1);
  const load = (node: number): number => c.window_work_tokens[node] ?? 0;
  busy.sort((one, other) => load(other) - load(one) || one - other);
  return { at, nodes, shown: busy.length > 0 ? busy : all };
}
