/** What is told of a request that lanes have just served. Pure. */
import type { Decision, Frame, Served, ServedBy } from "../engine/protocol.ts";

/** A lane after a request. */
export interface Moment {
  frame: Frame;
  decision: Decision | null;
}

/** The request that was served between two moments. */
export function servedOf(before: Moment[], now: Moment[]): Served {
  const { requests: number, time_s } = now[0]!.frame;
  const lanes = now.map((moment, lane) => byLane(number, before[lane]!.frame, moment));
  const placed = lanes.findIndex(({ node }) => node !== null);
  const at = now[placed]?.frame.recent;
  const family = at?.family[at.request.lastIndexOf(number)] ?? 0;
  return { number, time_s, family: now[placed]?.frame.families.block[family - 1] ?? null, lanes };
}

/** What the sums of a lane have grown by is of this request, where one more was counted. */
function byLane(number: number, before: Frame, { frame, decision }: Moment): ServedBy {
  const { recent, totals } = frame;
  const at = recent.request.lastIndexOf(number);
  const mine = decision?.request === number ? decision : null;
  const counted = at >= 0 && totals.requests === before.totals.requests + 1;
  const grown = (of: "input_tokens" | "output_tokens") =>
    (counted ? totals[of] - before.totals[of] : null);
  return {
    node: at < 0 ? null : recent.node[at]!,
    blocks: at < 0 ? mine?.blocks ?? null : recent.blocks[at]!,
    fetched: at < 0 ? 0 : recent.fetched[at]!,
    source: at < 0 ? null : recent.source[at]!,
    input_tokens: grown("input_tokens"),
    output_tokens: grown("output_tokens"),
    decision: mine,
    share_of_requests: totals.balance.requests.largest_share,
    share_of_work: totals.balance.work.largest_share,
  };
}
