import assert from "node:assert/strict";
import { test } from "node:test";
import { axisSeconds } from "./format.ts";

test("an axis drops the zeros behind the point and no others", () => {
  const said = [0, 0.5, 1, 2.5, 5, 10, 12.5, 100, 500].map((s) => axisSeconds(s));
  assert.deepEqual(said.map((text) => text.replace("\u202f", " ")),
    ["0", "500 ms", "1 s", "2.5 s", "5 s", "10 s", "12.5 s", "100 s", "500 s"]);
});
