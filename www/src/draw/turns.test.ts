import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "./turns.ts";

/** Three parts that note the state they show. */
function parts() {
  const shown = ["", "", ""];
  const turns = new Turns<string>(shown.map((_, i) => (now) => { shown[i] = now; }));
  return { shown, turns };
}

test("what goes on comes a part a frame, with a frame for the rest between", () => {
  const { shown, turns } = parts();
  assert.equal(turns.take("a", "by turns"), false);
  assert.deepEqual(shown, ["a", "", ""]);
  assert.equal(turns.take("b", false), true, "now the rest");
  assert.deepEqual(shown, ["a", "", ""]);
  assert.equal(turns.take("b", false), false);
  assert.ok(turns.behind);
  turns.take("b", false);
  turns.take("b", false);
  assert.deepEqual(shown, ["a", "b", "b"]);
  assert.ok(!turns.behind);
  assert.equal(turns.take("b", false), true);
});

test("news on the way reach every part, and none has to wait for ever", () => {
  const { shown, turns } = parts();
  for (let frame = 0; frame < 20; frame += 1) {
    turns.take(String(frame), "by turns");
    if (frame >= 5) assert.ok(shown.every((at) => frame - Number(at) <= 6), shown.join());
  }
  while (turns.behind) turns.take("last", false);
  assert.deepEqual(shown, ["last", "last", "last"]);
});

test("what somebody did is shown at once and as a whole", () => {
  const { shown, turns } = parts();
  turns.take("a", "by turns");
  assert.equal(turns.take("b", "at once"), true, "the rest has waited already");
  assert.deepEqual(shown, ["b", "b", "b"]);
  assert.ok(!turns.behind);
});

test("the rest never waits twice running", () => {
  for (const due of ["by turns", "at once"] as const) {
    const { turns } = parts();
    const rests = Array.from({ length: 8 }, (_, frame) => turns.take(String(frame), due));
    assert.deepEqual(rests, [false, true, false, true, false, true, false, true], due);
  }
});
