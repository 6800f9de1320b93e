/**
 * Prints the tables of a core's policies, settings and figures as JSON, or, asked for `citations`,
 * where their rows are from. The page has both as texts of its own: the first part of its core goes
 * without their words (xtask/src/split).
 */
import { readFileSync } from "node:fs";
import { apart } from "./src/engine/cited.ts";
import type { Core } from "./test/core.ts";

const [glue, wasm, wanted] = process.argv.slice(2);
const core = await import(glue!) as Core;
core.initSync({ module: new WebAssembly.Module(readFileSync(wasm!)) });
const { tables, citations } = apart(core.policies());
process.stdout.write(`${JSON.stringify(wanted === "citations" ? citations : tables)}\n`);
