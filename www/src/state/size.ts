/** Blocks as bytes, by the clock's model: the one place where GiB come from. */
import type { Config, ModelRow, Tables } from "../engine/protocol.ts";
import { chosenRow, numberSetting, paramOf } from "./setup.ts";
import { runOf, type State } from "./state.ts";

/** The model whose KV cache the blocks hold. */
export function modelOf(tables: Tables | null, config: Config): ModelRow | undefined {
  if (tables === null) return undefined;
  const spec = chosenRow(tables, "clock", config)?.params.find(({ role }) => role === "model");
  const id = spec === undefined ? undefined : paramOf(config.clock, spec);
  return tables.models.find((model) => model.id === id);
}

/** What one block weighs under a configuration; null while the block size is open. */
export function bytesOfBlock(state: State, config: Config): number | null {
  const { tables } = state;
  const { report } = runOf(state);
  const model = modelOf(tables, config);
  // A block size of 0 is whatever the trace says.
  const set = numberSetting(tables, config, "block_size");
  const tokens = set > 0 ? set : report?.block_size?.value;
  if (model === undefined || tokens === undefined) return null;
  return tokens * model.kv_bytes_per_token;
}
