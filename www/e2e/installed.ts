/** Programs that a test needs and that a machine may lack: said aloud then. */
import { spawnSync } from "node:child_process";

/** Why a test that runs `program` cannot run, or false; `from` is where it comes from. */
export function without(program: string, from: string, test: string): string | false {
  if (spawnSync(program, ["--version"]).error === undefined) return false;
  const reason = `${program} is not on the path: ${from}`;
  process.stdout.write(`SKIPPED ${test}: ${reason}\n`);
  return reason;
}
