import assert from "node:assert/strict";
import { test } from "node:test";
import { ALIVE } from "../../engine/protocol.ts";
import type { ClusterInput, Drawn } from "../cluster/view.ts";
import type { FromPainter, ToPainter } from "./messages.ts";
import { Painter, type Cluster } from "./painter.ts";

/** A cluster that notes what is asked of it. */
class Noted implements Cluster {
  /** Whether it had the turn, a frame each. */
  readonly turns: boolean[] = [];
  inputs: ClusterInput[] = [];
  moves = false;
  waitsSince = Infinity;
  focus = 3;
  shown = 0;
  words = "nothing yet";
  render = (_now: number, turn: boolean): boolean => {
    this.turns.push(turn);
    return this.moves;
  };
  update = (input: ClusterInput): void => {
    this.inputs.push(input);
    this.shown = input.config.nodes;
  };
  label = (): string => this.words;
  reset = (): void => {
    this.words = "nothing yet";
  };
  resize = (): void => undefined;
  recolour = (): void => undefined;
  point = (): void => undefined;
  step = (): void => undefined;
  choose = (): void => undefined;
}

const SIZE = { width: 100, height: 80, dpr: 1 };
const SHOWN = { playing: true, scope: "run", speed: 10 } as const;
const frameOf = (nodes: number): Drawn =>
  ({ nodes: { state: new Uint8Array(nodes).fill(ALIVE) }, capacity_blocks: 9 }) as unknown as Drawn;

/** A painter with so many canvases, each of which somebody sees. */
function opened(count: number) {
  // There are no frames but those that a test asks for.
  globalThis.requestAnimationFrame = () => 0;
  const clusters: Noted[] = [];
  const told: FromPainter[] = [];
  const painter = new Painter(() => {
    const cluster = new Noted();
    clusters.push(cluster);
    return cluster;
  }, (message) => told.push(message), (act) => act());
  const ids = Array.from({ length: count }, (_, i) => i + 1);
  for (const id of ids) {
    painter.take({ id, type: "open" } as ToPainter);
    painter.take({ id, type: "size", size: SIZE });
  }
  return { painter, clusters, told };
}

test("each canvas is drawn, and the one that waits longest draws what stands still", () => {
  const { painter, clusters } = opened(3);
  clusters.forEach((cluster, i) => {
    cluster.waitsSince = [500, 200, 900][i]!;
  });
  painter.draw(1000);
  assert.deepEqual(clusters.map(({ turns }) => turns), [[false], [true], [false]]);
});

test("where canvases take long fewer are drawn in a frame, whoever waits longest first", () => {
  const { painter, clusters } = opened(3);
  const drawn: number[] = [];
  clusters.forEach((cluster, i) => {
    cluster.render = () => {
      drawn.push(i);
      for (const from = performance.now(); performance.now() - from < 5;);
      return true;
    };
  });
  let frames = 0;
  for (; drawn.length % 3 === 0; frames += 1) painter.draw(16 * frames);
  assert.ok(frames > 1, "one slow frame tells little");
  for (; frames < 60; frames += 1) assert.equal(painter.draw(16 * frames), true);
  const late = drawn.slice(-9);
  assert.deepEqual(late.slice(3), late.slice(0, 6), "by turns");
  assert.deepEqual(late.slice(0, 3).toSorted(), [0, 1, 2], "all of them");
});

test("what rests is not drawn until something is said of it", () => {
  const { painter, clusters } = opened(2);
  assert.equal(painter.draw(16), false);
  painter.take({ id: 2, type: "choose", node: 1 });
  painter.draw(32);
  painter.draw(48);
  assert.deepEqual(clusters.map(({ turns }) => turns.length), [1, 2]);
});

test("nobody sees it: it is not drawn, and wants no frame", () => {
  const { painter, clusters } = opened(2);
  painter.take({ id: 1, type: "size", size: null });
  clusters[0]!.moves = true;
  assert.equal(painter.draw(16), false);
  assert.deepEqual(clusters.map(({ turns }) => turns.length), [0, 1]);
});

test("a frame stays until another comes, and places are told when they change", () => {
  const { painter, clusters, told } = opened(1);
  const [first, second] = [frameOf(4), frameOf(6)];
  painter.take({ id: 1, type: "show", frame: null, shown: SHOWN });
  assert.equal(clusters[0]!.inputs.length, 0, "before the first frame there is nothing to show");
  painter.take({ id: 1, type: "show", frame: first, shown: SHOWN });
  painter.take({ id: 1, type: "show", frame: null, shown: { ...SHOWN, playing: false } });
  painter.take({ id: 1, type: "show", frame: second, shown: SHOWN });
  const shown = clusters[0]!.inputs.map(({ frame, playing, config }) =>
    [frame === first, playing, config.nodes]);
  assert.deepEqual(shown, [[true, true, 4], [true, false, 4], [false, true, 6]]);
  // Another run may have as many.
  painter.take({ id: 1, type: "reset" });
  painter.take({ id: 1, type: "show", frame: second, shown: SHOWN });
  assert.deepEqual(told.filter(({ type }) => type === "places"),
    [4, 6, 6].map((nodes) => ({ id: 1, type: "places", nodes })));
});

test("the picture in words: now and then, where it comes to rest, and when the run goes", () => {
  const { painter, clusters: [cluster], told } = opened(1);
  cluster!.moves = true;
  const words = (at: number, text: string): FromPainter[] => {
    cluster!.words = text;
    told.length = 0;
    painter.draw(at);
    return [...told];
  };
  const says = (text: string) => [{ id: 1, type: "label", text }];
  assert.deepEqual(words(0, "one"), says("one"));
  assert.deepEqual(words(1000, "two"), [], "not in every frame");
  assert.deepEqual(words(2500, "three"), says("three"));
  cluster!.moves = false;
  assert.deepEqual(words(2516, "rests"), says("rests"));
  told.length = 0;
  painter.take({ id: 1, type: "reset" });
  assert.deepEqual(told, says("nothing yet"));
});

test("who chooses is told which node is read; a canvas that was given up says nothing", () => {
  const { painter, clusters, told } = opened(1);
  painter.take({ id: 1, type: "pick" });
  painter.take({ id: 1, type: "step", by: 1 });
  assert.deepEqual(told, [{ id: 1, type: "picked", node: 3 }, { id: 1, type: "stepped" }]);
  painter.take({ id: 1, type: "close" });
  painter.take({ id: 1, type: "pick" });
  painter.draw(16);
  assert.equal(told.length, 2);
  assert.equal(clusters[0]!.turns.length, 0);
});
