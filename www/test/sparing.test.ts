import assert from "node:assert/strict";
import { test } from "node:test";
import { Sparing } from "../src/panel/sparing.ts";

test("a drawing rests four times as long as it and its painting took, and is made up for", () => {
  let [now, drawn, again] = [0, 0, 0];
  const waiting: { act: () => void; ms: number }[] = [];
  const sparing = new Sparing(() => {
    again += 1;
  }, () => now, (act, ms) => waiting.push({ act, ms }));
  const draw = () => sparing.draw(() => {
    drawn += 1;
    now += 10;
  });
  const goOn = () => waiting.shift()!;
  draw();
  draw();
  assert.equal(drawn, 1, "the frame is being made");
  now += 15;
  goOn().act();
  assert.equal(waiting[0]?.ms, 100);
  draw();
  assert.deepEqual([drawn, again], [1, 0]);
  goOn().act();
  assert.deepEqual([drawn, again], [1, 1], "what was left out may be made up for");
  draw();
  assert.equal(drawn, 2);
  goOn().act();
  goOn().act();
  assert.equal(again, 1, "nothing was left out");
  draw();
  assert.equal(drawn, 3);
});
