/** Links that earlier versions of the page have made: each still gives the run that it gave then.
 *  A line is never changed and never taken out; a new kind of link gets one more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "../src/state/link.ts";
import { OPENING, type Setup } from "../src/state/setup.ts";
import { tables } from "./tables.ts";

const config = { router: { id: "plain" }, eviction: { id: "lru" } };

const LINKS: [since: string, link: string, means: Partial<Setup>, at?: number][] = [
  ["one run of a workload",
    "#v=1&workload=second&speed=max&nodes=4&capacity_blocks=5000&seed=42&router=scored"
      + "&router.weight=12&router.match=any&router.dynamic=true&eviction=fifo",
    { workload: "second", speed: Number.POSITIVE_INFINITY, view: "run", others: [],
      config: { nodes: 4, capacity_blocks: 5000, seed: "42", eviction: { id: "fifo" },
        router: { id: "scored", params: { weight: 12, match: "any", dynamic: true } } } }],
  ["a trace beside the page", "#trace=local/t.jsonl", { trace: "local/t.jsonl", workload: "" }],
  ["a trace beside the page, and what serves it",
    "#v=1&trace=local%2Ft.jsonl&speed=300&router=plain&eviction=lru",
    { trace: "local/t.jsonl", workload: "", speed: 300, config }],
  ["a trace of one's own, which no link named",
    "#v=1&workload=own&speed=300&router=plain&eviction=lru",
    { workload: "", file: null, trace: null, config }],
  ["the views and what is asked in them",
    "#v=1&view=plan&curve=fifo&curve.nodes=8&curve.router=scored&seeds=3&vary.router=plain*scored"
      + "&vary.clock.rate=1*1.5&workload=second&speed=300&router=plain&eviction=lru",
    { view: "plan", sweep: { axes: { router: ["plain", "scored"], "clock.rate": ["1", "1.5"] },
      seeds: 3, against: OPENING.sweep.against },
    curve: { ...OPENING.curve, evictions: ["fifo"], nodes: 8, router: "scored" }, config }],
  ["lanes and a moment",
    "#v=1&workload=second&speed=300&at=4711&router=plain&eviction=lru&b.router=scored"
      + "&b.router.weight=3&c.nodes=8",
    { others: [{ router: { id: "scored", params: { weight: 3 } } }, { nodes: 8 }], config }, 4711],
  ["what is done to the cluster",
    "#v=1&scope=window&workload=second&speed=300&moments=120*900&perturb=kill%3A3%405000*heal%3A3"
      + "%407000s&router=plain&eviction=lru&b.perturb=&b.router=scored",
    { scope: "window", moments: [120, 900], others: [{ router: { id: "scored" }, perturb: [] }],
      config: { ...config, perturb: ["kill:3@5000", "heal:3@7000s"] } }],
  ["prices, advice and how long answers took",
    "#v=1&curve.sample=0.01&advice.routers=scored&advice.seeds=3&weight.hit=2&price.node=9"
      + "&study=figure&took.curve=1.25&workload=second&requests=500&workload_seed=9&speed=300"
      + "&router=plain&eviction=lru",
    { study: "figure", took_s: { curve: 1.25 }, requests: 500, workloadSeed: "9",
      prices: { ...OPENING.prices, node: 9 }, curve: { ...OPENING.curve, sample: 0.01 },
      advice: { ...OPENING.advice, routers: ["scored"], seeds: 3, weights: { hit: 2 } }, config }],
  ["one field for how long the view's answers took",
    "#v=1&view=plan&study=figure&took=advice-31*sweep-1.2*study-9&workload=second&speed=300"
      + "&router=plain&eviction=lru",
    { view: "plan", took_s: { advice: 31, sweep: 1.2, study: 9 }, config }],
  ["the mark of a file",
    "#v=1&workload=own&file=day+1.jsonl&file.bytes=123456&file.hash=0123456789abcdef&speed=300"
      + "&router=plain&eviction=lru",
    { workload: "", file: { name: "day 1.jsonl", bytes: 123_456, hash: "0123456789abcdef" },
      config }],
  ["a trace at an address",
    "#v=1&trace=https%3A%2F%2Fother.example%2Ft.jsonl.gz&speed=300&router=plain&eviction=lru",
    { trace: "https://other.example/t.jsonl.gz", workload: "", file: null, config }],
];

for (const [since, link, means, at = null] of LINKS) {
  test(`a link from when there was ${since}`, () => {
    const restored = decode(link, tables);
    assert.deepEqual(restored.unknown, []);
    assert.equal(restored.at, at);
    for (const [name, value] of Object.entries(means)) {
      assert.deepEqual(restored.setup[name as keyof Setup], value, name);
    }
  });
}
