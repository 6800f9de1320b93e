/** A configuration as a file: what runs is taken from one, and saved as one. */
import { NoAnswer, type Pool } from "../engine/pool.ts";
import type { Tables } from "../engine/protocol.ts";
import { CHOICES } from "../state/setup.ts";
import { letterOf } from "../state/lanes.ts";
import { meantAs } from "../state/looks.ts";
import { configNow, isCompared } from "../state/state.ts";
import { jsonFault } from "../text/json.ts";
import { yamlFault } from "../text/yaml.ts";
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

  /** Takes a file that is meant as a configuration as what runs, or says why it cannot, and returns
   *  that; null where it is none, but a trace. */
  async take(file: File): Promise<string[] | null> {
    const { store, jobs } = this.#context;
    const { tables } = store.now;
    if (tables === null || file.size > MOST_BYTES) return null;
    // What cannot be read is told where a trace is.
    const text = await file.text().catch(() => null);
    const language = text === null ? null : meantAs(file.name, text, wordsOf(tables));
    if (text === null || language === null) return null;
    try {
      const said = language === "yaml" ? await parsedYaml(text) : parsedJson(text);
      const job = jobs.begin("configuration");
      const config = await this.#pool.ask({ type: "configuration", job, file: said ?? {} });
      this.#run.open(config);
      store.set({ notices: [`“${file.name}” is the configuration now; the trace stays.`] });
    } catch (error) {
      if (error instanceof NoAnswer && error.cancelled) return [];
      const notices = [`“${file.name}” cannot be taken as the configuration:`, ...whyNot(error)];
      store.set({ notices });
      return notices;
    }
    return [];
  }

  /** Saves what the selected lane runs, as `kvscope run --config` takes it. */
  save(): void {
    const { now } = this.#context.store;
    const config = configNow(now);
    const lane = isCompared(now) ? `-${letterOf(now.selected).toLowerCase()}` : "";
    saveText(`kvscope-config${lane}.json`, `${JSON.stringify(config, null, 2)}\n`);
  }
}

function wordsOf({ settings }: Pick<Tables, "settings">): string[] {
  return [...CHOICES, ...SECTIONS, ...settings.map(({ name }) => name)];
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const fault = jsonFault(text);
    if (fault === null) throw error;
    const { line, column, found, expected } = fault;
    throw new Error(`Line ${line}, column ${column}: found ${found}, expected ${expected}.`);
  }
}

/** What reads YAML is fetched when there is some to read. */
async function parsedYaml(text: string): Promise<unknown> {
  const { load } = await import("js-yaml");
  try {
    return load(text);
  } catch (error) {
    throw new Error(yamlFault(error) ?? String(error));
  }
}

/** Every reason, a sentence each. */
function whyNot(error: unknown): string[] {
  if (error instanceof NoAnswer && error.failure.reasons.length > 0) {
    return error.failure.reasons.map(({ path, value, expected }) =>
      `${path}: found ${value}, expected ${expected}`);
  }
  return [error instanceof Error ? error.message : String(error)];
}
