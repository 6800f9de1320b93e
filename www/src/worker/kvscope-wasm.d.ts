/**
 * The package that wasm-pack writes to `pkg/`, as the page sees it: the core's hand-written
 * contract. Taken from the sources, so that types can be checked before anything is built.
 */
import type { Compared } from "../../../src/wasm/compare.d.ts";
import type { Config, Simulator as Contract, Tables } from "../../../src/wasm/kvscope.d.ts";

export interface Simulator extends Contract, Compared {}
export class Simulator {
  constructor(config: Config | Config[]);
}
export function policies(): Tables;
export function new_seed(): string;
export function initSync(core: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
