/** The package in `pkg-answers/`: the same core, and what answers for a whole trace. */
import type { Amount, Analysis as AnalysisContract, CellConfig, Summary, SweepRow }
  from "../../../src/wasm/analysis.d.ts";
import type { Comparison } from "../../../src/wasm/compare.d.ts";

export * from "./kvscope-wasm.d.ts";
export interface Analysis extends AnalysisContract {}
export class Analysis {
  constructor(packed: Uint8Array);
}
export function amount(rows: SweepRow[], one: string, other: string): Amount;
export function beside(configs: CellConfig[], runs: Summary[][]): Comparison;
export function prices(sizes: (number | null)[][], node: number, gib: number): (number | null)[];
