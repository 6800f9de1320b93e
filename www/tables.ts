/**
 * Prints the tables of a core's policies, settings and figures as JSON. The page has them as a text
 * of its own: the first part of its core goes without their words (xtask/src/split).
 */
import { readFileSync } from "node:fs";
import type { Core } from "./test/core.ts";

const [glue, wasm] = process.argv.slice(2);
const core = await import(glue!) as Core;
core.initSync({ module: new WebAssembly.Module(readFileSync(wasm!)) });
process.stdout.write(`${JSON.stringify(core.policies())}\n`);
