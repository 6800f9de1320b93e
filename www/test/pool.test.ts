/** The pool with workers that do as the test says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NoAnswer, Pool, poolSize } from "../src/engine/pool.ts";
import type { Asked, CellResult, FromWorker, ToWorker } from "../src/engine/protocol.ts";

/** A worker that notes what it hears and answers when it is told to. */
class Fake {
  readonly heard: ToWorker[] = [];
  stopped = false;
  readonly say: (message: FromWorker) => void;

  constructor(say: (message: FromWorker) => void) {
    this.say = say;
  }

  send(message: ToWorker): void {
    this.heard.push(message);
  }

  stop(): void {
    this.stopped = true;
  }

  get asked(): Asked {
    return this.heard.at(-1) as Asked;
  }

  /** Answers the question it heard last with the number of its cell. */
  answer(): void {
    const { job, task } = this.asked;
    const cell = (this.asked as Asked & { type: "cell" }).number;
    this.say({ type: "answer", job, task, answer: resultOf(cell) });
  }

  die(): void {
    this.say({ type: "crashed", job: this.asked.job, message: "out of memory" });
  }
}

const resultOf = (cell: number): CellResult => ({
  row: { cell, group: cell, point: {}, config: {}, summary: {} }, values: [cell],
});

function poolOf(size: number | (() => number)): { pool: Pool; fakes: Fake[] } {
  const fakes: Fake[] = [];
  const pool = new Pool((hear) => {
    fakes.push(new Fake(hear));
    return fakes.at(-1)!;
  }, typeof size === "number" ? () => size : size);
  pool.hold(new ArrayBuffer(8));
  return { pool, fakes };
}

const cell = (number: number, job = 1) => ({ type: "cell", job, grid: {}, number }) as const;
const asksFor = (fakes: Fake[]) => fakes.map(({ asked }) => (asked as { number: number }).number);
/** Promises that were settled tell of it once others had a turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What becomes of a question: its cell, or why there is none. */
const outcome = (question: Promise<CellResult>): Promise<string> =>
  question.then(({ row }) => `cell ${row.cell}`, (why: NoAnswer) =>
    why.cancelled ? "cancelled" : why.message);

test("one core is left for a run that goes on, and there is one worker at least", () => {
  const cores = [1, 2, 3, 8, undefined];
  assert.deepEqual(cores.map((all) => poolSize(all, true)), [1, 1, 2, 7, 1]);
  assert.deepEqual(cores.map((all) => poolSize(all, false)), [1, 2, 3, 8, 2]);
});

test("as many are busy as may be at the moment, however many were started", async () => {
  let size = 2;
  const { pool, fakes } = poolOf(() => size);
  const all = [0, 1, 2, 3, 4].map((number) => outcome(pool.ask(cell(number))));
  assert.deepEqual(asksFor(fakes), [0, 1]);
  size = 1;
  fakes[1]!.answer();
  assert.deepEqual(asksFor(fakes), [0, 1], "the other one is busy, and that is all there may be");
  fakes[0]!.answer();
  assert.deepEqual(asksFor(fakes), [2, 1]);
  size = 2;
  fakes[0]!.answer();
  assert.deepEqual(asksFor(fakes), [3, 4], "and again two");
  fakes.forEach((fake) => fake.answer());
  await Promise.all(all);
});

test("questions go to as many workers as may be, and each is given the trace once", async () => {
  const { pool, fakes } = poolOf(2);
  const all = [0, 1, 2, 3].map((number) => outcome(pool.ask(cell(number))));
  assert.deepEqual(asksFor(fakes), [0, 1]);
  fakes[1]!.answer();
  assert.deepEqual(asksFor(fakes), [0, 2], "whoever is free goes on");
  fakes[0]!.answer();
  fakes[0]!.answer();
  fakes[1]!.answer();
  assert.deepEqual(await Promise.all(all), ["cell 0", "cell 1", "cell 2", "cell 3"]);
  for (const { heard } of fakes) {
    assert.deepEqual(heard.map(({ type }) => type), ["hold", "cell", "cell"]);
  }
});

test("what a dead worker was busy with runs again elsewhere, twice, then is named", async () => {
  const { pool, fakes } = poolOf(1);
  const [first, second] = [outcome(pool.ask(cell(7))), outcome(pool.ask(cell(8)))];
  fakes[0]!.die();
  assert.equal(fakes.length, 2, "a new worker takes its place");
  assert.deepEqual(fakes[1]!.heard.map(({ type }) => type), ["hold", "cell"]);
  assert.deepEqual(asksFor(fakes), [7, 7]);
  fakes[1]!.die();
  fakes[2]!.die();
  assert.equal(await first,
    "3 workers in a row stopped at cell 7. The last one said: out of memory");
  assert.deepEqual(asksFor(fakes), [7, 7, 7, 8], "the next question is not held back");
  fakes[3]!.answer();
  assert.equal(await second, "cell 8");
  assert.ok(fakes.slice(0, 3).every(({ stopped }) => stopped));
});

test("a job that is given up stops its workers and leaves other jobs alone", async () => {
  const { pool, fakes } = poolOf(2);
  const mine = [0, 1, 2].map((number) => outcome(pool.ask(cell(number, 5))));
  const other = outcome(pool.ask(cell(9, 6)));
  pool.cancel(5);
  assert.deepEqual(await Promise.all(mine), ["cancelled", "cancelled", "cancelled"]);
  assert.deepEqual(fakes.map(({ stopped }) => stopped), [true, true, false]);
  fakes[0]!.answer();
  fakes[2]!.answer();
  assert.equal(await other, "cell 9", "what a stopped worker still says is not heard");
});

test("an answer to what was asked before is not taken for this one", async () => {
  const { pool, fakes } = poolOf(1);
  const told: string[] = [];
  void outcome(pool.ask(cell(3))).then((what) => told.push(what));
  const { job, task } = fakes[0]!.asked;
  fakes[0]!.say({ type: "answer", job, task: task - 1, answer: resultOf(2) });
  await turn();
  assert.deepEqual(told, []);
  fakes[0]!.answer();
  await turn();
  assert.deepEqual(told, ["cell 3"]);
});

test("progress and failures reach who asked; another trace has workers of its own", async () => {
  const { pool, fakes } = poolOf(1);
  const heard: number[] = [];
  const failed = pool.ask({ type: "facts", job: 2 }, (done, of) => heard.push(done, of));
  const { job, task } = fakes[0]!.asked;
  fakes[0]!.say({ type: "progress", job, task, done: 10, of: 40 });
  const failure = { kind: "config", message: "nodes: found 0", reasons: [] } as const;
  fakes[0]!.say({ type: "failed", job, task, failure: { ...failure, reasons: [] } });
  await assert.rejects(failed, (why: NoAnswer) => why.failure.kind === "config");
  assert.deepEqual(heard, [10, 40]);
  const open = outcome(pool.ask(cell(1)));
  pool.forget();
  assert.equal(await open, "cancelled");
  assert.ok(fakes[0]!.stopped);
});

test("jobs take turns, and who waits hears behind whom", async () => {
  const { pool, fakes } = poolOf(1);
  const heard: string[] = [];
  pool.onWait = (job, behind) => heard.push(`${job} behind ${behind.join()}`);
  const all = [0, 1, 2].map((number) => outcome(pool.ask(cell(number, 1))));
  assert.deepEqual(heard, [], "nobody waits for oneself");
  const mine = outcome(pool.ask(cell(9, 2)));
  assert.deepEqual(heard, ["2 behind 1"]);
  for (let i = 0; i < 4; i += 1) fakes[0]!.answer();
  assert.deepEqual(await Promise.all([...all, mine]), ["cell 0", "cell 1", "cell 2", "cell 9"]);
  assert.deepEqual(fakes[0]!.heard.flatMap((it) => (it.type === "cell" ? it.number : [])),
    [0, 9, 1, 2]);
  // While the other one is at it, the first waits.
  assert.deepEqual(heard, ["2 behind 1", "2 behind ", "1 behind 2", "1 behind "]);
});
