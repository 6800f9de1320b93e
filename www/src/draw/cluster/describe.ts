/** The picture in words: for tooltips, and for those who do not see it. */
import { clock, integer, plural, seconds, share } from "../../text/format.ts";
import type { Ribbon } from "./ribbons.ts";
import { HOT, type View } from "./view.ts";

/** What there is to know about one node, as label and value. */
export function nodeLines(
  view: View, node: number, ribbons: readonly Ribbon[],
): [string, string][] {
  const c = view.frame.nodes;
  const at = (column: ArrayLike<number>): number => column[node] ?? 0;
  const both = (now: number, ever: number): string => `${share(now)} · ever ${share(ever)}`;
  const resident = at(c.resident);
  const once = resident > 0 ? at0(c.heat, node * c.heat_buckets) / resident : NaN;
  const lines: [string, string][] = [
    ["Recent work", both(at(view.work), at(view.workEver))],
    ["Fair share", `${share(view.fair)} · recent is ${times(at(view.work) / view.fair)}`],
    ["Recent hits", both(at(view.hit), at(view.hitEver))],
    ["Requests", integer(at(c.requests))],
    ["Cache", view.unlimited ? plural(resident, "block")
      : `${integer(resident)} of ${integer(view.capacity)} blocks`],
    ["Share of all resident", share(at(view.resident))],
    ["Used only once", share(once, 0)],
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

function times(ratio: number): string {
  return `${ratio.toFixed(1)} times it`;
}

function at0(column: ArrayLike<number>, index: number): number {
  return column[index] ?? 0;
}

/** One sentence or a few that sum the picture up. */
export function summary(view: View | null, ribbons: readonly Ribbon[]): string {
  if (!view) return "The cluster, before its first request.";
  const { frame, nodes } = view;
  const busiest = indexOfLargest(view.work);
  const hits = [...view.hit].filter((rate) => Number.isFinite(rate));
  const parts = [
    `${plural(nodes, "prefill node")} after ${plural(frame.requests, "request")}`
      + (frame.time_s > 0 ? `, ${clock(frame.time_s)} into the trace.` : "."),
  ];
  if (frame.requests > 0) {
    parts.push(`Node ${busiest} carries the largest share of recent work,`
      + ` ${share(view.work[busiest] ?? 0)}; a fair share is ${share(view.fair)}.`);
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
