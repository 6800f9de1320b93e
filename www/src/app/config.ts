/** A configuration as a file: what runs is taken from one, and saved as one. */
import { NoAnswer, type Pool } from "../engine/pool.ts";
import type { Tables } from "../engine/protocol.ts";
import { CHOICES } from "../state/setup.ts";
import { letterOf } from "../state/lanes.ts";
import { configNow, isCompared } from "../state/state.ts";
import type { Context } from "./context.ts";
import { saveText } from "./files.ts";
import type { RunActions } from "./run.ts";

/** Nobody writes a longer one; what is longer is a trace. */
const MOST_BYTES = 1 << 20;

/** Names that configurations have besides choices and settings. */
const SECTIONS = ["scheduling", "caching", "monitoring", "perturb", "model"];

export class ConfigActions {
  readonly #context: Context;
  readonly #pool: Pool;
  readonly #run: RunActions;

  constructor(context: Context, pool: Pool, run: RunActions) {
    this.#context = context;
    this.#pool = pool;
    this.#run = run;
  }

  /** Takes a file that is a configuration as what runs; false where it is none, but a trace. */
  async take(file: File): Promise<boolean> {
    const { store, jobs } = this.#context;
    const { tables } = store.now;
    const isYaml = /\.ya?ml$/i.test(file.name);
    if (tables === null || file.size > MOST_BYTES) return false;
    if (!isYaml && !/\.json$/i.test(file.name)) return false;
    const text = await file.text();
    try {
      // What reads YAML is fetched when there is some to read.
      const said = isYaml ? (await import("js-yaml")).load(text) : parsed(text);
      if (!isYaml && !isConfig(said, tables)) return false;
      const job = jobs.begin("configuration");
      const config = await this.#pool.ask({ type: "configuration", job, file: said ?? {} });
      this.#run.open(config);
      store.set({ notices: [`“${file.name}” is the configuration now; the trace stays.`] });
    } catch (error) {
      if (error instanceof NoAnswer && error.cancelled) return true;
      store.set({ notices: [`“${file.name}” cannot be taken as the configuration:`,
        ...whyNot(error)] });
    }
    return true;
  }

  /** Saves what the selected lane runs, as `kvscope run --config` takes it. */
  save(): void {
    const { now } = this.#context.store;
    const config = configNow(now);
    const lane = isCompared(now) ? `-${letterOf(now.selected).toLowerCase()}` : "";
    saveText(`kvscope-config${lane}.json`, `${JSON.stringify(config, null, 2)}\n`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether an object has a name that only configurations have. Exported for tests. */
export function isConfig(said: unknown, { settings }: Pick<Tables, "settings">): boolean {
  if (typeof said !== "object" || said === null || Array.isArray(said)) return false;
  const names: string[] = [...CHOICES, ...SECTIONS, ...settings.map(({ name }) => name)];
  return Object.keys(said).some((name) => names.includes(name));
}

/** Every reason, a sentence each. */
function whyNot(error: unknown): string[] {
  if (error instanceof NoAnswer && error.failure.reasons.length > 0) {
    return error.failure.reasons.map(({ path, value, expected }) =>
      `${path}: found ${value}, expected ${expected}`);
  }
  return [error instanceof Error ? error.message : String(error)];
}
