/** The package in `pkg-answers/`: the same core, and what answers for a whole trace. */
import type { Amount, Analysis as AnalysisContract, CellConfig, Sampled as SampledContract,
  Sampler as SamplerContract, Summary, SweepRow, Whole } from "../../../src/wasm/analysis.d.ts";
import type { Comparison } from "../../../src/wasm/compare.d.ts";
import type { Config } from "../../../src/wasm/kvscope.d.ts";

export * from "./kvscope-wasm.d.ts";
export interface Analysis extends AnalysisContract {}
export class Analysis {
  constructor(packed: Uint8Array);
}
export function amount(rows: SweepRow[], one: string, other: string): Amount;
export function beside(configs: CellConfig[], runs: Summary[][]): Comparison;
export function configuration(file: unknown): CellConfig;
export function prices(sizes: (number | null)[][], node: number, gib: number): (number | null)[];
export interface Sampler extends SamplerContract {}
export class Sampler {
  constructor(config: Config, rate: number, most: number);
}
export interface Sampled extends SampledContract {}
export class Sampled {
  constructor(packed: Uint8Array, whole: Whole);
}
