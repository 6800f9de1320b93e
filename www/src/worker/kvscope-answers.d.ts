/** The package in `pkg-answers/`: the same core, and what answers for a whole trace. */
import type { Amount, Analysis as AnalysisContract, SweepRow }
  from "../../../src/wasm/analysis.d.ts";

export * from "./kvscope-wasm.d.ts";
export interface Analysis extends AnalysisContract {}
export class Analysis {
  constructor(packed: Uint8Array);
}
export function amount(rows: SweepRow[], one: string, other: string): Amount;
export function prices(sizes: (number | null)[][], node: number, gib: number): (number | null)[];
