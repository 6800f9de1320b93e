/** What is said of a configuration that is no JSON or no YAML. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "js-yaml";
import { jsonFault, topNames } from "../src/text/json.ts";
import { yamlFault } from "../src/text/yaml.ts";

function said(text: string): string {
  const fault = jsonFault(text);
  return fault === null ? "" : `${fault.line}:${fault.column} ${fault.found}, ${fault.expected}`;
}

test("where a text is no JSON is told by line and column, with what should stand there", () => {
  const cases: [string, string][] = [
    ['{"nodes": 4,}', "1:13 “}”, no comma before the }"],
    ['{\n  "nodes": [1, 2,\n  ]\n}', "3:3 “]”, no comma before the ]"],
    ['{\n  nodes: 4}', "2:3 “nodes”, a name in double quotes"],
    ["{'nodes': 4}", "1:2 “'”, a name in double quotes"],
    ['{"nodes": 4', "1:12 the end of the file, a comma or }"],
    ['{"nodes": 4,\n', "2:1 the end of the file, a name in double quotes"],
    ['{"nodes": ', "1:11 the end of the file, a number, a text in double quotes, true, false, "
      + "null, [ or {"],
    ['{"nodes" 4}', "1:10 “4”, a colon"],
    ['{"nodes": 4 "router": 1}', '1:13 “"”, a comma or }'],
    ['{"a": "b\nc"}', '1:9 the end of the line, a closing "'],
    ['{"a": "b\\x"}', "1:9 “\\”, an escape such as \\n or \\u00e9"],
    ['{"a": 01}', "1:8 “1”, a comma or }"],
    ['{"a": truest}', "1:7 “truest”, a number, a text in double quotes, true, false, null, [ or {"],
    ['{"a": 1} // mine', "1:10 “/”, the end of the file"],
    ['{\r\n"a": 1,,\r\n}', "2:8 “,”, a name in double quotes"],
    ["", "1:1 the end of the file, a number, a text in double quotes, true, false, null, [ or {"],
    ["[".repeat(5000), "1:101 “[”, at most 100 brackets in each other"]];
  for (const [text, expected] of cases) assert.equal(said(text), expected, text.slice(0, 40));
});

test("what is JSON has no fault, and what has none is JSON", () => {
  const pieces = ["{", "}", "[", "]", ",", ":", '"a"', "1", "-0.5e+3", "true", "null", " ", "\n",
    '"\\u00e9"', '"', "x", "-", "\t", "\u00a0"];
  let state = 7;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % below;
  };
  let whole = 0;
  for (let i = 0; i < 40_000; i += 1) {
    const text = Array.from({ length: 1 + next(9) }, () => pieces[next(pieces.length)]).join("");
    let isJson = true;
    try {
      JSON.parse(text);
    } catch {
      isJson = false;
    }
    assert.equal(jsonFault(text) === null, isJson, JSON.stringify(text));
    if (isJson) whole += 1;
  }
  assert.ok(whole > 500, `${whole} of them are JSON`);
});

test("the names of an object are told though it is broken", () => {
  const names = (text: string) => topNames(text).names;
  assert.deepEqual(names('{"a": {"b": 1}, "c": [{"d": 2}], \'e\': 1, f: 2, "g'),
    ["a", "c", "e", "f"]);
  assert.deepEqual(names('{"a": "x, \\"b\\": {", "c": 1'), ["a", "c"]);
  assert.deepEqual(topNames('{"a": 1}\n{"b": 2}'), { names: ["a"], followed: true });
  assert.deepEqual(topNames('{"a": 1}}'), { names: ["a"], followed: false });
});

test("what the reader of YAML says is a sentence with line and column, without its drawing", () => {
  const fault = (text: string): string => {
    try {
      load(text);
    } catch (error) {
      return yamlFault(error) ?? "";
    }
    return "";
  };
  const open = "what was opened before it, by [, { or a quote, is not closed.";
  const cases: [string, string][] = [
    ["nodes: [1,2\n", `Line 2, column 1: ${open}`], ["nodes: [1,2", `Line 1, column 12: ${open}`],
    ["nodes: 4\n\trouter: lru\n",
      "Line 2, column 1: lines are moved in with blanks, not with tabs."],
    ["nodes: 4\nnodes: 5\n", "Line 2, column 1: this name stands there twice."],
    ["nodes: 4\nrouter lru", "Line 2, column 11: a name has no colon with a blank after it."],
    ["a: *x", 'Line 1, column 5: unidentified alias "x".'],
    ["---\na: 1\n---\nb: 2\n",
      "It has several documents (---), and one is a configuration."]];
  for (const [text, expected] of cases) assert.equal(fault(text), expected);
  assert.equal(yamlFault(new Error("no network")), null);
});
