/** The wasm package in Node, as the page gets it: `cargo xtask wasm` makes it. */
import { readFileSync } from "node:fs";
import type { Amount, Analysis, Bends, SweepRow } from "../../src/wasm/analysis.d.ts";
import type { Compared } from "../../src/wasm/compare.d.ts";
import type { Config, Simulator, Tables } from "../../src/wasm/kvscope.d.ts";

const PACKAGE = new URL("../pkg/", import.meta.url);

export interface Core {
  Simulator: new (config: Config | Config[]) => Simulator & Compared;
  Analysis: new (packed: Uint8Array) => Analysis;
  amount(rows: SweepRow[], one: string, other: string): Amount;
  bends(capacity: number[], rates: number[][]): Bends;
  policies(): Tables;
  new_seed(): string;
  initSync(core: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
}

export async function loadCore(): Promise<{ core: Core; memory: WebAssembly.Memory }> {
  const core = await import(new URL("kvscope.js", PACKAGE).href) as Core;
  const module = new WebAssembly.Module(readFileSync(new URL("kvscope_bg.wasm", PACKAGE)));
  return { core, memory: core.initSync({ module }).memory };
}
