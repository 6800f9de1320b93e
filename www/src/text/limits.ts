/** What became of a search, in words. */
import type { Search } from "../engine/protocol.ts";
import * as format from "./format.ts";

/** How a rate or a number of nodes is written. */
export type Say = (value: number) => string;

/** What was tried, and how near it came to the objective. */
export function whyNone({ probes }: Search, slo_s: number, say: Say): string {
  const tried = probes.map(({ at }) => at);
  const best = probes.reduce((a, b) => (b.p99_s < a.p99_s ? b : a));
  const came = `none from ${say(Math.min(...tried))} to ${say(Math.max(...tried))}: p99 ${
    format.axisSeconds(best.p99_s)} at ${say(best.at)}`;
  return best.p99_s <= slo_s ? `${came}, but requests were rejected`
    : `${came}, objective ${format.axisSeconds(slo_s)}`;
}
