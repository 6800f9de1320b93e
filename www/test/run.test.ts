import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Compared, Simulator } from "../src/engine/protocol.ts";

/** Turns of the event loop that were asked for. */
let turns = 0;
const channels: MessageChannel[] = [];
class Counted extends MessageChannel {
  constructor() {
    super();
    channels.push(this);
    const post = this.port2.postMessage.bind(this.port2);
    this.port2.postMessage = (message: unknown) => {
      turns += 1;
      post(message);
    };
  }
}
globalThis.MessageChannel = Counted;
// A port that listens keeps this process alive.
after(() => channels.forEach((channel) => channel.port1.close()));
const { Run } = await import("../src/worker/run.ts");
const { openTrace } = await import("../src/worker/source.ts");

const MEBIBYTE = 1 << 20;

/** A core that takes in bytes, and notes how many between two turns. */
function core() {
  const taken: { turn: number; bytes: number }[] = [];
  const sim = {
    reserve: () => 0,
    commit: (bytes: number) => taken.push({ turn: turns, bytes }),
    finish: () => undefined,
    waiting: () => 0,
  } as unknown as Simulator & Compared;
  return { taken, sim, memory: new WebAssembly.Memory({ initial: 16 }) };
}

test("messages are let in at every MiB that is parsed, and not at every piece", async () => {
  const { taken, sim, memory } = core();
  const run = new Run(sim, memory, openTrace);
  const length = 5 * MEBIBYTE + 12_345;
  let left = length;
  const stream = () => new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left === 0) return controller.close();
      const piece = Math.min(left, 40_000);
      left -= piece;
      controller.enqueue(new Uint8Array(piece));
    },
  });
  const file = { name: "trace.jsonl", size: length, stream } as unknown as File;
  await run.feed({ kind: "file", file });
  const sum = taken.reduce((bytes, part) => bytes + part.bytes, 0);
  assert.equal(sum, length);
  assert.equal(run.load().read_bytes, length);
  assert.ok(length / 40_000 < taken.length);
  for (const { turn } of taken) {
    const at_a_go = taken.filter((part) => part.turn === turn);
    assert.ok(at_a_go.reduce((bytes, part) => bytes + part.bytes, 0) <= MEBIBYTE);
  }
  assert.equal(new Set(taken.map((part) => part.turn)).size, 6);
});
