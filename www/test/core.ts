/** The wasm packages in Node, as the page gets them: `cargo xtask wasm` makes them. */
import { readFileSync } from "node:fs";
import type { Amount, Analysis, CellConfig, Sampled, Sampler, Summary, SweepRow, Whole }
  from "../../src/wasm/analysis.d.ts";
import type { Compared, Comparison } from "../../src/wasm/compare.d.ts";
import type { Config, Simulator, Tables } from "../../src/wasm/kvscope.d.ts";

/** What the live view has. */
export interface Core {
  Simulator: new (config: Config | Config[]) => Simulator & Compared;
  policies(): Tables;
  new_seed(): string;
  initSync(core: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
}

/** What the pool's workers have. */
export interface AnswersCore extends Core {
  Analysis: new (packed: Uint8Array) => Analysis;
  Sampler: new (config: Config, rate: number, most: number) => Sampler;
  Sampled: new (packed: Uint8Array, whole: Whole) => Sampled;
  amount(rows: SweepRow[], one: string, other: string): Amount;
  beside(configs: CellConfig[], runs: Summary[][]): Comparison;
  prices(sizes: (number | null)[][], node: number, gib: number): (number | null)[];
}

export interface Loaded<C> {
  core: C;
  memory: WebAssembly.Memory;
}

export const loadCore = (): Promise<Loaded<Core>> => load<Core>("pkg");
export const loadAnswers = (): Promise<Loaded<AnswersCore>> => load<AnswersCore>("pkg-answers");

async function load<C extends Core>(folder: string): Promise<Loaded<C>> {
  const made = new URL(`../${folder}/`, import.meta.url);
  const core = await import(new URL("kvscope.js", made).href) as C;
  const module = new WebAssembly.Module(readFileSync(new URL("kvscope_bg.wasm", made)));
  return { core, memory: core.initSync({ module }).memory };
}
