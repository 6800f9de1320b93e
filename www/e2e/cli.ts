/** The command line, where this machine has built it. */
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = (profile: string) => fileURLToPath(
  new URL(`../../target/${profile}/kvscope`, import.meta.url));

/** The one built last; `KVSCOPE_CLI` names another. */
function program(): string | undefined {
  const { KVSCOPE_CLI } = process.env;
  if (KVSCOPE_CLI !== undefined) return KVSCOPE_CLI;
  const made = (path: string) => statSync(path).mtimeMs;
  return ["debug", "release"].map(built).filter(existsSync).sort((a, b) => made(b) - made(a))[0];
}

/** Why tests that hold the page to the command line cannot run, or false. Said aloud. */
export function withoutCli(test: string): string | false {
  if (program() !== undefined) return false;
  const reason = "the command line is not built: cargo build";
  process.stdout.write(`SKIPPED ${test}: ${reason}\n`);
  return reason;
}

/** What it prints, to the byte. */
export function kvscope(...args: string[]): string {
  return execFileSync(program()!, args, { encoding: "utf8", maxBuffer: 1 << 28 });
}
