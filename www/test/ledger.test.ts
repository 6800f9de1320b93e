/** The ledger: which runs become rows, what of them is told, and what they are held to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CompareActions } from "../src/app/compare.ts";
import type { Context } from "../src/app/context.ts";
import { LedgerActions } from "../src/app/ledger.ts";
import type { Config, Frame } from "../src/engine/protocol.ts";
import { COLUMNS, awayText, figureText, ledgerCsv } from "../src/panel/views/ledger-rows.ts";
import { wordsOf } from "../src/panel/views/words.ts";
import { MOST_ROWS, awayOf, emptied, entered, figuresOf, withoutRow, type Ended }
  from "../src/state/ledger.ts";
import { begun } from "../src/state/run.ts";
import { INITIAL, NO_ROWS, type State } from "../src/state/state.ts";
import { Store } from "../src/state/store.ts";
import { tables } from "./tables.ts";

/** A frame, as far as rows are made of it. */
function frameOf(requests: number, done: boolean, totals: object = {}): Frame {
  const balance = { work: { largest_share: 0.5 } };
  return { requests, done, nodes: { state: Uint16Array.of(1, 1) }, totals: { requests, blocks: 10,
    hit_tokens: 40, ceiling_tokens: 60, input_tokens: 100, balance, ...totals } } as unknown as
    Frame;
}

const ended = (part: Partial<Ended> = {}): Ended => ({ lane: "", trace: "one", name: "One",
  config: { nodes: 2 }, requests: 9, whole: true, figures: figuresOf(frameOf(9, true)),
  bounded: false, ...part });

test("figures are of the whole run, and what is not defined is nothing, and not 0", () => {
  assert.deepEqual(figuresOf(frameOf(9, true)), { hit_rate: 0.4, gap_to_ceiling: 0.2,
    top_share: 0.5, ttft_mean_s: null, ttft_p99_s: null });
  const timed = { ttft: { mean_s: 2, p99_s: 5 } };
  assert.deepEqual(figuresOf(frameOf(9, true, timed)).ttft_p99_s, 5);
  const without = figuresOf(frameOf(9, true, { blocks: 0, hit_tokens: 0, ceiling_tokens: 0 }));
  assert.deepEqual([without.hit_rate, without.gap_to_ceiling], [null, null]);
});

test("a run has a number, its lanes a row each, and the same run is the same row", () => {
  const one = entered(NO_ROWS, [ended()]);
  const lanes = [ended({ lane: "A" }), ended({ lane: "B", config: { nodes: 3 } }),
    ended({ lane: "C", config: { nodes: 3 } })];
  const two = entered(one, lanes);
  assert.deepEqual(two.rows.map(({ id, run, lane }) => [id, run, lane]), [[1, 1, ""], [2, 2, "B"]]);
  assert.equal(entered(two, lanes), two);
  // Of fewer requests, of another trace, or changed on the way it is another.
  const others = [ended({ requests: 8 }), ended({ trace: "two" }),
    ended({ config: { nodes: 2, perturb: ["kill:0@5"] } })];
  assert.equal(entered(two, others).rows.length, 5);
  const order = [ended({ config: { nodes: 2, seed: "1" } }), ended({ config: { seed: "1",
    nodes: 2 } })];
  assert.equal(entered(NO_ROWS, order).rows.length, 1, "in whichever order it was chosen");
});

test("the ledger is bounded: the oldest goes, but not the one that others are held to", () => {
  const fill = (count: number) => Array.from({ length: count }, (_, i) =>
    ended({ config: { nodes: i + 1 } }));
  const full = { ...entered(NO_ROWS, fill(MOST_ROWS)), baseline: 1 };
  const more = entered(full, [ended({ trace: "two" }), ended({ trace: "three" })]);
  assert.equal(more.rows.length, MOST_ROWS);
  assert.deepEqual(more.rows.slice(0, 2).map(({ id }) => id), [1, 4]);
  assert.deepEqual(more.rows.slice(-2).map(({ id }) => id), [MOST_ROWS + 1, MOST_ROWS + 2]);
  assert.equal(withoutRow(more, 1).baseline, null);
  assert.equal(withoutRow(more, 4).baseline, 1);
  const again = entered(emptied(more), [ended()]);
  assert.deepEqual(again.rows.map(({ id, run }) => [id, run]), [[MOST_ROWS + 3, 3]]);
});

test("a row is held to another of the same requests, and to no other", () => {
  const timed = (mean_s: number) => figuresOf(frameOf(9, true, { hit_tokens: 10 * mean_s,
    ttft: { mean_s, p99_s: 5 } }));
  const [base, row] = [ended({ figures: timed(2) }), ended({ figures: timed(5) })];
  assert.equal(awayOf(row, base, "ttft_mean_s"), 3);
  assert.equal(awayOf(row, undefined, "ttft_mean_s"), null);
  assert.equal(awayOf(base, base, "ttft_mean_s"), null);
  assert.equal(awayOf({ ...row, trace: "two" }, base, "ttft_mean_s"), null);
  assert.equal(awayOf({ ...row, requests: 8 }, base, "ttft_mean_s"), null);
  assert.equal(awayOf(ended(), base, "ttft_mean_s"), null, "without time there is none");
  const least = { ...row, bounded: true };
  assert.equal(awayOf(least, base, "gap_to_ceiling"), null, "of a bound nothing is known");
  assert.equal(figureText(least, COLUMNS[1]!), "≥ 10.0\u202fpt");
  const said = COLUMNS.map((column) => awayText(row, base, column).replaceAll("\u202f", " "));
  assert.deepEqual(said, ["+30.0 pt", "−30.0 pt", "same", "+3.00 s", "same"]);
});

test("a configuration in words says what is not as it always is", () => {
  const config: Config = { nodes: 4, capacity_blocks: 1000, router: { id: "scored",
    params: { weight: 3, match: "any" } }, clock: { id: "timed" }, insertion: "tree", seed: "7",
    migration: { id: "none" }, perturb: ["kill:3@5000", "rate:2@90s"] };
  assert.deepEqual(wordsOf(tables, config), { router: "scored (weight 3, match any)",
    rest: "fifo · 4 nodes of 1,000 blocks · timed clock · none · insertion tree · seed 7",
    changed: "Node 3 killed before request 5,000; Arrivals × 2 at 90s" });
  assert.match(wordsOf(tables, { capacity_blocks: 2 ** 30 }).rest, /unlimited cache/);
});

test("the file has a line a row, its configuration, and nothing where nothing is defined", () => {
  const rows = [ended({ name: "a, b" }), ended({ lane: "B", config: { router: { id: "scored",
    params: { weight: 3, match: "any" } } }, figures: figuresOf(frameOf(9, true,
    { hit_tokens: 50 })) })];
  const csv = ledgerCsv(tables, { ...entered(NO_ROWS, rows), baseline: 1 });
  const [head, first, second] = csv.split("\n");
  assert.equal(head, "run,lane,trace,requests,whole_trace,router,migration,eviction,clock,nodes,"
    + "capacity_blocks,block_size,insertion,seed,perturb,hit_rate,gap_to_ceiling,top_share,"
    + "ttft_mean_s,ttft_p99_s,ceiling,less_hit_rate,less_gap_to_ceiling,less_top_share,"
    + "less_ttft_mean_s,less_ttft_p99_s,baseline");
  assert.equal(first, `1,,"a, b",9,yes,,,,,2,5859,512,flat,0,,0.4,0.2,0.5,,,exact,,,,,,1`);
  assert.match(second!,
    /^1,B,One,9,yes,"scored:match=any,weight=3",,,,8,.*,0\.5,0\.1,0\.5,,,exact,/);
});

test("what ends becomes a row once, and what goes on from it only when that ends", () => {
  const store = new Store<State>({ ...INITIAL, tables, analysis: { ...INITIAL.analysis,
    trace: "one" } });
  new LedgerActions({ store } as Context, {} as CompareActions);
  const names = () => store.now.ledger.rows.map(({ run, lane }) => `${run}${lane}`);
  const show = (job: number, frame: Frame, config: Config = {}) =>
    store.set({ lanes: [{ ...begun(job, config), frame }] });
  show(1, frameOf(4, false));
  show(1, frameOf(0, true));
  assert.deepEqual(names(), []);
  const last = frameOf(9, true);
  show(2, last);
  store.set({});
  assert.deepEqual(names(), ["1"]);
  // Back, on to the end, and then something is done to the cluster there.
  show(2, frameOf(5, false));
  const again = frameOf(9, true);
  show(2, again);
  const changed = { perturb: ["kill:0@5"] };
  show(3, again, changed);
  assert.deepEqual(names(), ["1"], "what is shown for it is of the run before");
  show(3, frameOf(9, true), changed);
  assert.deepEqual(names(), ["1", "2"]);
  const two = { ...begun(4, {}), frame: frameOf(8, true) };
  store.set({ lanes: [two, { ...two, config: { nodes: 3 } }] });
  assert.deepEqual(names(), ["1", "2", "3A", "3B"]);
});
