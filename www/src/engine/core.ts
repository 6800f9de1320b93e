/** The core of the live view, compiled once and handed over to every worker. */
import wasmUrl from "kvscope-wasm/kvscope_bg.wasm?url";
import { Core } from "./start.ts";

export const core = new Core(new URL(wasmUrl, import.meta.url).href);
