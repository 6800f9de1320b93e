/** What a figure's attributes ask for, as one link. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONTROLS, asked, homeOf, ofAttribute } from "../src/element/attributes.ts";
import { MOST_STREAMED, fileOf, isTrace } from "../src/element/given.ts";
import { FIGURES } from "../src/state/scenes.ts";

const link = (fragment: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(fragment.slice(1)));

test("without attributes it is what the page opens with", () => {
  const { fragment, figure, picture, controls, unknown } = asked({});
  assert.equal(fragment, "");
  assert.equal(figure, null);
  assert.equal(picture, "cluster");
  assert.deepEqual([...controls], [...CONTROLS]);
  assert.deepEqual(unknown, []);
});

test("a figure is its row, and other attributes change it", () => {
  for (const row of FIGURES) {
    const { fragment, figure, picture } = asked({ figure: row.id });
    assert.equal(figure, row);
    assert.deepEqual(link(fragment), link(`#${row.link}`));
    assert.equal(picture, row.view ?? "cluster");
  }
  const { fragment } = asked({ figure: "one-node", nodes: "4", router: "random", speed: "max",
    capacity: "90", seed: "3", eviction: "lfu" });
  const { nodes, router, speed, capacity_blocks, seed, eviction, ...rest } = link(fragment);
  assert.deepEqual({ nodes, router, speed, capacity_blocks, seed, eviction }, { nodes: "4",
    router: "random", speed: "max", capacity_blocks: "90", seed: "3", eviction: "lfu" });
  assert.equal(rest["router.load_signal"], undefined, "of the router it takes the place of");
});

test("config is a link, a fragment or what is in it", () => {
  const said = "v=1&nodes=4&workload=toolagent";
  for (const config of [said, `#${said}`, `https://a.example/kvscope/#${said}`]) {
    assert.deepEqual(link(asked({ config }).fragment), link(`#${said}`));
  }
  const changed = link(asked({ nodes: "4" }).fragment);
  assert.equal(changed["v"], "1");
  assert.equal(changed["nodes"], "4");
});

test("a link names no trace to fetch", () => {
  const { fragment, unknown } = asked({ config: "v=1&trace=https://example.org/x&nodes=4" });
  assert.deepEqual(link(fragment), { v: "1", nodes: "4" });
  assert.match(unknown.join(), /only by its attribute src/);
});

test("of what an attribute says it is told that the attribute does", () => {
  const given = asked({ config: "v=1&eviction=none", router: " nope ", speed: "fast" });
  assert.deepEqual(["The link asks for the router “nope”, which this version does not have.",
    "The link's “speed=fast” has no such value.",
    "The link asks for the eviction “none”, which this version does not have."].map((sentence) =>
    ofAttribute(sentence, given)), [
    "The attribute asks for the router “nope”, which this version does not have.",
    "The attribute's “speed=fast” has no such value.",
    "The link asks for the eviction “none”, which this version does not have."]);
});

test("its link opens what home says, if that is on the web, or what lies beside", () => {
  const of = (home: string | null) => homeOf(home, "https://blog.example/a/", "https://c.example/");
  assert.equal(of(null), "https://c.example/");
  assert.equal(of("https://d.example/kvscope/"), "https://d.example/kvscope/");
  assert.equal(of(" ../kvscope/#old "), "https://blog.example/kvscope/");
  for (const home of ["javascript:alert(1)//", "data:text/html,x", "file:///x", "http://"]) {
    assert.equal(of(home), "https://c.example/", home);
  }
});

test("what is not known is said, with what there is", () => {
  const { unknown, picture, controls } = asked({ figure: "nothing", view: "chart",
    controls: "play rewind" });
  assert.match(unknown[0]!, /no figure “nothing”; there are one-node, random/);
  assert.match(unknown[1]!, /view is “chart”, not one of cluster, strips, both/);
  assert.match(unknown[2]!, /controls is “rewind”/);
  assert.equal(picture, "cluster");
  assert.ok(controls.has("play"));
  assert.deepEqual([...asked({ controls: "none" }).controls], []);
});

test("a trace is a file, whatever it was handed over as", async () => {
  const { signal } = new AbortController();
  const text = "{\"timestamp\": 1}\n";
  const bytes = new TextEncoder().encode(text);
  let told = 0;
  const stream = new Blob([bytes.slice(0, 5), bytes.slice(5)]).stream();
  for (const trace of [new File([text], "a.jsonl"), new Blob([text]), bytes.buffer, stream]) {
    assert.ok(isTrace(trace));
    assert.equal(await (await fileOf(trace, signal, (n) => { told = n; })).text(), text);
  }
  assert.equal(told, bytes.length);
  assert.ok(!isTrace("trace.jsonl") && !isTrace(null) && !isTrace(bytes));
});

test("a stream that breaks off or has no end is told", async () => {
  const { signal } = new AbortController();
  const broken = new ReadableStream<Uint8Array>({ pull: (to) => to.error(new Error("gone")) });
  await assert.rejects(fileOf(broken, signal, () => undefined), /broke off: gone/);
  const chunk = { byteLength: MOST_STREAMED / 4 + 1 } as Uint8Array;
  const endless = new ReadableStream<Uint8Array>({ pull: (to) => to.enqueue(chunk) });
  await assert.rejects(fileOf(endless, signal, () => undefined), /longer than 1 GiB/);
});
