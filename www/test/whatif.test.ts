import assert from "node:assert/strict";
import { test } from "node:test";
import { backOf } from "../src/panel/whatif/list.ts";

test("a figure is not called away before it was", () => {
  const course = { before: 0.2, worst: 0.195, back_after_requests: null, back_after_s: null };
  assert.equal(backOf(course), "not far off so far");
  assert.equal(backOf({ ...course, worst: 0.15 }), "not back yet");
  assert.equal(backOf({ ...course, back_after_requests: 0 }), "never far off");
  assert.match(backOf({ ...course, back_after_requests: 1240, back_after_s: 720 }),
    /^back after 1,240 requests \(12.min\)$/);
});
