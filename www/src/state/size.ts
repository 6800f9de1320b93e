/** Blocks as bytes, by the model chosen: the one place where GiB come from. */
import type { Config, ModelRow, Tables } from "../engine/protocol.ts";
import { chosenRow, numberSetting, paramOf } from "./setup.ts";
import { runOf, type State } from "./state.ts";

/** The model that a configuration's clock names, where it does. */
export function clockModel(tables: Tables | null, config: Config): string | null {
  if (tables === null) return null;
  const row = chosenRow(tables, "clock", config);
  const spec = row?.params.find((p) => p.name === "model");
  return spec === undefined ? null : String(paramOf(config.clock, spec));
}

export function modelOf({ tables, setup }: State, config: Config): ModelRow | undefined {
  const id = clockModel(tables, config) ?? setup.model;
  return tables?.models.find((m) => m.id === id) ?? tables?.models[0];
}

/** What one block weighs under a configuration; null while the block size is open. */
export function bytesOfBlock(state: State, config: Config): number | null {
  const { tables } = state;
  const { report } = runOf(state);
  const model = modelOf(state, config);
  // A block size of 0 is whatever the trace says.
  const set = numberSetting(tables, config, "block_size");
  const tokens = set > 0 ? set : report?.block_size?.value;
  if (model === undefined || tokens === undefined) return null;
  return tokens * model.kv_bytes_per_token;
}
