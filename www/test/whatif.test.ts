import assert from "node:assert/strict";
import { test } from "node:test";
import { marksOf } from "../src/panel/marks.ts";
import { backOf } from "../src/panel/whatif/list.ts";
import { goesWith, roomForNodes, withoutChange } from "../src/state/perturbed.ts";
import { OPENING, type Setup } from "../src/state/setup.ts";
import { INITIAL, type State } from "../src/state/state.ts";
import { tables } from "./tables.ts";

test("a figure is not called away before it was", () => {
  const course = { before: 0.2, worst: 0.195, back_after_requests: null, back_after_s: null };
  assert.equal(backOf(course), "not far off so far");
  assert.equal(backOf({ ...course, worst: 0.15 }), "not back yet");
  assert.equal(backOf({ ...course, back_after_requests: 0 }), "not far off in the window after it");
  assert.match(backOf({ ...course, back_after_requests: 1240, back_after_s: 720 }),
    /^back after 1,240 requests \(12.min\)$/);
});

test("what only ends something, or builds on it, is taken back with it", () => {
  // Eight nodes, from 0 to 7.
  const cases: [list: string[], place: number, too: number[]][] = [
    [["kill:3@2000", "heal:3@6000"], 0, [1]],
    [["heal:3@6000", "kill:3@2000"], 1, [0]],
    [["drain:2@90s", "heal:2@1e2s"], 0, [1]],
    [["kill:3@2000", "heal:4@6000", "kill:4@10"], 0, []],
    // The node that was drained before is still healed, and one that is killed twice, once.
    [["drain:3@1", "kill:3@2", "heal:3@3"], 1, []],
    [["drain:3@1", "kill:3@2", "heal:3@3"], 0, []],
    [["kill:3@1", "heal:3@2", "kill:3@3", "heal:3@4"], 0, [1]],
    [["kill:3@1", "heal:3@2", "kill:3@3", "heal:3@4"], 1, [2]],
    [["add:2@5", "kill:9@6", "slow:8:4@7", "slow:1:4@7", "rate:2@8"], 0, [1, 2]],
    // Of moments of two kinds nobody knows the order: the list's is taken.
    [["kill:3@2000", "heal:3@1s"], 0, [1]],
    // What could not be done before stays, for its reason is told.
    [["kill:3@2", "heal:5@3"], 0, []],
  ];
  for (const [list, place, too] of cases) {
    assert.deepEqual(goesWith(list, place, tables, {}), too, `${list.join(" ")} without ${place}`);
  }
});

test("every lane loses what goes with it there", () => {
  const setup: Setup = { ...OPENING, config: { nodes: 8, perturb: ["kill:3@2000", "heal:3@6000"] },
    others: [{}, { perturb: ["kill:3@2000", "rate:2@9", "heal:3@6000"] }] };
  const { config, others } = withoutChange(setup, 0, 0, tables);
  assert.deepEqual([config.perturb, ...others.map(({ perturb }) => perturb)],
    [undefined, undefined, ["rate:2@9"]]);
});

test("as many nodes can join as the fullest lane has room for, with those to come", () => {
  const setup: Setup = { ...OPENING, config: { nodes: 8, perturb: ["add:2@5", "kill:1@7"] },
    others: [{ nodes: 1000, perturb: [] }] };
  assert.equal(roomForNodes({ ...setup, others: [] }, tables), 1014);
  assert.equal(roomForNodes(setup, tables), 24);
});

test("what is to come before a request has its flag, until it came", () => {
  const perturb = ["heal:3@6000", "kill:3@4000", "slow:1:4@90s", "rate:2@90000"];
  const events = [{ index: 1, what: "kill:3", request: 4000 }];
  const [lane] = INITIAL.lanes;
  const flags = (perturbed: unknown) => marksOf({ ...INITIAL,
    lanes: [{ ...lane, config: { perturb }, perturbed }] } as State, 10_000)
    .map(({ kind, at, letter, title }) => `${kind} ${letter} ${at} ${title}`);
  assert.deepEqual(flags({ events }),
    ["due H 5999 Node 3 healed, to come", "done K 3999 Node 3 killed"]);
  assert.deepEqual(flags(null),
    ["due K 3999 Node 3 killed, to come", "due H 5999 Node 3 healed, to come"]);
});
