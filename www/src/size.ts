/** Blocks as bytes, by the model chosen: the one place where GiB come from. */
import type { ModelRow } from "./protocol.ts";
import { chosenRow, numberSetting, paramOf } from "./setup.ts";
import type { State } from "./state.ts";

/** The model that the clock's parameters name, where they do. */
export function clockModel({ tables, setup }: State): string | null {
  if (tables === null) return null;
  const row = chosenRow(tables, "clock", setup.config);
  const spec = row?.params.find((p) => p.name === "model");
  return spec === undefined ? null : String(paramOf(setup.config.clock, spec));
}

export function modelOf(state: State): ModelRow | undefined {
  const { tables, setup } = state;
  const id = clockModel(state) ?? setup.model;
  return tables?.models.find((m) => m.id === id) ?? tables?.models[0];
}

/** What a number of blocks weighs for the model chosen; null while the block size is open. */
export function sizeOfBlocks(state: State, blocks: number): number | null {
  const { tables, setup, report } = state;
  const model = modelOf(state);
  // A block size of 0 is whatever the trace says.
  const set = numberSetting(tables, setup.config, "block_size");
  const tokens = set > 0 ? set : report?.block_size?.value;
  if (model === undefined || tokens === undefined) return null;
  return blocks * tokens * model.kv_bytes_per_token;
}
