/** Hit rate against capacity: where to measure next the core says, who measures is the pool's. */
import type { Pool } from "../engine/pool.ts";
import type { CellConfig, CurveAnswer, CurvesAsked, Job } from "../engine/protocol.ts";
import type { CurveState } from "../state/analysis.ts";
import type { CurveSetup } from "../state/setup.ts";
import type { State } from "../state/state.ts";
import { readingOf, throttled, type AnalysisActions, type Told } from "./analysis.ts";
import type { Context } from "./context.ts";

/** Points of the exact picture of LRU; capacities at which a policy is measured at most, as on the
 *  command line. */
const EXACT_POINTS = 300;
const POINTS = 40;

export class CurveActions {
  readonly #context: Context;
  readonly #pool: Pool;
  readonly #analysis: AnalysisActions;

  constructor(context: Context, pool: Pool, analysis: AnalysisActions) {
    this.#context = context;
    this.#pool = pool;
    this.#analysis = analysis;
  }

  /** The curve of what is chosen now; what was measured before is not measured again. */
  async start(): Promise<void> {
    const asked = askedOf(this.#context.store.now);
    const { nodes, sample } = this.#context.store.now.setup.curve;
    // A sample says nothing of a cluster, and one pass over it is a part of its curves.
    const rate = nodes === 1 ? sample : 1;
    const one = nodes === 1 && rate === 1;
    const { asked: before, lru, rate: of } = this.#now;
    const same = before !== null && baseOf(before) === baseOf(asked) && of === rate;
    this.#set({ asked, rate, curve: null, ...(one && same ? { lru } : { lru: null }) });
    await this.#analysis.work("curve", async (job, told) => {
      // Neither waits for the other.
      await Promise.all([one && this.#now.lru === null ? this.#exact(job, asked, told) : null,
        this.#measure(job, asked, told)]);
    }, rate);
  }

  /** Draws another curve. */
  choose(part: Partial<CurveSetup>): void {
    const { store } = this.#context;
    const { setup } = store.now;
    store.set({ setup: { ...setup, curve: { ...setup.curve, ...part } } });
    void this.start();
  }

  async #exact(job: Job, asked: CurvesAsked, told: Told): Promise<void> {
    const insertion = String(asked.configs[0]?.["insertion"] ?? "flat");
    const lru = await this.#pool.ask({ type: "curve", job, insertion, count: EXACT_POINTS });
    told.set(({ curve }) => ({ curve: { ...curve, lru } }));
  }

  /** Each line round after round until the core wants no more of it, and none waits for another;
   *  the picture grows as the runs come in. */
  async #measure(job: Job, asked: CurvesAsked, told: Told): Promise<void> {
    const { rate } = this.#now;
    const sampled = rate < 1;
    const answers = () => answersOf(asked, rate, this.#now.known);
    const follow = async () => {
      const { open, curve } = await this.#pool.ask({ type: "curves", job, asked, sampled,
        answers: answers() });
      told.set((now) => ({ curve: { ...now.curve, curve } }));
      return open;
    };
    const show = throttled(async () => void await follow());
    let [done, of] = [0, 0];
    const measure = async (line: number, capacity: number) => {
      const answer = await this.#pool.ask({ type: "measure", job, asked, sampled, line, capacity });
      told.set(({ curve }) => ({ curve: { ...curve, known: withAnswer(curve.known, asked, rate,
        answer) } }));
      done += 1;
      told.progress(done, of);
      // Nobody waits for a picture of less than is known then; what fails is told by the last one.
      show().catch(() => undefined);
    };
    const toTheEnd = async (line: number, first: number[]) => {
      for (let open = first; open.length > 0;) {
        of += open.length;
        await Promise.all(open.map((capacity) => measure(line, capacity)));
        open = await this.#pool.ask({ type: "next", job, asked, sampled, line,
          answers: answers().filter((answer) => answer.line === line) });
      }
    };
    const open = await follow();
    await Promise.all(asked.configs.map((_, line) =>
      toTheEnd(line, open.filter(([of]) => of === line).map(([, capacity]) => capacity))));
    await follow();
  }

  get #now(): CurveState {
    return this.#context.store.now.analysis.curve;
  }

  #set(part: Partial<CurveState>): void {
    const { analysis } = this.#context.store.now;
    this.#context.store.set({ analysis: { ...analysis, curve: { ...analysis.curve, ...part } } });
  }
}

/** A line for LRU and for each policy beside it. Exported for tests. */
export function askedOf({ tables, setup }: State): CurvesAsked {
  const { evictions, nodes, router, model } = setup.curve;
  const reading = tables === null ? {} : readingOf(tables, setup.config);
  const { insertion = "flat", seed = "0" } = setup.config;
  const base: CellConfig = { ...reading, insertion, seed, nodes,
    router: { id: nodes === 1 ? "round_robin" : router },
    clock: { id: "logical", ...(model === "" ? {} : { params: { model } }) } };
  const others = evictions.filter((id) => id !== "lru");
  return { configs: ["lru", ...others].map((id) => ({ ...base, eviction: { id } })),
    points: POINTS };
}

/** What all lines have in common. */
function baseOf({ configs: [config] }: CurvesAsked): string {
  return keyOf({ ...config, eviction: { id: "" } });
}

/** What a measurement depends on: everything but the model, which only says what blocks weigh. */
function keyOf(config: CellConfig, rate = 1): string {
  return JSON.stringify({ ...config, clock: null, rate });
}

type Known = ReadonlyMap<string, CurveAnswer[]>;

/** What is known of the lines that are asked for, by their places. Exported for tests. */
export function answersOf({ configs }: CurvesAsked, rate: number, known: Known): CurveAnswer[] {
  return configs.flatMap((config, line) =>
    (known.get(keyOf(config, rate)) ?? []).map((answer) => ({ ...answer, line })));
}

/** Exported for tests. */
export function withAnswer(known: Known, { configs }: CurvesAsked, rate: number,
  answer: CurveAnswer): Known {
  const key = keyOf(configs[answer.line]!, rate);
  return new Map(known).set(key, [...known.get(key) ?? [], answer]);
}
