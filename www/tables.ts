/**
 * Prints what the first view has of a core's tables as JSON, or, asked for `later`, what comes with
 * the rest of the page. Both are texts of its own: the first part of its core goes without their
 * words (xtask/src/split).
 */
import { readFileSync } from "node:fs";
import { apart } from "./src/engine/tables.ts";
import type { Core } from "./test/core.ts";

const [glue, wasm, wanted] = process.argv.slice(2);
const core = await import(glue!) as Core;
core.initSync({ module: new WebAssembly.Module(readFileSync(wasm!)) });
const { tables, later } = apart(core.policies());
process.stdout.write(`${JSON.stringify(wanted === "later" ? later : tables)}\n`);
