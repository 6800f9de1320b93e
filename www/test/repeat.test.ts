/** Figures of lanes over seeds, as the table has them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { differenceOf } from "../src/panel/compare/table.ts";

test("a difference of shares and its interval are in points, of seconds in seconds", () => {
  const line = { id: "", label: "", unit: "share", better: "higher", lanes: [] };
  const away = { mean: -0.116, half_width: 0.001, least: -0.117, most: -0.115 };
  assert.equal(differenceOf(line as never, away), "−11.6\u202fpt ± 0.1\u202fpt");
  const seconds = differenceOf({ ...line, unit: "s" } as never, away);
  assert.match(seconds, /^−[^±]*s ± [^±]*s$/);
  assert.equal(differenceOf(line as never, { ...away, half_width: null }), "−11.6\u202fpt");
});
