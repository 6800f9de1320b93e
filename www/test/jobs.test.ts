import assert from "node:assert/strict";
import { test } from "node:test";
import { Jobs } from "../src/state/jobs.ts";

test("an answer counts while it is waited for, and no longer", () => {
  const jobs = new Jobs();
  const run = jobs.begin("run");
  const study = jobs.begin("study");
  assert.notEqual(run, study);
  assert.deepEqual([jobs.kindOf(run), jobs.kindOf(study), jobs.kindOf(99)],
    ["run", "study", null]);
  const next = jobs.begin("run");
  assert.deepEqual([jobs.kindOf(run), jobs.kindOf(next)], [null, "run"]);
  jobs.end("study");
  assert.equal(jobs.kindOf(study), null);
  jobs.forget();
  assert.equal(jobs.kindOf(next), null);
  assert.ok(jobs.begin("run") > next, "a number never comes twice");
});
