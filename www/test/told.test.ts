import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "../src/engine/protocol.ts";
import { Told } from "../src/panel/told.ts";
import type { Work } from "../src/state/analysis.ts";
import { begun, type RunState } from "../src/state/run.ts";
import { INITIAL, type State } from "../src/state/state.ts";

const CONFIG = {};

function after(requests: number, done = false): RunState {
  return { ...begun(1, CONFIG), frame: { requests, done } as Frame };
}

const PLAYING: State = { ...INITIAL, engine: "ready", playing: true, lanes: [after(1)] };

test("while a run plays, panels are told now and then, and of the last in the end", () => {
  const told = new Told();
  assert.ok(told.due(PLAYING, 0), "the first");
  assert.ok(!told.due(PLAYING, 1000), "nothing new");
  const on: State = { ...PLAYING, lanes: [after(2)] };
  assert.ok(!told.due(on, 16));
  assert.ok(told.behind(on), "it has yet to be told");
  assert.ok(told.due(on, 221));
  assert.ok(!told.behind(on));
});

test("what somebody did, and the end of a run, are told at once", () => {
  const others: [string, Partial<State>][] = [
    ["paused", { playing: false }], ["another node", { node: 3 }], ["a notice", { notices: ["x"] }],
    ["the end", { lanes: [after(2, true)] }], ["another run", { lanes: [begun(2, CONFIG)] }],
    ["what is chosen", { setup: { ...PLAYING.setup, scope: "window" } }],
    ["a lane more", { lanes: [after(2), after(2)] }],
    ["no frame yet", { lanes: [begun(1, CONFIG)] }],
    ["a failure", { lanes: [{ ...after(2),
      failure: { kind: "file", message: "", reasons: [] } }] }],
  ];
  for (const [what, part] of others) {
    const told = new Told();
    told.due(PLAYING, 0);
    assert.ok(told.due({ ...PLAYING, ...part }, 1), what);
  }
});

test("on the way to an answer panels are told now and then, and of its end at once", () => {
  const { sweep } = INITIAL.analysis;
  const after = (done: number, part: Partial<Work> = {}): State => ({ ...INITIAL,
    analysis: { ...INITIAL.analysis,
      sweep: { ...sweep, work: { ...sweep.work, phase: "running", done, of: 9, ...part } } } });
  const told = new Told();
  told.due(after(0), 0);
  assert.ok(told.due(after(1), 0), "the first of what comes");
  assert.ok(!told.due(after(2), 16));
  assert.ok(told.behind(after(2)));
  assert.ok(told.due(after(3), 221));
  assert.ok(told.due(after(9, { phase: "done" }), 230), "the end");
  assert.ok(told.due(after(0, { phase: "reading" }), 240), "another beginning");
  assert.ok(told.due(after(0, { phase: "reading", behind: "facts" }), 250), "it waits");
  const other = after(1, { phase: "reading", behind: "facts" });
  assert.ok(told.due({ ...other, notices: ["x"] }, 260), "a notice beside it");
  assert.ok(told.due({ ...other, notices: ["x"], setup: { ...other.setup } }, 270), "a choice");
});

test("whoever asks for a drawing of what is there has it at once", () => {
  const told = new Told();
  told.due(PLAYING, 0);
  assert.ok(told.due({ ...PLAYING }, 1));
});

test("a step while paused is told at once", () => {
  const told = new Told();
  const paused: State = { ...PLAYING, playing: false };
  told.due(paused, 0);
  assert.ok(told.due({ ...paused, lanes: [after(2)] }, 1));
});
