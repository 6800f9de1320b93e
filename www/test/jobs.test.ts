import assert from "node:assert/strict";
import { test } from "node:test";
import { Jobs } from "../src/state/jobs.ts";

test("an answer counts while it is waited for, and no longer", () => {
  const jobs = new Jobs();
  const run = jobs.begin("run");
  const figure = jobs.begin("figure5");
  assert.notEqual(run, figure);
  assert.deepEqual([jobs.kindOf(run), jobs.kindOf(figure), jobs.kindOf(99)],
    ["run", "figure5", null]);
  const next = jobs.begin("run");
  assert.deepEqual([jobs.kindOf(run), jobs.kindOf(next)], [null, "run"]);
  jobs.end("figure5");
  assert.equal(jobs.kindOf(figure), null);
  jobs.forget();
  assert.equal(jobs.kindOf(next), null);
  assert.ok(jobs.begin("run") > next, "a number never comes twice");
});
