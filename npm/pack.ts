/** Puts the package together: `node --import tsx ../npm/pack.ts FOLDER` in www, after a build. What
 *  is made is copied from where it is made; nothing is kept twice. */
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export function pack(folder: string): void {
  mkdirSync(join(folder, "core"), { recursive: true });
  const own = readdirSync(here(".")).filter((name) => /\.(js|d\.ts|json|md)$/.test(name));
  for (const name of own) cpSync(here(name), join(folder, name));
  for (const name of ["kvscope.d.ts", "compare.d.ts", "monitoring.d.ts", "analysis.d.ts"]) {
    cpSync(here(`../src/wasm/${name}`), join(folder, name));
  }
  for (const name of ["kvscope.js", "kvscope_bg.wasm"]) {
    cpSync(here(`../www/pkg/${name}`), join(folder, "core", name));
  }
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) {
    cpSync(here(`../${name}`), join(folder, name));
  }
}

const [, script, folder] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (folder === undefined) throw new Error("say which folder the package is to be in");
  pack(folder);
}
