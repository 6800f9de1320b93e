import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { isSameFile, markOf, type FileMark } from "../src/state/mark.ts";

const bytes = (count: number, step = 7) => Uint8Array.from({ length: count }, (_, i) => i * step);
const sha = (data: Uint8Array) => createHash("sha256").update(data).digest("hex").slice(0, 16);

test("a mark is the name, the size and a hash of the first 64 KiB", async () => {
  for (const count of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
    const data = bytes(count);
    const mark = await markOf(new File([data], "t.jsonl"));
    assert.deepEqual(mark, { name: "t.jsonl", bytes: count, hash: sha(data.subarray(0, 65_536)) });
  }
});

test("a file is told from one of another size and one that begins differently", async () => {
  const mark = async (data: Uint8Array<ArrayBuffer>, name: string): Promise<FileMark> =>
    markOf(new File([data], name));
  const one = await mark(bytes(1000), "a");
  assert.equal(isSameFile(one, await mark(bytes(1000), "renamed")), true);
  assert.equal(isSameFile(one, await mark(bytes(1001), "a")), false);
  assert.equal(isSameFile(one, await mark(bytes(1000, 9), "a")), false);
  assert.equal(isSameFile(one, { ...one, hash: "" }), true, "as far as both tell");
});
