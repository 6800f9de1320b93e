import assert from "node:assert/strict";
import { test } from "node:test";
import { whyNoTrace } from "../src/state/looks.ts";

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
