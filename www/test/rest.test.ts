import assert from "node:assert/strict";
import { test } from "node:test";
import { Rest } from "../src/app/rest.ts";

test("parts are fetched when somebody asks, all at once and each once", async () => {
  const begun: string[] = [];
  const rest = new Rest();
  for (const name of ["a", "b"]) {
    rest.add(async () => {
      begun.push(name);
    });
  }
  assert.deepEqual([begun, rest.there], [[], false]);
  const got = rest.get();
  assert.deepEqual(begun, ["a", "b"], "none waits for another");
  await Promise.all([got, rest.get()]);
  await rest.get();
  assert.deepEqual([begun, rest.there], [["a", "b"], true]);
});

test("it is there once its last part is", async () => {
  let resolve = () => undefined as void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  const rest = new Rest();
  rest.add(async () => undefined);
  rest.add(() => promise);
  const got = rest.get();
  await new Promise(setImmediate);
  assert.equal(rest.there, false);
  resolve();
  await got;
  assert.equal(rest.there, true);
});

test("whoever asks again has what could not be had tried again, and nothing else", async () => {
  const begun: string[] = [];
  const rest = new Rest();
  rest.add(async () => {
    begun.push("good");
  });
  rest.add(async () => {
    begun.push("bad");
    if (begun.length < 3) throw new Error("no server answers");
  });
  await assert.rejects(rest.get(), /no server answers/);
  assert.equal(rest.there, false);
  await rest.get();
  assert.deepEqual([begun, rest.there], [["good", "bad", "bad"], true]);
});
