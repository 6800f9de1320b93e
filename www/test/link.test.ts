import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "../src/state/link.ts";
import { FIRST, OPENING, TABS, type Setup } from "../src/state/setup.ts";
import { configOf } from "../src/state/lanes.ts";
import { withChange, withoutChange } from "../src/state/perturbed.ts";
import { tables } from "./tables.ts";

const elaborate: Setup = {
  moments: [120, 900], request: 4711, tab: "nodes", view: "plan", scope: "window",
  others: [{ router: { id: "plain" } },
    { router: { id: "scored", params: { weight: 3 } }, nodes: 8, eviction: { id: "lru" } }],
  curve: { evictions: ["fifo"], nodes: 8, router: "scored", model: "small", sample: 0.01 },
  prices: { node: 9, gib: 0 },
  study: "figure",
  took_s: { advice: 31, study: 12 },
  advice: { routers: ["scored", "scored:weight=3,match=any"], evictions: ["fifo"], seeds: 3,
    requests: 2000, weights: { hit: 2, balance: 0 } },
  sweep: { axes: { router: ["plain", "scored"], "clock.rate": ["1", "1.5"], nodes: [] }, seeds: 3,
    against: ["evictions", "token_hit_rate"] },
  workload: "second",
  trace: null,
  file: null,
  requests: 500,
  workloadSeed: "9",
  config: {
    nodes: 16,
    capacity_blocks: 5000,
    insertion: "tree",
    seed: "18446744073709551615",
    perturb: ["kill:3@5000", "heal:3@7000s"],
    router: { id: "scored", params: { weight: 12.5, match: "any", dynamic: true } },
    eviction: { id: "lru" },
  },
  speed: Number.POSITIVE_INFINITY,
};

test("a link brings back everything that was chosen", () => {
  const { setup, unknown } = decode(encode(elaborate), tables);
  assert.deepEqual(setup, elaborate);
  assert.deepEqual(unknown, []);
});

test("a link says which moment and which lane are looked at, as far as there are such", () => {
  for (const seen of [{ at: null, lane: 0 }, { at: 1, lane: 1 }, { at: 700, lane: 2 }]) {
    const { at, lane } = decode(encode(elaborate, seen), tables);
    assert.deepEqual({ at, lane }, seen);
  }
  const other = { ...elaborate, others: elaborate.others.slice(0, 1) };
  assert.equal(decode(encode(other, { at: null, lane: 2 }), tables).lane, 0);
});

test("a link has every tab, and says of another that there is none", () => {
  for (const tab of TABS) {
    const { setup, unknown } = decode(encode({ ...elaborate, tab }), tables);
    assert.deepEqual([setup.tab, unknown], [tab, []]);
  }
  for (const tab of ["No des", "<b>", "1", "node"]) {
    const { setup, unknown } = decode(`#v=1&tab=${tab}`, tables);
    assert.deepEqual([setup.tab, unknown.length], ["", 1], tab);
  }
});

test("a capacity in a unit of its own is kept in it, of each lane", () => {
  const config = { ...elaborate.config, capacity_blocks: "3000000tokens" };
  const others = [{ capacity_blocks: "1.5TiB" }, { capacity_blocks: "inf" }];
  const { setup, unknown } = decode(encode({ ...elaborate, config, others }), tables);
  assert.deepEqual([setup.config.capacity_blocks, ...setup.others.map((it) => it.capacity_blocks)],
    ["3000000tokens", "1.5TiB", "inf"]);
  assert.deepEqual(unknown, []);
  for (const text of ["1TB", "GiB", "0tokens", "many"]) {
    assert.equal(decode(`#v=1&capacity_blocks=${text}`, tables).unknown.length, 1, text);
  }
  assert.equal(decode("#v=1&nodes=1GiB", tables).unknown.length, 1, "only what has units");
});

test("the frontier's metrics are a link's own, and those that are not known are the usual", () => {
  const link = (against: string) => decode(`#v=1&workload=second&against=${against}`, tables);
  assert.deepEqual(link("token_hit_rate*evictions").setup.sweep,
    { ...OPENING.sweep, against: ["token_hit_rate", "evictions"] });
  assert.deepEqual(link("token_hit_rate*nothing").setup.sweep, OPENING.sweep);
});

test("no fragment is the opening", () => {
  assert.deepEqual(decode("", tables).setup, FIRST);
});

test("a trace is kept beside a configuration, and works without one", () => {
  const { setup } = decode("#trace=local/a%20b.jsonl", tables);
  assert.deepEqual([setup.trace, setup.workload], ["local/a b.jsonl", ""]);
  const both = decode(encode({ ...elaborate, workload: "", trace: "local/t.jsonl" }), tables);
  assert.equal(both.setup.trace, "local/t.jsonl");
  assert.equal(both.setup.config.nodes, 16);
});

test("a link of a person's own trace says which file that is, as far as is known", () => {
  const own = { ...elaborate, workload: "" };
  assert.deepEqual(decode(encode(own), tables).setup, own);
  const file = { name: "a & b*ü.jsonl.gz", bytes: 5_000_000_000, hash: "00ff00ff00ff00ff" };
  for (const mark of [file, { ...file, hash: "" }]) {
    assert.deepEqual(decode(encode({ ...own, file: mark }), tables).setup.file, mark);
  }
  assert.equal(encode({ ...elaborate, file }).includes("file"), false, "a workload has no file");
});

test("a mark that cannot be one is none, and names stay what they are", () => {
  const fileOf = (text: string) => decode(`#v=1&workload=own&file=a&${text}`, tables).setup.file;
  for (const bytes of ["", "-1", "1.5", "1e3", "NaN", "99999999999999999"]) {
    assert.equal(fileOf(`file.bytes=${bytes}`), null, bytes);
  }
  for (const hash of ["xyz", "00FF00FF00FF00FF", "00", "<b>"]) {
    assert.deepEqual(fileOf(`file.bytes=7&file.hash=${hash}`), { name: "a", bytes: 7, hash: "" });
  }
});

test("what the page does not have is said, and the rest is kept", () => {
  const { setup, unknown } = decode(
    "#v=1&nodes=4&router=telepathic&eviction=lru&seed=minus&insertion=up&speed=-3", tables);
  assert.equal(setup.config.nodes, 4);
  assert.deepEqual(setup.config.router, { id: OPENING.config.router?.id });
  assert.deepEqual(setup.config.eviction, { id: "lru" });
  assert.equal(setup.speed, OPENING.speed);
  assert.equal(unknown.length, 4);
  assert.match(unknown.join(" "), /telepathic/);
});

test("a workload or a study that is not here is said, and the rest is kept", () => {
  const { setup, unknown } = decode("#v=1&workload=nosuch&study=nobody&nodes=4", tables);
  assert.deepEqual([setup.workload, setup.study, setup.config.nodes], [OPENING.workload, "", 4]);
  assert.deepEqual(unknown, [
    "The link asks for the study “nobody”, which this version does not have.",
    "The link asks for the workload “nosuch”, which this version does not have."]);
});

test("a value that its name does not take is said, and is as if it were not there", () => {
  const strange = ["speed=-3", "at=soon", "view=nowhere", "scope=all", "requests=0", "request=x",
    "lane=c", "seeds=none", "curve.sample=-1", "advice.requests=many", "price.node=-2"];
  const { setup, at, lane, unknown } = decode(`#v=1&${strange.join("&")}`, tables);
  assert.deepEqual([setup, at, lane], [decode("#v=1", tables).setup, null, 0]);
  assert.deepEqual([...unknown].sort(),
    strange.map((one) => `The link's “${one}” has no such value.`).sort());
  const those = decode("#v=1&moments=5*-1*9&curve=lru*telepathic", tables);
  assert.deepEqual([those.setup.moments, those.setup.curve.evictions], [[5, 9], ["lru"]]);
  assert.equal(those.unknown.length, 2);
});

test("a run that rests before its first request has a link of its own", () => {
  const link = encode(OPENING, { at: 0, lane: 0 });
  assert.equal(decode(link, tables).at, 0);
});

test("a name that says nothing here is said, of each lane", () => {
  const { setup, unknown } = decode("#v=1&nodez=4&router=plain&router.weight=3&curve.size=9"
    + "&vary.nodes=1*2&b.router=scored&b.router.weight=2&b.capacity=9&d.nodes=8", tables);
  assert.deepEqual(setup.others, [{ router: { id: "scored", params: { weight: 2 } } }]);
  const told = ["b.capacity", "nodez", "router.weight", "curve.size", "d.nodes"];
  assert.deepEqual(unknown, told.map((name) => `The link's “${name}” says nothing here.`));
});

test("lanes are told by their letters, and a lane without the one before it is none", () => {
  assert.match(encode(elaborate), /&b\.router=plain&c\.nodes=8&c\.router=scored/);
  const { setup } = decode("#v=1&router=plain&c.router=scored", tables);
  assert.deepEqual(setup.others, []);
  const { unknown } = decode("#v=1&b.router=telepathic", tables);
  assert.match(unknown.join(" "), /telepathic/);
});

test("a later version is refused in a sentence", () => {
  const { setup, unknown } = decode("#v=9&nodes=4", tables);
  assert.deepEqual(setup, FIRST);
  assert.match(unknown[0] ?? "", /version 9/);
});

test("what is done is done to every lane, a parameter to one, and links tell both", () => {
  const two: Setup = { ...OPENING, others: [{ router: { id: "plain" } }] };
  const lists = (setup: Setup) => [0, 1].map((lane) => configOf(setup, lane).perturb);
  const killed = withChange(two, "kill:3", 500, null);
  assert.deepEqual(lists(killed), [["kill:3@500"], ["kill:3@500"]]);
  assert.equal("perturb" in killed.others[0]!, false, "what is shared is nobody's own");
  const set = withChange(killed, "set:router.weight=2", 600, 1);
  assert.deepEqual(lists(set), [["kill:3@500"], ["kill:3@500", "set:router.weight=2@600"]]);
  const healed = withChange(set, "heal:3", 700, null);
  assert.deepEqual(lists(healed).map((list) => list?.at(-1)), ["heal:3@700", "heal:3@700"]);
  const link = decode(encode(healed), tables).setup;
  assert.deepEqual(lists(link), lists(healed));
  const back = withoutChange(healed, 1, 0, tables);
  assert.deepEqual(lists(back), [["kill:3@500"], ["kill:3@500", "set:router.weight=2@600"]]);
});

test("a lane to which nothing is done, beside one to which something is, says so", () => {
  const two: Setup = { ...OPENING, others: [{ router: { id: "plain" } }] };
  const one = withChange(two, "set:router.weight=2", 600, 0);
  assert.deepEqual(configOf(one, 1).perturb, []);
  assert.match(encode(one), /&b\.perturb=&/);
  assert.deepEqual(configOf(decode(encode(one), tables).setup, 1).perturb, []);
});

test("how long answers took is one short field, of the view's own questions", () => {
  const took_s = { curve: 1.25, repeat: 9, sweep: 12.345, study: 0.0123 };
  const took = (setup: Partial<Setup>) =>
    new URLSearchParams(encode({ ...OPENING, took_s, ...setup }).slice(1)).get("took");
  assert.equal(took({ view: "run" }), null);
  assert.equal(took({ view: "plan" }), "sweep-12");
  assert.equal(took({ view: "learn", study: "figure" }), "study-0.012");
  assert.doesNotMatch(encode({ ...OPENING, view: "plan", took_s }), /took\./);
});
