/** The core in two parts, beside the core in one piece. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CITED, type Later } from "../src/engine/tables.ts";
import type { Config, Tables } from "../src/engine/protocol.ts";
import { configOf } from "../src/state/lanes.ts";
import { FIRST, explicit } from "../src/state/setup.ts";
import { Parts } from "../src/worker/parts.ts";
import { loadCore, type Core } from "./core.ts";

const made = new URL("../pkg/", import.meta.url);
const read = (name: string) => new WebAssembly.Module(readFileSync(new URL(name, made)));
const first = read("kvscope_first.wasm");
const whole = read("kvscope_whole.wasm");
const { core: one, memory } = await loadCore();
const tables = one.policies();

/** Another instance of the first part; `asked` counts how often it wanted the whole. */
let copies = 0;
async function inParts(): Promise<{ core: Core; parts: Parts; asked: () => number }> {
  copies += 1;
  const core = await import(`${new URL("kvscope.js", made).href}?${copies}`) as Core;
  let asked = 0;
  const parts = new Parts(core.initSync({ module: first }), () => {
    asked += 1;
    return whole;
  });
  return { core, parts, asked: () => asked };
}

/** A run to its end and all it tells; `between` comes after so many steps. */
function runOf(core: Core, config: Config | Config[], between: (step: number) => void): unknown[] {
  const sim = new core.Simulator(config);
  // As the page does: what forgets what has passed is not among the first.
  sim.keep();
  const told: unknown[] = [];
  let step = 0;
  const look = () => {
    between(step);
    step += 1;
    told.push(sim.frame(step % 2 === 0), sim.others(step % 2 === 0));
  };
  while (sim.synthesize("conversation", "7", 1200, 300)) {
    sim.step(150);
    look();
  }
  while (sim.step(150) > 0) look();
  told.push(sim.migrations(), sim.report());
  sim.free();
  return told;
}

const opening = [FIRST.config, ...FIRST.others].map((_, lane) =>
  explicit(tables, configOf(FIRST, lane)));

test("the first view runs in the first part, and tells what one piece tells", async () => {
  const { core, parts, asked } = await inParts();
  const sim = new core.Simulator(opening);
  const other = new one.Simulator(opening);
  for (const it of [sim, other]) it.keep();
  let more = true;
  while (more || sim.waiting() > 0) {
    more = sim.synthesize("conversation", "7", 3000, 500);
    other.synthesize("conversation", "7", 3000, 500);
    assert.equal(sim.step(200), other.step(200));
    assert.deepEqual(sim.frame(true), other.frame(true));
    assert.deepEqual(sim.others(true), other.others(true));
    assert.deepEqual(sim.comparison(), other.comparison());
  }
  assert.equal(asked(), 0);
  assert.equal(parts.areAll, false);
  // And goes on with the whole where it stands.
  assert.deepEqual(sim.report(), other.report());
  assert.deepEqual(sim.summaries(), other.summaries());
  assert.equal(asked(), 1);
  assert.equal(parts.areAll, true);
  assert.equal(sim.seek(100), other.seek(100));
  assert.deepEqual(sim.frame(true), other.frame(true));
});

test("whatever else is asked for fetches the whole once, and runs the same", async () => {
  const timed = { id: "timed" };
  const configs: Config[] = [
    ...tables.routers.map(({ id }) => ({ nodes: 4, capacity_blocks: 300, router: { id },
      clock: timed })),
    ...tables.evictions.map(({ id }) => ({ nodes: 4, capacity_blocks: 300, eviction: { id },
      insertion: id.startsWith("leaf") ? "tree" : "flat" })),
  ];
  let ran = 0;
  for (const config of configs) {
    let wanted: unknown[];
    try {
      wanted = runOf(one, config, () => undefined);
    } catch {
      continue;
    }
    ran += 1;
    const { core, asked } = await inParts();
    assert.deepEqual(runOf(core, config, () => undefined), wanted, JSON.stringify(config));
    assert.ok(asked() <= 1);
  }
  assert.ok(30 <= ran, `only ${ran} of ${configs.length} ran`);
});

test("the whole may come at any moment of a run", async () => {
  const wanted = runOf(one, opening, () => undefined);
  for (const moment of [0, 1, 3]) {
    const { core, parts, asked } = await inParts();
    const told = runOf(core, opening, (step) => {
      if (step === moment) parts.complete(whole);
    });
    assert.deepEqual(told, wanted, `after ${moment} steps`);
    assert.equal(asked(), 0);
  }
});

test("the page's tables and what comes later are the core's, taken apart", () => {
  const textOf = (name: string) => JSON.parse(readFileSync(new URL(name, made), "utf8"));
  const { citations, presets } = textOf("later.json") as Later;
  const joined = textOf("tables.json") as Tables;
  for (const name of CITED) {
    const rows = joined[name] as { id: string }[];
    for (const row of rows) {
      assert.ok(!("source" in row), "it comes with the rest");
      Object.assign(row, citations[name][row.id]);
    }
    assert.equal(Object.keys(citations[name]).length, rows.length);
  }
  assert.ok(!("presets" in joined));
  assert.deepEqual({ ...joined, presets }, tables);
});

test("a file is read by the whole", async () => {
  const text = Array.from({ length: 400 }, (_, i) => JSON.stringify({ timestamp: i * 10,
    input_length: 1000 + i, output_length: 5, hash_ids: [0, i % 7, 100 + i] })).join("\n");
  const bytes = new TextEncoder().encode(text);
  const { core, parts, asked } = await inParts();
  const [wanted, told] = [[one, memory], [core, parts.memory] as const].map(([it, memory]) => {
    const sim = new (it as Core).Simulator({ nodes: 2, capacity_blocks: 50 });
    const at = sim.reserve(bytes.byteLength);
    new Uint8Array((memory as WebAssembly.Memory).buffer, at, bytes.byteLength).set(bytes);
    sim.commit(bytes.byteLength);
    sim.finish();
    while (sim.step(100) > 0);
    return [sim.frame(true), sim.report(), sim.summary()];
  });
  assert.deepEqual(told, wanted);
  assert.equal(asked(), 1);
});

test("what cannot be fetched is an error that names it, and can be asked for again", async () => {
  const core = await import(`${new URL("kvscope.js", made).href}?offline`) as Core;
  let offline = true;
  new Parts(core.initSync({ module: first }), () => {
    if (offline) throw new Error("no network");
    return whole;
  });
  assert.throws(() => core.policies(), /no network/);
  offline = false;
  assert.deepEqual(core.policies(), tables);
});
