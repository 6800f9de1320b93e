import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { meantAs, whyNoTrace } from "../src/state/looks.ts";

const of = (text: string) => whyNoTrace(Buffer.from(text, "latin1"));

test("what may be a trace is told from what is none", () => {
  for (const text of ['{"timestamp": 0}\n', ' \n[{"a": 1}]', '\xef\xbb\xbf{"a"', "\x1f\x8b\x08",
    "(\xb5/\xfd", "TIMESTAMP,ContextTokens\n", '"time", "input"', "time\tinput_length\n"]) {
    assert.equal(of(text), "", JSON.stringify(text));
  }
  for (const [text, why] of [["", /empty/], ["\x89PNG\r\n", /picture/], ["PK\x03\x04", /archive/],
    ["%PDF-1.7", /PDF/], ["MZ\0\0", /no text/], ["# Notes\n", /begins as no trace/],
    ["<!doctype html>", /begins/], ["Dear reader. This, and that", /begins/]] as const) {
    assert.match(of(text), why);
  }
});

const WORDS = ["router", "eviction", "scheduling", "model", "nodes", "block_size", "time_unit"];
const meant = (name: string, text: string) => meantAs(name, text, WORDS);

test("a configuration is told by its name or its words, whole or broken", () => {
  for (const text of ['{"scheduling": {}}', '{"nodes": 4,}', '{"nodes": 4, "rou', "{nodes: 4}",
    "{'nodes': 4}", '{"nodes" 4, "router": "lru"}', '{"polcy": 1}', '{"nodes": [1, 2}', "{",
    '{"block_size": 16}', "nodes: 4\n", '{"nodes": 4}}', '{"$schema": "x", "nodes": 4}']) {
    assert.equal(meant("a.json", text), "json", text);
  }
  assert.equal(meant("a.yml", ""), "yaml");
  assert.equal(meant("a.YAML", "nodes: [1,2"), "yaml");
  assert.equal(meant("a.txt", "# mine\nrouter: lru\n"), "yaml");
  assert.equal(meant("config", '{"router": "lru",'), "json");
});

test("a trace is one whatever its name, whole or broken", () => {
  const row = '{"timestamp": 0, "input_length": 5, "hash_ids": [1]}';
  const texts = [row, `${row}\n${row}`, `[${row}]`, row.slice(0, -3), `[${row},`, `${row},`,
    '{"block_size": 16, "hash_ids": [1]}', '{"block_size": 16}\n{"nodes": 1}',
    '{"model": "a", "isl": 4, "osl": 1}', '{"id": "a", "block_size": 64, "requests": [{"nodes": 1',
    '[{"nodes": 4}]', "timestamp,input_length\n0,5\n", "", "null", "time_unit,nodes\n"];
  for (const name of ["a.json", "a.jsonl", "a.csv", "trace"]) {
    for (const text of texts) assert.equal(meant(name, text), null, `${name}: ${text}`);
  }
  assert.equal(meant("notes.txt", "Dear reader\nhello: you\n"), null);
});

test("no trace among the samples is taken for a configuration under another name", () => {
  const samples = new URL("../../tests/data/", import.meta.url);
  const traces = readdirSync(samples).filter((name) => /\.(jsonl|csv)$|^weka|array/.test(name));
  assert.ok(traces.length > 15);
  for (const name of traces) {
    const text = readFileSync(new URL(name, samples), "utf8");
    for (const as of ["a.json", name]) assert.equal(meant(as, text), null, name);
    // Of one record too, which is a whole object.
    const first = text.split("\n").find((line) => /^\{.*\}$/.test(line));
    if (first !== undefined) assert.equal(meant("a.json", first), null, `${name}: ${first}`);
  }
});
