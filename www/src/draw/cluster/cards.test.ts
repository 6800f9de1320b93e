import assert from "node:assert/strict";
import { test } from "node:test";
import { formOf } from "./cards.ts";

/** The form where so many letters have room. */
function form(works: number[], hits: number[], work: number, hit = work) {
  const { decimals, sign } = formOf(works, hits, (text, of) =>
    text.length <= (of === "work" ? work : hit));
  return `${decimals} ${sign}`;
}

test("cards beside each other write percentages alike, in the form that all have room for", () => {
  const [works, hits] = [[0.099, 0.104, 0.002, NaN], [0.3, NaN]];
  // As long as 88.8 %, 88 %, 88% and 88.
  assert.deepEqual([6, 5, 4, 3, 2].map((room) => form(works, hits, room)),
    ["1 spaced", "0 spaced", "0 spaced", "0 tight", "0 none"]);
  assert.equal(form([0.099, 0.001], hits, 5), "0 spaced", "no other form as long as none has ten");
  assert.equal(form([1, 0, 0], hits, 6), "0 spaced", "100.0 % has no room");
  assert.equal(form(works, [1, 0.3], 6, 4), "0 tight", "nor has 100 % of hits");
});
