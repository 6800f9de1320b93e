import assert from "node:assert/strict";
import { test } from "node:test";
import { typedCapacity, typedNumber, typedSeed, typedWhole }
  from "../src/panel/controls/typed.ts";
import { sizeNote } from "../src/panel/controls/settings.ts";
import { UNLIMITED_BLOCKS, type ParamSpec, type ParamValue } from "../src/engine/protocol.ts";
import { capacityWords } from "../src/text/capacity.ts";

const plain = { unit: "s" };
const value = (typed: object) => ("value" in typed ? typed.value : "refused");
const problem = (typed: object) => ("problem" in typed ? String(typed.problem) : "taken");

test("numbers as people write them, with or without their unit", () => {
  const cases: [string, number][] = [["5", 5], [" 5859 ", 5859], ["1,234,567", 1_234_567],
    ["1 234 567.5", 1_234_567.5], ["1e11", 1e11], [".5", 0.5], ["-3", -3], ["5 s", 5], ["5s", 5]];
  for (const [text, number] of cases) assert.equal(value(typedNumber(plain, text)), number, text);
});

test("what is no number is refused with what was found", () => {
  for (const text of ["", "  ", "five", "1,5", "1,23,456", "0x10", "Infinity", "NaN", "1TiB",
    "5 ms", "1..2", "--1"]) {
    assert.match(problem(typedNumber(plain, text)), /^Expected a number; found /, text);
  }
});

// 512 tokens of Llama 3 70B: 160 MiB, of which a tebibyte holds 6,553 whole ones.
const block = { tokens: 512, bytes: 512 * 327_680 };

test("a capacity is taken as the core takes it", () => {
  const cases: [string, number][] = [["5859", 5859], ["5859 blocks", 5859], ["5,859", 5859],
    ["1TiB", 6553], ["1 TiB", 6553], ["0.5tib", 3276], ["915 GiB", 5856], ["inf", UNLIMITED_BLOCKS],
    ["unlimited", UNLIMITED_BLOCKS], ["9000000 TiB", UNLIMITED_BLOCKS], ["320MiB", 2],
    ["3000000tokens", 5859], ["3,000,000 tokens", 5859], ["3e6 tokens", 5859]];
  for (const [text, blocks] of cases) {
    assert.equal(value(typedCapacity(block, text)), blocks, text);
  }
  for (const text of ["1TB", "GiB", "five", "", "x GiB", "1 GiB 2", "0tokens", "-1 GiB"]) {
    assert.match(problem(typedCapacity(block, text)),
      /^Expected blocks \(5859\), 3000000 tokens, 915 GiB/, text);
  }
  for (const text of ["0.1 GiB", "511 tokens"]) {
    assert.match(problem(typedCapacity(block, text)), /less than one block/, text);
  }
});

test("before the trace has said what a block holds, a capacity stays as it was typed", () => {
  assert.equal(value(typedCapacity(null, "1 tib")), "1TiB");
  assert.equal(value(typedCapacity(null, "3,000,000 tokens")), "3000000tokens");
  assert.equal(value(typedCapacity(null, "5,859")), 5859);
});

test("a capacity's note tells it in what it is not said in, or nothing", () => {
  const cases: [ParamValue, string][] = [[5859, "915\u202fGiB a node"],
    ["5859", "915\u202fGiB a node"], ["3000000tokens", "5,859 blocks, 915\u202fGiB a node"],
    ["1TiB", "6,553 blocks a node"], ["inf", "unlimited"], [UNLIMITED_BLOCKS, "unlimited"],
    ["1TB", ""], ["511tokens", ""]];
  for (const [capacity, note] of cases) assert.equal(sizeNote(capacity, block), note);
  for (const open of [5859, "1TiB", "3000000tokens"]) assert.equal(sizeNote(open, null), "");
});

test("a capacity with a unit is shown with it", () => {
  const cases = [["3000000tokens", "3,000,000 tokens"], ["1TiB", "1 TiB"],
    ["3.725290298461914GiB", "3.7253 GiB"], ["inf", "unlimited"], ["1TB", "1TB"]] as const;
  for (const [text, words] of cases) assert.equal(capacityWords(text), words);
});

test("a seed stays text, and fits 64 bits", () => {
  assert.equal(value(typedSeed("18446744073709551615")), "18446744073709551615");
  for (const text of ["18446744073709551616", "1e5", "-1", "1.5", "", "x"]) {
    assert.match(problem(typedSeed(text)), /whole number below 2\^64/, text);
  }
});

test("a whole number stays in its range", () => {
  const spec = { unit: "", min: 1, max: 100 } as ParamSpec;
  assert.equal(value(typedWhole(spec, "100")), 100);
  for (const text of ["0", "101", "1.5", "-1"]) {
    assert.match(problem(typedWhole(spec, text)), /from 1 to 100; found/, text);
  }
  assert.match(problem(typedWhole(spec, "x")), /Expected a number/);
});
