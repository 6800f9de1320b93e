/** The picture in words: for tooltips, and for those who do not see it. */
import { ALIVE, DEAD, DRAINING } from "../../engine/protocol.ts";
import { clock, integer, plural, seconds, share } from "../../text/format.ts";
import type { Ribbon } from "./ribbons.ts";
import { HOT, WARM, type View } from "./view.ts";

/** What there is to know about one node, as label and value. */
export function nodeLines(
  view: View, node: number, ribbons: readonly Ribbon[],
): [string, string][] {
  const c = view.frame.nodes;
  const at = (column: ArrayLike<number>): number => column[node] ?? 0;
  const both = (now: number, ever: number): string => `${share(now)} · ever ${share(ever)}`;
  const resident = at(c.resident);
  const held = c.heat.subarray((c.heat.length / c.state.length) * node,
    (c.heat.length / c.state.length) * (node + 1));
  const once = held.reduce((sum, blocks, i) => sum + (i % c.heat_bands === 0 ? blocks : 0), 0);
  const lines: [string, string][] = [
    ...memberLines(view, node), ...warmthLines(at(view.warmth)),
    ["Recent work", both(at(view.workNow), at(view.workEver))],
    ["Fair share", `${share(view.fair)} · recent is ${times(at(view.workNow) / view.fair)}`],
    ["Recent hits, of blocks", both(at(view.hitNow), at(view.hitEver))],
    ["Requests", integer(at(c.requests))],
    ["Cache", view.unlimited ? plural(resident, "block")
      : `${integer(resident)} of ${integer(view.capacity)} blocks`],
    ["Share of all resident", share(at(view.resident))],
    ["Used once, by no hit yet", `${share(resident > 0 ? once / resident : NaN, 0)} of its blocks`],
    ["Evicted", plural(at(c.evictions), "block")],
  ];
  if (view.timed) {
    lines.push(["Queue", `${plural(at(c.queue), "request")}, ${seconds(at(c.wait_s))}`]);
  }
  for (const r of ribbons) {
    const when = `at request ${integer(r.request)}`;
    if (r.source === node) lines.push(["Gave", `${integer(r.moved)} to node ${r.target} ${when}`]);
    if (r.target === node) {
      lines.push(["Took", `${integer(r.moved)} from node ${r.source} ${when}`]);
    }
  }
  return lines;
}

/** Whether the node takes requests and how fast it is, where that is not as usual. */
function memberLines({ frame: { nodes } }: View, node: number): [string, string][] {
  const state = nodes.state[node] ?? ALIVE;
  const slow = nodes.slow[node] ?? 1;
  const lines: [string, string][] = [];
  if (state === DEAD) lines.push(["State", "dead: it has lost everything"]);
  if (state === DRAINING) lines.push(["State", "draining: no new requests"]);
  if (slow !== 1) lines.push(["Prefills take", `${slow} × as long`]);
  return lines;
}

/** Why a bar or a frame is orange. Exported for tests. */
export function warmthLines(warmth: number): [string, string][] {
  if (warmth === HOT) return [["Orange: work is", "2 × fair or more"]];
  return warmth === WARM ? [["Orange: work is", "1.5 × fair or more"]] : [];
}

function times(ratio: number): string {
  return `${ratio.toFixed(1)} times it`;
}

/** One sentence or a few that sum the picture up. */
export function summary(view: View | null, ribbons: readonly Ribbon[]): string {
  if (!view) return "The cluster, before its first request.";
  const { frame, nodes } = view;
  const busiest = indexOfLargest(view.workNow.map((share) => share || 0));
  const hits = [...view.hitNow].filter((rate) => Number.isFinite(rate));
  const parts = [
    `${plural(nodes, "prefill node")} after ${plural(frame.requests, "request")}`
      + (frame.time_s > 0 ? `, ${clock(frame.time_s)} into the trace.` : "."),
  ];
  if (frame.requests > 0) {
    parts.push(`Node ${busiest} carries the largest share of recent work,`
      + ` ${share(view.workNow[busiest] ?? 0)}; a fair share is ${share(view.fair)}.`);
  }
  if (hits.length > 0) {
    parts.push(`Recent hit rates of the nodes run from ${share(Math.min(...hits), 0)}`
      + ` to ${share(Math.max(...hits), 0)}.`);
  }
  const full = frame.nodes.resident.filter((blocks) => blocks >= view.capacity).length;
  if (!view.unlimited) {
    parts.push(full === nodes ? "All caches are full." : `${full} of ${nodes} caches are full.`);
  }
  const hot = [...view.warmth.entries()].filter(([, how]) => how === HOT).map(([i]) => i);
  if (hot.length > 0) parts.push(`Twice its fair share of work or more: node ${hot.join(", ")}.`);
  for (const [state, word] of [[DEAD, "Dead"], [DRAINING, "Draining"]] as const) {
    const which = [...frame.nodes.state.entries()].filter(([, it]) => it === state);
    if (which.length > 0) parts.push(`${word}: node ${which.map(([i]) => i).join(", ")}.`);
  }
  const last = ribbons[ribbons.length - 1];
  if (last) {
    parts.push(`Last migration: ${plural(last.moved, "block")} from node ${last.source}`
      + ` to node ${last.target} at request ${integer(last.request)}.`);
  }
  return parts.join(" ");
}

export function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}
