/** What the examples take that is not in the repository: slides, and what a notebook prints. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scratchFile } from "./data.ts";
import { TRACE } from "./host.ts";

export const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
const REVEAL = join(EXAMPLES, "node_modules/reveal.js/dist/reveal.esm.js");

/** Why the slides cannot be opened, or false. Said aloud: a skip must be seen. */
export function withoutReveal(): string | false {
  if (existsSync(REVEAL)) return false;
  try {
    execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: EXAMPLES, stdio: "ignore" });
    return false;
  } catch {
    process.stdout.write("SKIPPED the slides: npm ci in examples failed\n");
    return "npm ci in examples failed";
  }
}

/** The notebook's cells of code. */
export function cells(): string[] {
  const { cells } = JSON.parse(readFileSync(join(EXAMPLES, "notebook.ipynb"), "utf8")) as {
    cells: { cell_type: string; source: string[] }[] };
  return cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source.join(""));
}

/** A page with what the first cell prints for a figure, and for a trace; returns its path. */
export function printedCells(): string {
  const print = (call: string): string => execFileSync("python3", ["-c",
    `${cells()[0]!}\nprint(kvscope("./kvscope/", ${call}))`], { encoding: "utf8" });
  const trace = JSON.stringify(TRACE);
  return scratchFile("cells.html", `<!doctype html><title>A notebook</title>
    <div>${print('figure="one-node"')}</div><div>${print(`trace=open(${trace}, "rb").read(), `
    + 'nodes=3, capacity=20, router="round_robin", speed="max"')}</div>`);
}
