import assert from "node:assert/strict";
import { test } from "node:test";
import { Pacer, Player, type Progress } from "../src/engine/player.ts";
import type { ToWorker } from "../src/engine/protocol.ts";
import { Rate, StepSize } from "../src/worker/pace.ts";

test("the pacer hands out whole requests and owes the rest", () => {
  const pacer = new Pacer();
  let served = pacer.take(0, 10);
  for (let ms = 16; ms <= 2000; ms += 16) served += pacer.take(ms, 10);
  assert.equal(served, 20);
});

test("time that passed while the page slept is dropped", () => {
  const pacer = new Pacer();
  pacer.take(0, 1000);
  assert.ok(pacer.take(60_000, 1000) <= 100);
  pacer.rest();
  assert.equal(pacer.take(120_000, 1000), 0);
});

test("the step size settles where a call takes a quarter of the budget", () => {
  const step = new StepSize();
  const msPerRequest = 0.004;
  for (let i = 0; i < 40; i += 1) step.learn(step.size, step.size * msPerRequest, 8);
  assert.ok(Math.abs(step.size * msPerRequest - 2) < 0.1, `${step.size}`);
});

test("a clock too coarse to see a call makes the step grow", () => {
  const step = new StepSize();
  const before = step.size;
  step.learn(before, 0, 8);
  assert.equal(step.size, before * 2);
  step.learn(0, 5, 8);
  assert.equal(step.size, before * 2);
});

test("the reading rate is of about the last second, and 0 once nothing comes", () => {
  const rate = new Rate();
  assert.equal(rate.perSecond(0), 0);
  for (let ms = 0; ms <= 5000; ms += 100) rate.add(ms, ms * 1000);
  assert.equal(Math.round(rate.perSecond(5000)), 1_000_000);
  assert.equal(rate.perSecond(7000), 0);
});

test("a step that found nothing to serve is asked for again, and no other", () => {
  const asked: number[] = [];
  const player = new Player((message: ToWorker) => {
    if (message.type === "advance") asked.push(message.max_requests);
  });
  const paused: Progress =
    { job: 1, ready: true, playing: false, speed: 10, served: 0, loading: false, nodes: 4 };
  player.step();
  player.step();
  player.ask(1000, paused);
  player.answered(0, true, false);
  player.ask(1016, paused);
  player.answered(1, true, false);
  player.ask(1032, { ...paused, served: 1 });
  player.answered(2, true, false);
  assert.deepEqual(asked, [2, 2, 1]);
  player.ask(5000, { ...paused, served: 2 });
  assert.deepEqual(asked, [2, 2, 1], "both have been served");
});

test("as fast as possible, the worker has more to do than one frame asks for", () => {
  const asked = (speed: number): number[] => {
    const budgets: number[] = [];
    const player = new Player((message: ToWorker) => {
      if (message.type === "advance") budgets.push(message.budget_ms);
    });
    const run: Progress =
      { job: 1, ready: true, playing: true, speed, served: 1, loading: true, nodes: 4 };
    player.ask(1000, run);
    player.ask(1016, run);
    return budgets;
  };
  assert.deepEqual(asked(Infinity), [24, 24, 24, 24]);
  assert.deepEqual(asked(1000), [8]);
});
