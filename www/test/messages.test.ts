/** What the page around a frame says: all of it is looked at, and none of it throws. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIGURABLE, MOST_BYTES, MOST_LETTERS, PROTOCOL, originOf, read }
  from "../src/shell/messages.ts";

const why = (data: unknown): string => {
  const heard = read(data);
  assert.ok(heard !== null && "why" in heard, `${JSON.stringify(data)} is refused`);
  return heard.why;
};
const command = (message: Record<string, unknown>): unknown => {
  const heard = read({ kvscope: PROTOCOL, ...message });
  assert.ok(heard !== null && "command" in heard, `${JSON.stringify(message)}`);
  return heard.command;
};

test("what can be asked for is understood, and the sender's number kept", () => {
  for (const type of ["ping", "play", "pause", "snapshot"]) {
    assert.deepEqual(read({ kvscope: 1, type, id: 7 }), { id: 7, command: { type } });
  }
  assert.deepEqual(command({ type: "seek", requests: 12 }), { type: "seek", requests: 12 });
  const trace = new Blob(["{}"]);
  assert.deepEqual(command({ type: "load", trace }), { type: "load", trace });
  assert.deepEqual(command({ type: "load", trace: null }), { type: "load", trace: null });
  assert.deepEqual(command({ type: "configure", attributes: { nodes: 4, figure: "one-node",
    paused: null } }), { type: "configure",
    attributes: { nodes: "4", figure: "one-node", paused: null } });
});

test("what is none of this conversation is let pass", () => {
  for (const data of [null, undefined, 3, "kvscope", [], {}, { type: "ping" },
    { source: "react-devtools" }]) assert.equal(read(data), null);
});

test("what is malformed is answered by what was expected", () => {
  assert.match(why({ kvscope: 2, type: "ping" }), /kvscope is 2; this frame speaks 1/);
  assert.match(why({ kvscope: 1 }), /type is nothing, and not one of ping, load/);
  assert.match(why({ kvscope: 1, type: "eval" }), /type is “eval”/);
  for (const requests of [-1, Number.NaN, Number.POSITIVE_INFINITY, "7", null, undefined, {}]) {
    assert.match(why({ kvscope: 1, type: "seek", requests }), /seek takes requests/);
  }
  for (const attributes of [null, [], "figure", 3]) {
    assert.match(why({ kvscope: 1, type: "configure", attributes }), /takes attributes/);
  }
  assert.match(why({ kvscope: 1, type: "configure", attributes: { onclick: "x" } }),
    /“onclick” cannot be configured; what can is figure, config/);
  assert.match(why({ kvscope: 1, type: "configure", attributes: { nodes: {} } }),
    /nodes takes a text, a number or null, and not a object/);
});

test("no message is an address to fetch", () => {
  assert.ok(!(CONFIGURABLE as readonly string[]).includes("src"));
  assert.match(why({ kvscope: 1, type: "configure", attributes: { src: "https://example.org" } }),
    /“src” cannot be configured/);
  assert.match(why({ kvscope: 1, type: "load", trace: "https://example.org/trace.jsonl" }),
    /never an address/);
  assert.match(why({ kvscope: 1, type: "load", trace: new URL("https://example.org") }),
    /never an address/);
});

test("what is too large is refused with its size", () => {
  const config = "x".repeat(MOST_LETTERS + 1);
  assert.match(why({ kvscope: 1, type: "configure", attributes: { config } }),
    new RegExp(`config has ${MOST_LETTERS + 1} letters; it may have ${MOST_LETTERS}`));
  const trace = new ArrayBuffer(MOST_BYTES + 1);
  assert.match(why({ kvscope: 1, type: "load", trace }), /Send a File or a Blob/);
  const said = why({ kvscope: 1, type: "y".repeat(10_000) });
  assert.ok(said.length < 300, "an answer is short, whatever came in");
  assert.deepEqual(read({ kvscope: 1, type: "ping", id: "z".repeat(101) }),
    { id: null, command: { type: "ping" } });
});

test("the origin is what the address says, or the first ping's", () => {
  assert.equal(originOf(null, "https://a.example"), "https://a.example");
  assert.equal(originOf("https://a.example", "https://a.example"), "https://a.example");
  assert.equal(originOf("https://a.example", "https://b.example"), null);
  assert.equal(originOf("*", "https://b.example"), "https://b.example");
  assert.equal(originOf(null, "null"), null, "an opaque origin has to be let in");
  assert.equal(originOf("*", "null"), "*");
  assert.equal(originOf("https://a.example", "null"), null);
});
