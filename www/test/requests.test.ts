/** Requests one by one: what is told of each, in pages that may come in any order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config, Decision, Frame } from "../src/engine/protocol.ts";
import { PAGE, isOfLanes, pageOf } from "../src/state/requests.ts";
import { begun } from "../src/state/run.ts";
import { INITIAL, type State } from "../src/state/state.ts";
import { servedOf } from "../src/worker/served.ts";

/** A moment of a lane: `counted` requests are in its sums, `recent` came since the one before. */
function momentOf(requests: number, counted: number, tokens: number, recent: number[],
  decided = requests): { frame: Frame; decision: Decision | null } {
  const all = <T>(value: T) => recent.map(() => value);
  const balance = { requests: { largest_share: 0.5 }, work: { largest_share: 0.25 } };
  const frame = { requests, time_s: 7, families: { block: Uint32Array.of(40, 41) },
    totals: { requests: counted, input_tokens: tokens, output_tokens: counted, balance },
    recent: { request: recent, node: all(3), blocks: all(9), family: all(2), fetched: all(1),
      source: all(2) } };
  return { frame: frame as unknown as Frame,
    decision: { request: decided, blocks: 9 } as unknown as Decision };
}

test("what the sums have grown by is of the request, where one more was counted", () => {
  const [before, now] = [momentOf(4, 4, 100, [4]), momentOf(5, 5, 150, [5])];
  const { number, time_s, family, lanes: [lane] } = servedOf([before], [now]);
  assert.deepEqual([number, time_s, family], [5, 7, 41]);
  assert.deepEqual([lane?.node, lane?.blocks, lane?.input_tokens, lane?.output_tokens,
    lane?.fetched, lane?.source, lane?.share_of_work], [3, 9, 50, 1, 1, 2, 0.25]);
  assert.equal(lane?.decision, now.decision);
});

test("of one that was turned away, or warms the caches, nothing is told that is not so", () => {
  const before = momentOf(4, 4, 100, [4]);
  const away = servedOf([before], [momentOf(5, 4, 100, [], 4)]);
  assert.deepEqual([away.family, away.lanes[0]?.node, away.lanes[0]?.input_tokens,
    away.lanes[0]?.decision, away.lanes[0]?.blocks], [null, null, null, null, null]);
  // Turned away after the router had decided: what it compared is there.
  const [late] = servedOf([before], [momentOf(5, 4, 100, [])]).lanes;
  assert.deepEqual([late?.node, late?.decision?.request, late?.blocks], [null, 5, 9]);
  const [warm] = servedOf([before], [momentOf(5, 4, 100, [5])]).lanes;
  assert.deepEqual([warm?.node, warm?.input_tokens], [3, null]);
  // A lane that turned it away does not hide what another tells of it.
  const both = servedOf([before, before], [momentOf(5, 4, 100, [], 4), momentOf(5, 5, 9, [5])]);
  assert.deepEqual([both.family, both.lanes.map(({ node }) => node)], [41, [null, 3]]);
});

test("pages follow each other, and are of the lanes on the page or of others", () => {
  assert.deepEqual([1, PAGE, PAGE + 1, 4711].map(pageOf), [1, 1, PAGE + 1, 4701]);
  const configs: Config[] = [{ nodes: 2 }, { nodes: 3 }];
  const of = (shown: Config[]): State => ({ ...INITIAL,
    lanes: shown.map((config) => begun(1, config)) as unknown as State["lanes"],
    analysis: { ...INITIAL.analysis, requests: { ...INITIAL.analysis.requests, configs } } });
  assert.equal(isOfLanes(of([{ nodes: 2 }, { nodes: 3 }])), true);
  assert.equal(isOfLanes(of([{ nodes: 2 }])), false);
});
