import assert from "node:assert/strict";
import { test } from "node:test";
import { warmthLines } from "./describe.ts";
import { drawQueues } from "./flow.ts";
import { layoutCluster } from "./layout.ts";
import type { Scene } from "./scene.ts";
import { HOT, WARM } from "./view.ts";

test("a queue has one colour, however much work its node has and however long it is", () => {
  const used: string[] = [];
  const ctx = { fillStyle: "", beginPath() {}, moveTo() {}, arc() {}, strokeText() {},
    fill() { used.push(this.fillStyle); }, fillText() { used.push(this.fillStyle); } };
  const view = { timed: true, warmth: [0, WARM, HOT, 0],
    frame: { nodes: { queue: [3, 4, 400, 18] } } };
  drawQueues({ ctx, view, theme: { muted: "grey", warn: "orange", panel: "white" },
    layout: layoutCluster(400, 600, 4, 30) } as unknown as Scene);
  assert.deepEqual(used, ["grey", "grey", "grey", "grey"]);
});

test("a node with an orange bar says why", () => {
  assert.deepEqual(warmthLines(0), []);
  assert.match(warmthLines(WARM).join(), /Orange.*,1.5 × fair/);
  assert.match(warmthLines(HOT).join(), /Orange.*,2 × fair/);
});
