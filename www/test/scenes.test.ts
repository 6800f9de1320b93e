/** Every figure shows what its sentence says, counted by the core: at its moment, and at the end of
 *  the run that a reader lets go on. */
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Frame } from "../../src/wasm/kvscope.d.ts";
import { gallery } from "../gallery.ts";
import { HEADLINE, type HeadlineRow } from "../src/state/headline.ts";
import { configOf } from "../src/state/lanes.ts";
import { decode } from "../src/state/link.ts";
import { FIGURES, type Figure } from "../src/state/scenes.ts";
import { explicit } from "../src/state/setup.ts";
import { loadCore } from "./core.ts";

const { core } = await loadCore();
const tables = core.policies();

interface Lane {
  frame: Frame;
  of(key: HeadlineRow["key"]): number;
  /** How full each cache is. */
  full: number[];
}

/** After all requests of a run. */
const END = Number.MAX_SAFE_INTEGER;

/** The lanes of a figure after so many requests. */
function lanesOf({ link }: Figure, moment: number): Lane[] {
  const { setup } = decode(`#${link}`, tables);
  const configs = [setup.config, ...setup.others].map((_, lane) =>
    explicit(tables, configOf(setup, lane)));
  const sim = new core.Simulator(configs.length === 1 ? configs[0]! : configs);
  const row = tables.workloads.find(({ id }) => id === setup.workload);
  const requests = setup.requests ?? row?.default_requests ?? 0;
  while (sim.synthesize(setup.workload, setup.config.seed ?? "0", requests, 2048)) { /* on */ }
  for (let left = Math.min(moment, requests); left > 0;) left -= sim.step(left);
  const frames = [sim.frame(true), ...(configs.length > 1
    ? sim.others(true).map(({ frame }) => frame) : [])];
  const lanes = frames.map((frame): Lane => ({ frame,
    of: (key) => HEADLINE.find((one) => one.key === key)?.exact(frame, "run") ?? Number.NaN,
    full: [...frame.nodes.resident].map((blocks) => blocks / frame.capacity_blocks) }));
  sim.free();
  return lanes;
}

/** Each is made at the figure's moment, and at the end. */
const CHECKS: Record<string, (figure: Figure, moment: number) => void> = {
  "one-node": (figure, moment) => {
    const [{ of, full }] = lanesOf(figure, moment) as [Lane];
    assert.equal(of("top_share"), 1);
    assert.deepEqual(full, [1, 0, 0, 0, 0, 0, 0, 0]);
  },
  "random": (figure, moment) => {
    const [a, b] = lanesOf(figure, moment) as [Lane, Lane];
    assert.ok(a.of("top_share") < b.of("top_share") - 0.02, "more even");
    assert.ok(a.full.every((part) => part === 1), "every cache is full");
    assert.ok(a.of("hit_rate") < b.of("hit_rate") - 0.05, "finds less");
  },
  "load-signal": (figure, moment) => {
    const [a, b] = lanesOf(figure, moment) as [Lane, Lane];
    assert.equal(a.of("top_share"), 1);
    assert.ok(b.of("top_share") < 0.2);
    assert.ok(a.of("hit_rate") < b.of("hit_rate") - 0.05);
  },
  "hot-prefix": (figure, moment) => {
    const [{ frame }] = lanesOf(figure, moment) as [Lane];
    const { requests, placed } = frame.families;
    assert.equal(requests.length, 3);
    assert.ok(requests.reduce((sum, count) => sum + count, 0) > 0.95 * placed, "nearly every");
    const { heat, heat_bands, resident } = frame.nodes;
    const families = heat.length / resident.length / heat_bands;
    const homes = [...resident].map((blocks, node) => {
      const held = Array.from({ length: families }, (_, family) => {
        const from = (node * families + family) * heat_bands;
        return heat.slice(from, from + heat_bands).reduce((sum, count) => sum + count, 0);
      });
      return held.findIndex((count) => count === blocks);
    });
    assert.deepEqual(homes.toSorted(), [1, 1, 1, 1, 1, 1, 2, 3]);
  },
  "migration": (figure, moment) => {
    const counts = [2000, moment].map((at) => lanesOf(figure, at)[0]!.frame.totals.migrations);
    assert.ok(counts[0]! >= 5, `${counts[0]} migrations while filling`);
    assert.equal(counts[1], counts[0], "none after");
    const [filling] = lanesOf(figure, 2000) as [Lane];
    assert.ok(filling.full.every((part) => part < 1), "none is full yet");
  },
  "lfu-lru": (figure, moment) => {
    const [a, b, c, d] = lanesOf(figure, moment).map(({ of }) => of("hit_rate")) as
      [number, number, number, number];
    assert.ok(b > a + 0.03, `small: LFU ${b}, LRU ${a}`);
    assert.ok(c > d + 0.01, `large: LRU ${c}, LFU ${d}`);
  },
  "stale-signal": (figure, moment) => {
    const [a, b] = lanesOf(figure, moment) as [Lane, Lane];
    assert.ok(b.of("top_share") > a.of("top_share") + 0.02);
    assert.ok(b.of("ttft_mean_s") > 5 * a.of("ttft_mean_s"));
  },
  "node-dies": (figure, moment) => {
    const [{ frame, full }] = lanesOf(figure, moment) as [Lane];
    const isDead = moment < END;
    assert.deepEqual([...frame.nodes.state], [1, 1, 1, isDead ? 3 : 1, 1, 1, 1, 1]);
    assert.equal(full[3], isDead ? 0 : 1);
    assert.ok(lanesOf(figure, 3999)[0]!.full[3]! > 0.9, "it had a full cache");
    const [back] = lanesOf(figure, 6001) as [Lane];
    assert.equal(back.frame.nodes.state[3], 1);
    assert.ok(back.full[3]! < 0.1, "it comes back empty");
  },
  "replication": (figure, moment) => {
    const [a, b] = lanesOf(figure, moment) as [Lane, Lane];
    assert.equal(a.frame.totals.transferred_blocks, 0);
    assert.ok(b.frame.totals.transferred_blocks > 1000);
    assert.ok(b.of("hit_rate") > a.of("hit_rate") + 0.02);
  },
  "hits-and-wait": (figure, moment) => {
    const [a, b] = lanesOf(figure, moment) as [Lane, Lane];
    assert.ok(Math.abs(a.of("hit_rate") - b.of("hit_rate")) < 0.03);
    assert.ok(a.of("ttft_mean_s") > 4 * b.of("ttft_mean_s"));
  },
  "how-much-cache": (figure, moment) => {
    const [a, b, c, d] = lanesOf(figure, moment).map(({ of }) => of("hit_rate")) as
      [number, number, number, number];
    assert.ok(b > a + 0.04 && c > b + 0.06, `${a}, ${b}, ${c}: the first steps pay`);
    assert.ok(d - c < 0.03, `${c}, ${d}: the last does not`);
  },
};

for (const figure of FIGURES) {
  test(`figure ${figure.id}: ${figure.title}`, () => {
    const check = CHECKS[figure.id];
    assert.ok(check !== undefined, "every figure has its check");
    const { at, unknown, setup } = decode(`#${figure.link}`, tables);
    assert.deepEqual(unknown, []);
    assert.ok(at !== null && setup.config.seed !== undefined, "a seed and a moment");
    for (const moment of [at, END]) check(figure, moment);
  });
}

test("there are ten figures or more, and each has a still", () => {
  assert.ok(FIGURES.length >= 10);
  assert.equal(new Set(FIGURES.map(({ id }) => id)).size, FIGURES.length);
  let bytes = 0;
  for (const { id } of FIGURES) {
    const path = fileURLToPath(new URL(`../../docs/figures/${id}.webp`, import.meta.url));
    assert.ok(existsSync(path), `${path}: npm run stills makes it`);
    bytes += statSync(path).size;
  }
  assert.ok(bytes < 1_500_000, `the stills have ${bytes} bytes`);
});

test("the gallery needs no script, and names every figure", () => {
  const page = gallery();
  assert.doesNotMatch(page, /<script/);
  for (const { id, link } of FIGURES) {
    assert.ok(page.includes(`src="./figures/${id}.webp"`), id);
    assert.ok(page.includes(`href="./index.html#${link.replaceAll("&", "&amp;")}"`), id);
    assert.ok(page.includes(`href="./embed.html#figure=${id}"`), id);
  }
});
