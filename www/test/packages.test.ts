/** Both packages of the core have what `kvscope.d.ts` and `analysis.d.ts` declare, each its own. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { readContract, type Shape } from "./contract.ts";
import { loadAnswers, loadCore, type AnswersCore, type Core, type Loaded } from "./core.ts";

let live: Loaded<Core>;
let answers: Loaded<AnswersCore>;
let shapes: Map<string, Shape>;

before(async () => {
  [live, answers] = await Promise.all([loadCore(), loadAnswers()]);
  shapes = readContract();
});

function methodsOf(name: string): Iterable<string> {
  const shape = shapes.get(name);
  return shape?.kind === "object" ? shape.properties.keys() : [];
}

test("classes and functions are those declared", () => {
  const own = (of: { prototype: object }) => Object.getOwnPropertyNames(of.prototype)
    .filter((name) => name !== "constructor" && !name.startsWith("__")).sort();
  const simulator = [...methodsOf("Simulator"), ...methodsOf("Compared")].sort();
  for (const { core: { Simulator } } of [live, answers]) {
    assert.deepEqual(own(Simulator), simulator);
  }
  assert.deepEqual(own(answers.core.Analysis), [...methodsOf("Analysis")].sort());
  assert.deepEqual(own(answers.core.Sampler), [...methodsOf("Sampler")].sort());
  assert.deepEqual(own(answers.core.Sampled), [...methodsOf("Sampled")].sort());
  assert.match(live.core.new_seed(), /^\d+$/);
});

/** What a package declares to whoever imports it. */
const declared = (folder: string) =>
  readFileSync(fileURLToPath(new URL(`../${folder}/kvscope.d.ts`, import.meta.url)), "utf8");

test("each package declares what it has, and the live view's has no answers", () => {
  for (const name of ["Analysis", "Sampled", "Sampler", "amount", "beside", "prices"]) {
    const says = new RegExp(`export (class|function) ${name}\\b`);
    assert.equal(name in live.core, false, name);
    assert.doesNotMatch(declared("pkg"), says);
    assert.equal(name in answers.core, true, name);
    assert.match(declared("pkg-answers"), says);
  }
  for (const folder of ["pkg", "pkg-answers"]) {
    for (const name of ["Simulator", "policies", "new_seed"]) {
      assert.match(declared(folder), new RegExp(`export (class|function) ${name}\\b`));
    }
  }
});
