import assert from "node:assert/strict";
import { test } from "node:test";
import { watchSentence } from "../src/panel/results/watch.ts";
import type { Frame, ReadReport } from "../src/engine/protocol.ts";
import { watched, type RunState } from "../src/state/run.ts";
import { INITIAL, type State } from "../src/state/state.ts";
import { plain } from "./plain.ts";
import { tables } from "./tables.ts";

const even = { largest_share: 0.5, largest_node: 0, jain: 1, gini: 0, max_over_mean: 1 };

function state(totals: object, frame: object = {}, run: Partial<RunState> = {}): State {
  const whole = {
    requests: 5000, done: false, waiting: 0, time_s: 0, capacity_blocks: 5859,
    totals: {
      requests: 5000, rejected: 0, resident_blocks: 100, evictions: 0, rewanted: 0,
      hit_tokens: 50, ceiling_tokens: 60,
      input_tokens: 100, window: { requests: 100, hit_tokens: 50, input_tokens: 100 },
      window_balance: { work: even }, ...totals,
    },
    nodes: { requests: new Float64Array(2), resident: new Uint32Array(2),
      state: Uint16Array.of(1, 1), heat: new Uint32Array(2 * 3 * 2), heat_bands: 2,
      window_prefix_hits: Float64Array.of(8, 1), window_blocks: Float64Array.of(10, 10) },
    families: { block: new Uint32Array(0), requests: new Float64Array(0), placed: 0 }, ...frame,
  };
  const lane = { ...INITIAL.lanes[0], frame: whole as unknown as Frame, ...run };
  return { ...INITIAL, tables, lanes: [lane] };
}

const said = (s: State) => {
  const sentence = watchSentence(s);
  return plain(`${sentence?.strong} ${sentence?.rest}`);
};

test("nothing is said before the first request", () => {
  assert.equal(watchSentence(INITIAL), null);
});

test("while caches fill, that is what to know", () => {
  assert.match(said(state({})), /still filling/);
});

test("where many were turned away that comes first, and the rest is of the others", () => {
  const away = (rejected: number, frame: object = {}) =>
    said(state({ requests: 1000, rejected }, frame));
  assert.match(away(9), /still filling/);
  assert.equal(away(11, { done: true }), "11 of 1,011 requests were turned away. Every other "
    + "figure is of those that were served: 50.0 % of their tokens came from cache.");
  const dead = { nodes: { ...state({}).lanes[0].frame!.nodes, state: Uint16Array.of(3, 2) } };
  assert.match(away(0, dead), /^No node takes requests/);
  assert.match(away(4000, dead), /^4,000 of 5,000 .* No node takes any now\. Every other/);
  assert.match(away(4000, { ...dead, done: true }), / In the end no node takes any\. /);
});

test("a fresh migration is the news, and an old one is not", () => {
  const migration = {
    request: 4900, time_s: 0, source: 3, target: 6, kind: "move", chosen: 90, moved: 80,
    families: [90, 0],
    share_before: 0.31, hit_rate_before: null, hit_rate_after: null, concentration_before: 0.4,
    concentration_after: null,
  };
  const text = said(state({}, {}, { migrations: [migration] }));
  assert.match(text, /Node 3 held 31 % of all blocks at request 4,900; 80 of them moved to node 6/);
  const old = said(state({}, { requests: 9000 }, { migrations: [migration] }));
  assert.match(old, /still filling/);
});

test("an alert that is up is said with the latest window's figure, a cleared one is not", () => {
  const alert = { alert: "hit_rate" as const, raised: 200, raised_s: 1, value: 0.1, cleared: null,
    cleared_s: null };
  const monitoring = { windows: 4, hit_rate: 0.25, concentration: 0.4, hot_blocks: 1,
    hottest_share: 0.5, alerts_from: 0, alerts: [alert], tuned_from: 0, tuned: [] };
  const config = { hit_rate_min: 0.3 };
  const up = said(state({}, {}, { monitoring, config }));
  assert.match(up, /Alert: Only 25\.0 % of tokens from cache in the latest detection window/);
  assert.match(up, /raised after request 200; the ceiling so far is 60 %/);
  const nearly = said(state({}, {}, { monitoring: { ...monitoring, hit_rate: 0.31 },
    config }));
  assert.match(nearly, /not cleared yet: Only 10\.0 % of tokens from cache after request 200\./);
  assert.match(nearly, /In the latest detection window it is 31\.0 %; two windows/);
  const cleared = { ...monitoring, alerts: [{ ...alert, cleared: 400, cleared_s: 2 }] };
  assert.match(said(state({}, {}, { monitoring: cleared })), /still filling/);
});

test("frames bring what changed of alerts, and the lists stay whole", () => {
  const alert = (raised: number, cleared: number | null) => ({ alert: "hit_rate" as const, raised,
    raised_s: 0, value: 0.1, cleared, cleared_s: cleared === null ? null : 0 });
  const news = { windows: 1, hit_rate: 0.5, concentration: 0.5, hot_blocks: 0, hottest_share: null,
    alerts_from: 0, alerts: [alert(200, null)], tuned_from: 0, tuned: [] };
  const first = watched(null, news);
  assert.equal(watched(first, undefined), first);
  const next = watched(first, { ...news, alerts: [alert(200, 500), alert(900, null)] });
  assert.deepEqual(next?.alerts.map(({ cleared }) => cleared), [500, null]);
  const last = watched(next, { ...news, alerts_from: 1, alerts: [alert(900, 1000)] });
  assert.deepEqual(last?.alerts.map(({ cleared }) => cleared), [500, 1000]);
  // Back to a moment before all of them.
  assert.deepEqual(watched(last, { ...news, alerts: [] })?.alerts, []);
});

test("a crowded node is named", () => {
  const work = { ...even, largest_share: 0.8, largest_node: 1, max_over_mean: 1.6 };
  assert.match(said(state({ window_balance: { work } })), /Node 1 does 80 % of the work/);
});

test("at the end, what was left on the table", () => {
  assert.match(said(state({}, { done: true })), /50\.0 % of its tokens .* 10\.0 points were left/);
});

test("a trace of one's own without block ids has no hit rate, unless blocks are made up", () => {
  const source: State["source"] = { kind: "url", url: "", name: "lengths.csv" };
  const read = (facts: object) =>
    ({ ...state({}, {}, { report: { requests: 5, ids: false, made_up: false, ...facts } as
      ReadReport }), source });
  assert.match(said(read({})), /no block ids/);
  assert.match(said(read({ made_up: true })), /still filling/);
  assert.match(said(read({ ids: true })), /still filling/);
  const made = { ...read({}), source: null };
  assert.match(said(made), /still filling/, "a workload is made, not read");
});

test("what was done is the news, with how far the hit rate fell", () => {
  const course = { before: 0.5, worst: 0.4, back_after_requests: null, back_after_s: null };
  const event = { what: "kill:1@4800", index: 0, request: 4800, at_s: 0, lost_blocks: 90,
    retried: 0, aborted: 0, hit_rate: course };
  const perturbed = { events: [event] } as unknown as NonNullable<RunState["perturbed"]>;
  assert.match(said(state({}, {}, { perturbed })),
    /Node 1 killed, before request 4,800\. 90 blocks lost\. .* 50\.0 % .* 40\.0 % .* not back yet/);
  assert.match(said(state({}, { requests: 9000 }, { perturbed })), /still filling/);
});

test("a prefix at home on one node is told, and one that is everywhere is not", () => {
  const families = { block: Uint32Array.of(0, 7), requests: Float64Array.of(2000, 1500) };
  const nodes = (heat: number[]) => ({ ...state({}).lanes[0].frame!.nodes,
    heat: Uint32Array.from(heat) });
  // By node: blocks of none, of the first family and of the second, by band.
  const apart = said(state({ requests: 5000 },
    { families, nodes: nodes([5, 0, 3, 3, 0, 1, 5, 0, 3, 3, 20, 20]) }));
  assert.match(apart, /prefix of 30 % of the requests lives on node 1.* 10 % of their blocks/);
  const spread = said(state({ requests: 5000 },
    { families, nodes: nodes([5, 0, 3, 3, 9, 9, 5, 0, 3, 3, 9, 9]) }));
  assert.match(spread, /still filling/);
});

test("with no living node, that comes first", () => {
  const nodes = { ...state({}).lanes[0].frame!.nodes, state: Uint16Array.of(3, 2) };
  assert.match(said(state({}, { nodes })), /No node takes requests/);
});

test("that nothing is kept for long is said before what comes of it", () => {
  const warning = "a node holds 23 blocks and 50 are evicted at once: each eviction empties its "
    + "cache";
  assert.match(said(state({ batch_warning: warning }, { done: true })), /^A node holds 23 blocks/);
});
