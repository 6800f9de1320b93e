/** Puts the package together: `node --import tsx ../npm/pack.ts FOLDER` in www, after a build. What
 *  is made is copied from where it is made; nothing is kept twice. */
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { manifest } from "./elements.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const text = (path: string) => readFileSync(here(path), "utf8");

export function pack(folder: string): void {
  for (const name of ["core", "embed"]) mkdirSync(join(folder, name), { recursive: true });
  const own = readdirSync(here(".")).filter((name) => /\.(js|d\.ts|json|md)$/.test(name));
  for (const name of own) cpSync(here(name), join(folder, name));
  for (const name of ["kvscope.d.ts", "compare.d.ts", "monitoring.d.ts", "analysis.d.ts"]) {
    cpSync(here(`../src/wasm/${name}`), join(folder, name));
  }
  for (const name of ["kvscope.js", "kvscope_bg.wasm"]) {
    cpSync(here(`../www/pkg/${name}`), join(folder, "core", name));
  }
  for (const name of elementFiles()) {
    cpSync(here(`../www/dist/embed/${name}`), join(folder, "embed", name));
  }
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) {
    cpSync(here(`../${name}`), join(folder, name));
  }
  const made = manifest(text("../docs/embedding.md"), text("kv-scope.d.ts"));
  writeFileSync(join(folder, "custom-elements.json"), `${JSON.stringify(made, null, 2)}\n`);
}

/** The element and the one core that it names; an older build may lie beside it. */
function elementFiles(): string[] {
  const script = "kv-scope.js";
  const core = /kvscope_bg-[\w-]+\.wasm/.exec(text(`../www/dist/embed/${script}`))?.[0];
  if (core === undefined) throw new Error(`www/dist/embed/${script} names no core`);
  return [script, core];
}

const [, script, folder] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (folder === undefined) throw new Error("say which folder the package is to be in");
  pack(folder);
}
