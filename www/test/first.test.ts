/** What the first view says of its two clusters is true of their figures. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HEADLINE } from "../src/state/headline.ts";
import { configOf } from "../src/state/lanes.ts";
import { FIRST, explicit } from "../src/state/setup.ts";
import { loadCore } from "./core.ts";

test("A leaves six nodes idle, hits a few points less, and is far slower", async () => {
  const { core } = await loadCore();
  const tables = core.policies();
  const { default_requests: requests } = tables.workloads.find(({ id }) => id === FIRST.workload)!;
  const [a, b] = [0, 1].map((lane) => {
    const sim = new core.Simulator(explicit(tables, configOf(FIRST, lane)));
    while (sim.synthesize(FIRST.workload, String(FIRST.config.seed), requests, 4096));
    while (sim.step(4096) > 0);
    const frame = sim.frame(true);
    sim.free();
    const [hit_rate, , ttft_mean_s] = HEADLINE.map(({ exact }) => exact(frame, "run")!);
    const idle = Array.from(frame.nodes.requests).filter((served) => served === 0).length;
    return { hit_rate: hit_rate!, ttft_mean_s: ttft_mean_s!, idle };
  });
  assert.deepEqual([a!.idle, b!.idle], [6, 0]);
  const points = 100 * (b!.hit_rate - a!.hit_rate);
  assert.ok(1 < points && points < 7, `${points}`);
  assert.ok(a!.ttft_mean_s > 10 * b!.ttft_mean_s, `${a!.ttft_mean_s} and ${b!.ttft_mean_s} s`);
});
