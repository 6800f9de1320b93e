/** The types of `kvscope.d.ts` against what really crosses the wasm border. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { AdviceAnswer, CurveAnswer } from "../../src/wasm/analysis.d.ts";
import type { Config, KvscopeError, Simulator as Contracted } from "../../src/wasm/kvscope.d.ts";
import { Check, readContract, type Shape } from "./contract.ts";
import { loadAnswers, loadCore, type AnswersCore, type Core, type Loaded } from "./core.ts";

let live: Loaded<Core>;
let answers: Loaded<AnswersCore>;
let core: Core;
let shapes: Map<string, Shape>;
const check = new Check();

before(async () => {
  [live, answers] = await Promise.all([loadCore(), loadAnswers()]);
  ({ core } = live);
  shapes = readContract();
});

const faults = (value: unknown, name: string) => check.faults(value, shapes.get(name)!, name);

type Fed = Pick<Contracted, "reserve" | "commit">;
function feed(sim: Fed, text: string, of: Loaded<Core> = live): void {
  const bytes = new TextEncoder().encode(text);
  const at = sim.reserve(bytes.byteLength);
  new Uint8Array(of.memory.buffer, at, bytes.byteLength).set(bytes);
  sim.commit(bytes.byteLength);
}

const data = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../tests/data/${name}`, import.meta.url)), "utf8");

/** Every object that a run hands out, at its beginning, on its way and at its end. */
function look(sim: Contracted): string[] {
  const decision = sim.decision();
  return [
    ...faults(sim.frame(true), "Frame"),
    ...faults(sim.frame(false), "Frame"),
    ...faults(sim.report(), "ReadReport"),
    ...sim.migrations().flatMap((migration) => faults(migration, "Migration")),
    ...(decision === null ? [] : faults(decision, "Decision")),
    ...sim.hottest(0, 3).flatMap((hot) => faults(hot, "HotBlock")),
  ];
}

function serve(sim: Contracted): string[] {
  sim.explain(true);
  const found = look(sim);
  while (sim.step(150) > 0) found.push(...look(sim));
  return [...found, ...look(sim)];
}

const timed = { id: "timed", params: { spread_arrivals: true } };
const moving = { id: "hotspot_migration", params: { threshold: 0.15, interval: 50 } };

test("the tables are of the type Tables", () => {
  assert.deepEqual(faults(core.policies(), "Tables"), []);
});

test("what workloads give is of the types declared", () => {
  const found: string[] = [];
  for (const config of [
    { nodes: 8, capacity_blocks: 500, router: moving },
    { nodes: 3, router: { id: "round_robin" } },
    { nodes: 2, capacity_blocks: 200, distinct_budget: 60 },
    { nodes: 2, capacity_blocks: 40, eviction: { id: "batch" } },
    { nodes: 4, capacity_blocks: 2000, router: { id: "conductor" }, clock: timed },
    { nodes: 4, capacity_blocks: 500, window: 100, clock: timed, router: { id: "least_loaded" },
      perturb: ["slow:0:2@1", "kill:2@300", "heal:2@400", "add:1@500", "kill:3@1990"] },
    { nodes: 4, capacity_blocks: 500, window: 100, perturb: ["drain:1@300", "heal:1@9000"] },
  ]) {
    const sim = new core.Simulator(config);
    while (sim.synthesize("toolagent", "7", 2000, 400)) found.push(...serve(sim));
    found.push(...serve(sim));
    assert.equal(sim.frame(false).done, true);
    sim.free();
  }
  assert.deepEqual(found.slice(0, 20), []);
});

test("a cluster that watches itself tells what is declared, also before its first window", () => {
  const alone = { id: "cache_aware", params: { load_weight: 0, load_signal: "none" } };
  const sim = new core.Simulator({ nodes: 4, capacity_blocks: 500, router: alone });
  sim.remember(16);
  while (sim.synthesize("toolagent", "7", 2000, 400)) while (sim.step(100) > 0);
  while (sim.step(100) > 0);
  const late = sim.frame(false);
  assert.ok(late.monitoring?.alerts.some(({ alert }) => alert === "concentration"));
  sim.seek(10);
  const early = sim.frame(false);
  assert.equal(early.monitoring?.windows, 0);
  assert.deepEqual([...faults(late, "Frame"), ...faults(early, "Frame")], []);
  sim.free();
});

test("what several lanes give is of the types declared, and each is its own run", () => {
  const found: string[] = [];
  const configs: Config[] = [
    { nodes: 4, capacity_blocks: 500, router: moving },
    { nodes: 3, capacity_blocks: 500, clock: timed, router: { id: "conductor" } },
  ];
  const all = new core.Simulator(configs);
  // What was asked before the workload was known holds for it.
  all.explain(true);
  while (all.synthesize("toolagent", "7", 2000, 400)) {
    all.step(150);
    found.push(...all.others(true).flatMap((lane) => faults(lane, "OtherLane")));
    found.push(...faults(all.comparison(), "Comparison"));
  }
  while (all.step(500) > 0);
  found.push(...all.others(false).flatMap((lane) => faults(lane, "OtherLane")));
  found.push(...all.migrations_of(0).flatMap((it) => faults(it, "Migration")));
  assert.deepEqual(found.slice(0, 20), []);
  const alone = configs.map((config) => {
    const sim = new core.Simulator(config);
    while (sim.synthesize("toolagent", "7", 2000, 400));
    while (sim.step(500) > 0);
    assert.match(sim.events_csv(0), /^event,what,/);
    return sim.summary();
  });
  assert.deepEqual(all.summaries(), alone);
  assert.deepEqual(all.comparison().lines.find(({ id }) => id === "token_hit_rate")!.lanes
    .map((lane) => lane!.mean), alone.map((one) => one["token_hit_rate"]));
  all.free();
});

/** A row of a session, whose ids mean the same everywhere or in the session only. */
const session = (id: string, scope: string) => `${JSON.stringify({ session_id: id,
  hash_id_scope: scope, timestamp: 0, input_length: 1024, output_length: 1, hash_ids: [1, 2] })}\n`;

test("what trace files give is of the types declared", () => {
  const found: string[] = [];
  const lines = ["broken", "mooncake", "dynamo", "aliases", "aiperf", "qwen_bailian"];
  const others = ["mooncake.csv", "weka.json", "mooncake_array.json"];
  for (const [text, config] of [
    ...[...lines.map((name) => `${name}.jsonl`), ...others].map((name) => [data(name), {}]),
    [session("a", "local") + session("b", "local"), {}],
    [session("a", "local") + session("b", "global"), {}],
    [session("a", "global") + session("a", "global"), { rows: "delta" }],
    ["PAR1 is how parquet begins", {}],
  ] as [string, Config][]) {
    const sim = new core.Simulator({ nodes: 2, ...config });
    feed(sim, text);
    found.push(...look(sim));
    sim.finish();
    found.push(...serve(sim));
    sim.free();
  }
  assert.deepEqual(found.slice(0, 20), []);
});

/** A whole trace, packed. */
function packed(text: string): Uint8Array {
  const sim = new answers.core.Simulator({});
  sim.keep();
  feed(sim, text, answers);
  sim.finish();
  const bytes = sim.pack();
  sim.free();
  return bytes;
}

test("what is asked of whole traces is of the types declared", () => {
  const found: string[] = [];
  const traces = [data("mooncake.jsonl"), data("dynamo.jsonl"), session("a", "global")];
  for (const text of traces) {
    const analysis = new answers.core.Analysis(packed(text));
    while (analysis.collect(2) > 0 || analysis.reuse("flat", 2) > 0);
    found.push(...faults(analysis.facts(), "Facts"));
    found.push(...faults(analysis.lru("flat", 20), "LruCurve"));
    analysis.free();
  }
  const analysis = new answers.core.Analysis(packed(data("mooncake.jsonl")));
  const axes = { router: ["round_robin", "cache_aware"], clock: ["logical", "timed"] };
  const rows = analysis.cells({ axes, seeds: 2 }).map((cell) => {
    found.push(...faults(cell, "Cell"));
    const result = analysis.run_cell(cell.number);
    found.push(...faults(result, "CellResult"));
    return result.row;
  });
  found.push(...faults(answers.core.amount(rows, "token_hit_rate", "p99"), "Amount"));
  found.push(...faults(answers.core.amount(rows.slice(0, 1), "token_hit_rate", "p99"), "Amount"));
  for (const { id } of core.policies().studies) found.push(...studied(analysis, id));
  // β is worth something only where there is load to balance.
  const busy = new answers.core.Analysis(made("toolagent", 4000));
  found.push(...studied(busy, "claim_weight"));
  busy.free();
  assert.deepEqual(found.slice(0, 20), []);
});

function studied(analysis: InstanceType<typeof answers.core.Analysis>, id: string): string[] {
  const runs = Array.from({ length: analysis.study_cells(id, 2) }, (_, number) =>
    analysis.study_cell(id, 2, number));
  return faults(analysis.study(id, 2, runs), "Study");
}

/** A built-in workload, packed. */
function made(id: string, requests: number): Uint8Array {
  const sim = new core.Simulator({});
  sim.keep();
  while (sim.synthesize(id, "7", requests, 1000));
  const bytes = sim.pack();
  sim.free();
  return bytes;
}

/** Asks for what is open until nothing is, and runs one at a time. */
function toTheEnd<T, O>(ask: (answers: T[]) => { open: O[] }, run: (one: O) => T): T[] {
  const answers: T[] = [];
  for (let { open } = ask(answers); open.length > 0; { open } = ask(answers)) {
    answers.push(run(open[0]!));
  }
  return answers;
}

test("what takes many runs is of the types declared", () => {
  const found: string[] = [];
  const say = (value: unknown, type: string) => void found.push(...faults(value, type));
  for (const bytes of [packed(data("mooncake.jsonl")), packed(session("a", "global")),
    made("extreme", 200)]) {
    const analysis = new answers.core.Analysis(bytes);
    while (analysis.collect(1000) > 0);
    // A queue of a quarter has no use of one block.
    const lines = { points: 9, configs: ["lru", "fifo", "two_q"].map((id) =>
      ({ nodes: 1, eviction: { id } })) };
    const points = toTheEnd((known: CurveAnswer[]) => {
      const told = analysis.curves(lines, known);
      say(told.curve, "Curve");
      return told;
    }, ([line, capacity]) => analysis.measure(lines, line, capacity));
    points.forEach((point) => say(point, "CurveAnswer"));
    const config = { nodes: 2, capacity_blocks: 3, clock: { id: "timed" } };
    for (const cluster of [config, { ...config, clock: { id: "logical" } }]) {
      const asked = { config: cluster, seeds: 2, scenario_requests: 20, weights: { hit: 2 },
        // Where nobody says which, the logical clock leaves some out.
        routers: cluster === config ? [{ id: "random" }] : [], evictions: [{ id: "lru" }] };
      toTheEnd((known: AdviceAnswer[]) => {
        const told = analysis.advice(asked, known);
        say(told.advice, "Advice");
        return told;
      }, (number) => {
        const answer = analysis.advice_unit(asked, number);
        say(answer, "AdviceAnswer");
        return answer;
      });
    }
    const lanes = ["random", "round_robin"].map((id) => ({ ...config, router: { id } }));
    const runs = lanes.map((lane) => [0, 1].map((by) => {
      const summary = analysis.repeat(lane, by);
      say(summary, "Summary");
      return summary;
    }));
    say(answers.core.beside(lanes, runs), "Comparison");
    for (const slo_s of [30, 0.001]) {
      const clock = `timed:slo_s=${slo_s}`;
      analysis.cells({ base: { ...config, clock }, axes: {} });
      say(analysis.most_rate(0, () => undefined), "Search");
      say(analysis.least_nodes(0, () => undefined).search, "Search");
    }
    for (const [wanted, router] of [[{ number: 1 }, "cache_aware"], [{ at_s: 0 }, "round_robin"],
      [{ family: 0, from: 1 }, "shortest_ttft"]] as const) {
      const clock = { id: router === "shortest_ttft" ? "timed" : "logical" };
      analysis.find({ ...config, clock, router: { id: router } }, wanted, 3);
      while (analysis.look(1));
      analysis.found().forEach((step) => say(step, "Step"));
    }
    analysis.free();
  }
  assert.deepEqual(found.slice(0, 20), []);
});

test("a sample of everything tells the curve of the whole, as an estimate", () => {
  const sampler = new answers.core.Sampler({}, 1, 100_000);
  feed(sampler, data("mooncake.jsonl"), answers);
  sampler.finish();
  const { packed: bytes, whole } = sampler.sample();
  assert.deepEqual(faults(whole, "Whole"), []);
  const sampled = new answers.core.Sampled(bytes, whole);
  const analysis = new answers.core.Analysis(packed(data("mooncake.jsonl")));
  const lines = { points: 9, configs: ["lru", "fifo"].map((id) =>
    ({ nodes: 1, eviction: { id } })) };
  const [estimate, exact] = [sampled, analysis].map((of) => {
    const known = toTheEnd((so_far: CurveAnswer[]) => of.curves(lines, so_far),
      ([line, capacity]) => of.measure(lines, line, capacity));
    return of.curves(lines, known).curve;
  });
  assert.deepEqual(faults(estimate, "Curve"), []);
  assert.deepEqual(estimate!.lines.map(({ method }) => method), ["estimated", "estimated_runs"]);
  assert.deepEqual(estimate!.lines.map(({ points }) => points),
    exact!.lines.map(({ points }) => points));
  assert.deepEqual([estimate!.sample_rate, exact!.sample_rate], [1, undefined]);
  // Another way to the same: a workload that is made.
  const made_of = new answers.core.Sampler({}, 0.5, 100_000);
  made_of.synthesize("extreme", "7", 300);
  assert.equal(made_of.sample().whole.requests, 300);
  assert.throws(() => new answers.core.Sampler({}, 0, 1), /rate: found 0/);
});

test("a sweep is written as the command line reads it, and things have their price", () => {
  const analysis = new answers.core.Analysis(packed(data("mooncake.jsonl")));
  const grid = { axes: { router: ["round_robin", "cache_aware"] }, seeds: [7] };
  const rows = analysis.cells(grid).map(({ number }) => analysis.run_cell(number).row);
  const written = analysis.document(grid, [...rows].reverse());
  assert.match(written, /^\{"grid":\{.*\}\n$/);
  const read = JSON.parse(written) as { trace: { requests: number; digest: string };
    cells: number; rows: unknown[] };
  assert.deepEqual([read.trace.requests, read.cells], [analysis.requests(), 2]);
  assert.match(read.trace.digest, /^[0-9a-f]{16}$/);
  assert.deepEqual(read.rows, rows);
  const sizes = [[4, 2 ** 31], [null, 1], [3, null]];
  assert.deepEqual(answers.core.prices(sizes, 10, 0.5), [44, null, null]);
});

test("a whole trace says what stands in the way", () => {
  const analysis = new answers.core.Analysis(packed(data("mooncake.jsonl")));
  const refused = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      return error as KvscopeError;
    }
    throw new Error("nothing was refused");
  };
  assert.equal(refused(() => analysis.facts()).kind, "state");
  assert.equal(refused(() => analysis.run_cell(0)).kind, "state");
  assert.match(refused(() => answers.core.beside([{}, {}], [[], []])).message, /^runs: /);
  assert.deepEqual(refused(() => analysis.repeat({ nodes: 0 }, 1)).reasons?.map(({ path }) => path),
    ["settings.nodes"]);
  const grid = refused(() => analysis.cells({ axes: { router: ["rr"], nodes: [0] } }));
  assert.deepEqual(grid.reasons?.map(({ path }) => path), ["settings.nodes", "router.id"]);
  assert.equal(refused(() => new answers.core.Analysis(new Uint8Array(9))).kind, "state");
});

test("errors are of the type KvscopeError", () => {
  const thrown = (act: () => unknown): KvscopeError => {
    try {
      act();
    } catch (error) {
      assert.deepEqual(faults(error, "KvscopeError"), []);
      return error as KvscopeError;
    }
    throw new Error("nothing was thrown");
  };
  const sim = new core.Simulator({});
  assert.equal(thrown(() => new core.Simulator({ nodes: 0 })).kind, "config");
  assert.equal(thrown(() => sim.step("5" as unknown as number)).kind, "argument");
  sim.finish();
  assert.equal(thrown(() => sim.commit(0)).kind, "state");
});

/** What is declared and does not come here, each with its reason. */
const RARE: Record<string, string> = {
  "ClockRow.foresight?": "what rows of every table may have, and no clock has",
  "ClockRow.origin?": "clocks are nobody's",
  "Migration.hit_rate_before as null": "only after a window without a single prompt token",
  "PresetRow.workload as null": "every lesson of today brings its workload",
  "RouterRow.foresight?": "today it is choices of parameters that know what no real router does",
  'Study.verdict.holds as "undecided"': "only where an interval reaches over a figure's bound",
  "WorkloadRow.foresight?": "what rows of every table may have, and no workload has",
  "WorkloadRow.origin?": "menus of workloads have no groups",
};

test("nothing is declared that never comes", () => {
  // A configuration goes in; those of the lessons and of cells are the only ones that come out.
  const unmet = check.unmet.filter((one) => !/^(Cell)?Config\./.test(one));
  assert.deepEqual(unmet, Object.keys(RARE).sort());
});
