/** What a sweep varies is told in the words of the tables, and never by an id. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { axisValue, axisWords, pointWords } from "../src/panel/views/axes.ts";
import { tables } from "./tables.ts";

test("axes and their values have the words of the tables", () => {
  assert.equal(axisWords(tables, "router").label, "Router");
  for (const { name, label, unit } of tables.settings) {
    const words = axisWords(tables, name);
    assert.deepEqual([words.label, words.unit, words.of], [label, unit, "Cluster"]);
  }
  for (const { id, title, params } of tables.routers) {
    assert.equal(axisValue(tables, "router", id), title);
    assert.equal(axisValue(tables, "router", `${id}:x=1`), `${title} (x=1)`);
    for (const { name, label } of params) {
      const words = axisWords(tables, `${id}.${name}`);
      assert.equal(words.label.toLowerCase(), `${title}: ${label}`.toLowerCase());
    }
  }
  for (const { name, label } of tables.clocks.flatMap(({ params }) => params)) {
    const words = axisWords(tables, `clock.${name}`);
    assert.deepEqual([words.of, words.label.toLowerCase()],
      ["Clock", `clock: ${label}`.toLowerCase()]);
  }
  // What no table knows stands as it is.
  assert.equal(axisWords(tables, "nobody.knows").label, "nobody.knows");
  assert.equal(axisValue(tables, "capacity_blocks", "1073741824"), "unlimited");
  assert.equal(axisValue(tables, "capacity_blocks", "20000"), "20,000");
  assert.equal(axisValue(tables, "capacity_blocks", "1TiB"), "1TiB");
});

test("a point is told in a few words", () => {
  const settings = tables.settings.map((spec) =>
    (spec.name === "capacity_blocks" ? { ...spec, unit: "blocks" } : spec));
  assert.equal(pointWords({ ...tables, settings }, { router: "scored", nodes: "4",
    capacity_blocks: "20000" }), "scored, nodes 4, 20,000 blocks");
  assert.equal(pointWords(tables, {}), "all");
});
