import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { openSource, RawSource } from "../src/worker/source.ts";

const text = Array.from({ length: 40_000 }, (_, i) => `{"line": ${i}, "x": ${i * 7919 % 997}}\n`);
const plain = Buffer.from(text.join(""));

/** A stream in pieces of a size, as a file system would give them. */
function streamed(bytes: Uint8Array, piece: number): () => Promise<RawSource> {
  return async () => {
    let at = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(Uint8Array.from(bytes.subarray(at, (at += piece))));
      },
    });
    return new RawSource(stream, bytes.length, "gone");
  };
}

async function readAll(bytes: Uint8Array, piece: number): Promise<Buffer> {
  const source = await openSource(streamed(bytes, piece));
  const parts: Buffer[] = [];
  for (let chunk = await source.pull(); chunk !== null; chunk = await source.pull()) {
    parts.push(Buffer.from(chunk));
  }
  assert.equal(source.read_bytes, bytes.length);
  return Buffer.concat(parts);
}

const PIECES = [997, 64 << 10, 1 << 20];

for (const piece of PIECES) {
  test(`plain bytes pass as they are, in pieces of ${piece}`, async () => {
    assert.ok((await readAll(plain, piece)).equals(plain));
  });

  test(`gzip is told by its first bytes, in pieces of ${piece}`, async () => {
    assert.ok((await readAll(gzipSync(plain), piece)).equals(plain));
  });

  test(`gzip of several members comes out whole, in pieces of ${piece}`, async () => {
    const cuts = [0, 10, 500_000, plain.length];
    const members = cuts.slice(1).map((end, i) => gzipSync(plain.subarray(cuts[i], end)));
    assert.ok((await readAll(Buffer.concat(members), piece)).equals(plain));
  });
}

test("a gzip file cut short gives what it holds, then a sentence", async () => {
  const cut = gzipSync(plain).subarray(0, 60_000);
  const source = await openSource(streamed(cut, 4096));
  let got = 0;
  await assert.rejects(async () => {
    for (let chunk = await source.pull(); chunk !== null; chunk = await source.pull()) {
      assert.ok(Buffer.from(chunk).equals(plain.subarray(got, got + chunk.length)));
      got += chunk.length;
    }
  }, /gzip data is damaged or cut short/);
  assert.ok(got > 0);
});

test("a source that fails is not mistaken for one that is damaged", async () => {
  const source = await openSource(async () => {
    const parts = [gzipSync(plain).subarray(0, 50_000)];
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = parts.shift();
        if (part === undefined) controller.error(new TypeError("network error"));
        else controller.enqueue(Uint8Array.from(part));
      },
    });
    return new RawSource(stream, null, "it changed");
  });
  await assert.rejects(async () => {
    while ((await source.pull()) !== null);
  }, /it changed/);
});

test("an empty file is the end at once", async () => {
  assert.equal((await readAll(new Uint8Array(0), 10)).length, 0);
});

test("zstd is told by its first bytes", async () => {
  const line = Buffer.from('{"timestamp": 0, "hash_ids": [1, 2]}\n');
  // One frame of a single segment, one last block stored as it is.
  const block = (line.length << 3) | 1;
  const head = [0x28, 0xb5, 0x2f, 0xfd, 0x20, line.length, block & 255, block >> 8, 0];
  assert.ok((await readAll(Buffer.from([...head, ...line]), 16)).equals(line));
});

/** Turns of the event loop, enough for everything that needs nobody to ask for it. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Pieces of one byte value each, as a stream that is read into buffers of the reader's own. */
function inOwnBuffers(pieces: number, failing = Infinity) {
  const asked = { times: 0, cancelled: false };
  const stream = new ReadableStream({
    type: "bytes",
    pull(controller: ReadableByteStreamController) {
      asked.times += 1;
      const request = controller.byobRequest!;
      if (asked.times > failing) {
        controller.error(new TypeError("changed on disk"));
      } else if (asked.times > pieces) {
        controller.close();
        request.respond(0);
      } else {
        const view = request.view! as Uint8Array;
        view.fill(asked.times, 0, 1000);
        request.respond(1000);
      }
    },
    cancel() {
      asked.cancelled = true;
    },
  });
  return { asked, source: new RawSource(stream, null, "gone") };
}

test("one chunk is read ahead, and the one that is worked at stays as it is", async () => {
  const { asked, source } = inOwnBuffers(9);
  await settled();
  assert.equal(asked.times, 0, "nothing before the first is asked for");
  for (let number = 1; number <= 9; number += 1) {
    const chunk = await source.pull();
    await settled();
    assert.equal(asked.times, number + 1);
    assert.deepEqual(chunk, new Uint8Array(1000).fill(number));
    assert.equal(source.read_bytes, 1000 * number, "what is ahead does not count");
  }
  assert.equal(await source.pull(), null);
  assert.equal(await source.pull(), null, "and stays at its end");
});

test("what fails ahead is told after what came before it, and to nobody who does not ask",
  async () => {
    const { source } = inOwnBuffers(9, 2);
    for (const number of [1, 2]) {
      assert.equal((await source.pull())![0], number);
      await settled();
    }
    await assert.rejects(() => source.pull(), /gone/);
    const unasked = inOwnBuffers(9, 1).source;
    await unasked.pull();
    await settled();
  });

test("closing gives up what is ahead", async () => {
  const { asked, source } = inOwnBuffers(9);
  await source.pull();
  source.close();
  await settled();
  assert.ok(asked.cancelled);
});
