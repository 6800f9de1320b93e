/** Blocks as bytes, by the clock's model: the one place where GiB come from. */
import { UNLIMITED_BLOCKS, type Config, type ModelRow, type ParamValue, type Tables }
  from "../engine/protocol.ts";
import { isUnlimited, sizedOf, type Sized } from "../text/capacity.ts";
import { chosenRow, numberSetting, paramOf } from "./setup.ts";
import { runOf, type State } from "./state.ts";

/** What one block holds, and what that weighs. */
export interface BlockSize {
  tokens: number;
  bytes: number;
}

/** The model whose KV cache the blocks hold. */
export function modelOf(tables: Tables | null, config: Config): ModelRow | undefined {
  if (tables === null) return undefined;
  const spec = chosenRow(tables, "clock", config)?.params.find(({ role }) => role === "model");
  const id = spec === undefined ? undefined : paramOf(config.clock, spec);
  return tables.models.find((model) => model.id === id);
}

/** A block under a configuration; null while the block size is open. */
export function blockSizeOf(state: State, config: Config): BlockSize | null {
  const { tables } = state;
  const { report } = runOf(state);
  const model = modelOf(tables, config);
  // A block size of 0 is whatever the trace says.
  const set = numberSetting(tables, config, "block_size");
  const tokens = set > 0 ? set : report?.block_size?.value;
  if (model === undefined || tokens === undefined) return null;
  return { tokens, bytes: tokens * model.kv_bytes_per_token };
}

/** What one block weighs under a configuration; null while the block size is open. */
export function bytesOfBlock(state: State, config: Config): number | null {
  return blockSizeOf(state, config)?.bytes ?? null;
}

/** The whole blocks that fit into so much, as the core counts them. */
export function blocksIn({ amount, bytes }: Sized, block: BlockSize): number {
  const blocks = bytes === null ? amount / block.tokens : (amount * bytes) / block.bytes;
  return Math.min(Math.floor(blocks), UNLIMITED_BLOCKS);
}

/** The blocks that a capacity is, whatever it is said in; null where that is not known. */
export function blocksOf(capacity: ParamValue, block: BlockSize | null): number | null {
  const text = String(capacity);
  if (isUnlimited(text)) return UNLIMITED_BLOCKS;
  const sized = sizedOf(text);
  if (sized !== null) return block === null ? null : blocksIn(sized, block);
  const blocks = Number(text);
  return text.trim() === "" || Number.isNaN(blocks) ? null : blocks;
}
