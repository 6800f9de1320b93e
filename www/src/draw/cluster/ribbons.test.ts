import assert from "node:assert/strict";
import { test } from "node:test";
import { freeHeight } from "./ribbons.ts";

test("a label lies over none that is there: it goes lower, or is left out", () => {
  const taken = [{ x: 100, y: 50, w: 80 }];
  assert.equal(freeHeight(taken, 100, 60, [80]), 80);
  assert.equal(freeHeight(taken, 100, 60, [50, 70]), 70, "lower");
  assert.equal(freeHeight(taken, 100, 60, [45, 60]), null, "both touch it");
  assert.equal(freeHeight(taken, 169, 60, [50]), null, "one pixel of each other");
  assert.equal(freeHeight(taken, 170, 60, [50]), 50, "beside it");
});
