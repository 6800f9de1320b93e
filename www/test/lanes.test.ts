import assert from "node:assert/strict";
import { test } from "node:test";
import type { Comparison, Failure } from "../src/engine/protocol.ts";
import { aligned } from "../src/draw/strips/lanes.ts";
import { asLanes, configOf, inShort, withCopy, withLane, withoutLane } from "../src/state/lanes.ts";
import { begun, stopped } from "../src/state/run.ts";
import { OPENING, type Setup } from "../src/state/setup.ts";

const setup: Setup = { ...OPENING, config: { nodes: 4, seed: "7", clock: { id: "logical" },
  router: { id: "plain" }, eviction: { id: "lru" } } };

test("a copy differs in the router, and is not changed with the lane it was made of", () => {
  const two = withCopy(setup, 0, "scored");
  assert.deepEqual(configOf(two, 1), { ...setup.config, router: { id: "scored" } });
  const changed = withLane(two, 0, { ...two.config, eviction: { id: "fifo" }, nodes: 9 });
  assert.deepEqual(configOf(changed, 1).eviction, { id: "lru" });
  // What it never had of its own, it shares.
  assert.equal(configOf(changed, 1).nodes, 9);
});

test("what lanes share is changed for all, whichever is edited", () => {
  const two = withCopy(setup, 0, "scored");
  const edited = withLane(two, 1, { ...configOf(two, 1), seed: "8", clock: { id: "timed" },
    nodes: 16 });
  assert.deepEqual([edited.config.seed, edited.config.clock], ["8", { id: "timed" }]);
  assert.deepEqual([edited.config.nodes, configOf(edited, 1).nodes], [4, 16]);
  // The same as the first again is nothing of its own.
  const back = withLane(edited, 1, { ...configOf(edited, 1), nodes: 4 });
  assert.equal("nodes" in back.others[0]!, false);
});

test("the lanes that are left run what they ran", () => {
  const wide = withLane(withCopy(setup, 0, "scored"), 1, { ...setup.config, nodes: 16,
    router: { id: "scored" } });
  const three = withCopy(wide, 0, "third");
  const all = [0, 1, 2].map((lane) => configOf(three, lane));
  for (const gone of [0, 1, 2]) {
    const left = withoutLane(three, gone);
    const ran = [0, 1].map((lane) => configOf(left, lane));
    assert.deepEqual(ran, all.filter((_, lane) => lane !== gone), `without ${gone}`);
  }
  assert.deepEqual(withoutLane(withCopy(setup, 0, "scored"), 1), setup);
});

test("configurations become lanes where they share what lanes share", () => {
  const [one, other] = [{ ...setup.config, nodes: 8 },
    { ...setup.config, router: { id: "scored" }, capacity_blocks: 9 }];
  const made = asLanes({ ...setup, others: [{ nodes: 99 }] }, [one, other]);
  assert.ok(!Array.isArray(made));
  assert.deepEqual([0, 1].map((lane) => configOf(made, lane)), [one, { ...other }]);
  const differ = asLanes(setup, [one, { ...other, seed: "8", window: 50 },
    { ...one, block_size: 16 }]);
  assert.deepEqual(differ, ["seed", "window", "block_size"]);
});

test("what is wrong with a lane stands beside its controls, and not beside another's", () => {
  const reason = (path: string) => ({ path, value: "0", expected: "more", message: "" });
  const failure: Failure = { kind: "config", message: "both",
    reasons: [reason("lane A: settings.nodes"), reason("lane B: router.id")] };
  const paths = (letter: string) =>
    stopped(begun(1, {}), failure, letter).failure?.reasons.map(({ path }) => path);
  assert.deepEqual([paths("A"), paths("B"), paths("C")], [["settings.nodes"], ["router.id"], []]);
  const alone: Failure = { ...failure, reasons: [reason("seed")] };
  assert.deepEqual(stopped(begun(1, {}), alone, "A").failure, alone);
});

test("a lane's samples stand where the first had served as many requests", () => {
  const first = [10, 20, 30, 40];
  assert.deepEqual(aligned([1, 2, 3, 4], first, first), [1, 2, 3, 4]);
  assert.deepEqual(aligned([1, null], [20, 30], first), [1, 1, null, null]);
});

test("of much that was done to a lane its name has the count, and a little stands as it is", () => {
  const three = "kill:2@1875, drain:3@2269, add:2@2500";
  const values = [three, "kill:2@1875, drain:3@2269", `${three}, heal:2@3000`, "no perturbation"];
  const told = { differences: [{ part: "perturbations", short: "", unit: "", values }] };
  assert.deepEqual(values.map((value) =>
    inShort(`cache_aware, ${value}, seed 7`, told as unknown as Comparison)), [
    "cache_aware, 3 perturbations, seed 7", `cache_aware, ${values[1]}, seed 7`,
    "cache_aware, 4 perturbations, seed 7", "cache_aware, no perturbation, seed 7"]);
  assert.equal(inShort(`the perturbations: A ${values[0]}, B ${values[2]}.`,
    told as unknown as Comparison), "the perturbations: A 3 perturbations, B 4 perturbations.");
});
