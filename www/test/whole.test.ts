import assert from "node:assert/strict";
import { test } from "node:test";
import { INITIAL, wholeTrace, type State } from "../src/state/state.ts";
import { tables } from "./tables.ts";

const stateOf = (part: object, lane: object = {}): State =>
  ({ ...INITIAL, tables, ...part, lanes: [{ ...INITIAL.lanes[0], ...lane }] }) as State;

test("a workload lasts as long as its row says, for as many requests", () => {
  const source = { kind: "workload", id: "second", seed: "0" } as const;
  const of = (requests: number) => wholeTrace(stateOf({ source: { ...source, requests } }));
  assert.deepEqual(of(2000), { requests: 2000, exact: true, seconds: 60 });
  assert.deepEqual(of(500), { requests: 500, exact: true, seconds: 15 });
});

test("a trace that was read lasts from its first arrival to its last", () => {
  const source = { kind: "url", url: "https://a.example/t", name: "t" };
  const frame = { requests: 700, waiting: 300 };
  const load = { phase: "complete", read_bytes: 900, total_bytes: 900 };
  const of = (report: object, now: object = load) =>
    wholeTrace(stateOf({ source }, { frame, load: now, report: { requests: 1000, ...report } }));
  assert.deepEqual(of({ first_arrival_s: 10, last_arrival_s: 70.5 }),
    { requests: 1000, exact: true, seconds: 60.5 });
  assert.deepEqual(of({ first_arrival_s: null, last_arrival_s: null }),
    { requests: 1000, exact: true, seconds: null });
  const reading = { ...load, phase: "reading", read_bytes: 300 };
  assert.deepEqual(of({ first_arrival_s: 10, last_arrival_s: 70.5 }, reading),
    { requests: 3000, exact: false, seconds: null }, "what was read is not all there is");
  assert.equal(wholeTrace(stateOf({ source })), null);
});
