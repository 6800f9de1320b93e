import assert from "node:assert/strict";
import { test } from "node:test";
import { readAddress } from "../src/state/address.ts";

const BASE = "https://someone.example/kvscope/index.html#v=1";
const read = (text: string, base = BASE) => readAddress(text, base);

test("what lies beside the page and what begins with https is fetched", () => {
  assert.deepEqual(read(" local/a%20b.jsonl "), { trace: "local/a%20b.jsonl",
    url: "https://someone.example/kvscope/local/a%20b.jsonl", name: "a b.jsonl" });
  assert.deepEqual(read("https://other.example:8443/t.gz?token=1#part"), {
    trace: "https://other.example:8443/t.gz?token=1",
    url: "https://other.example:8443/t.gz?token=1", name: "t.gz" });
  assert.deepEqual(read("t.jsonl", "http://127.0.0.1:8642/"), { trace: "t.jsonl",
    url: "http://127.0.0.1:8642/t.jsonl", name: "t.jsonl" });
  assert.deepEqual(read("https://other.example/%ff"), { trace: "https://other.example/%ff",
    url: "https://other.example/%ff", name: "%ff" });
});

test("pages of GitHub that show a file lead to the file", () => {
  for (const [page, file] of [
    ["https://github.com/o/r/blob/main/FAST25/t.jsonl", "o/r/main/FAST25/t.jsonl"],
    ["https://github.com/o/r/blob/a1b2/t%20x.jsonl?plain=1#L7", "o/r/a1b2/t%20x.jsonl"],
    ["https://github.com/o/r/raw/refs/heads/main/t.gz", "o/r/refs/heads/main/t.gz"],
  ] as const) {
    const url = `https://raw.githubusercontent.com/${file}`;
    assert.deepEqual(read(page), { trace: url, url,
      name: decodeURIComponent(file.split("/").pop()!) });
  }
  const gist = "https://gist.githubusercontent.com/o/0123abc/raw";
  assert.deepEqual(read("https://gist.github.com/o/0123abc"), { trace: gist, url: gist,
    name: "raw" });
  for (const other of ["https://github.com/o/r", "https://github.com/o/r/tree/main/FAST25",
    "https://github.com/o/r/blob/main", "https://github.com.evil.example/o/r/blob/main/t"]) {
    assert.equal((read(other) as { url: string }).url, other);
  }
});

test("everything else is refused in a sentence that says what to do", () => {
  for (const [text, says] of [
    ["", /no address/],
    ["https://", /no address/],
    ["javascript:alert(1)", /program and no trace/],
    [" JavaScript:alert(1)", /program and no trace/],
    ["java\nscript:alert(1)", /program and no trace/],
    ["data:text/plain,{}", /Save it as a file/],
    ["file:///etc/passwd", /Drop the file here/],
    ["blob:https://someone.example/1", /known to one tab only/],
    ["http://other.example/t.jsonl", /Use https/],
    ["ftp://other.example/t.jsonl", /“ftp:” are not fetched/],
    ["https://me:secret@other.example/t.jsonl", /a name or a password/],
    [`${"x".repeat(300)}://`, /x…” are not fetched/],
  ] as const) {
    const told = read(text);
    assert.ok("refused" in told, text);
    assert.match(told.refused, says);
    assert.match(told.refused, /\.$/);
  }
});
