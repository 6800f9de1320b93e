/** Every sum of a run, and what each is a part of. Pure. */
import type { Totals } from "../engine/protocol.ts";

export type Sum = { [K in keyof Totals]-?: Totals[K] extends number ? K : never }[keyof Totals];

export interface SumRow {
  key: Sum;
  title: string;
  /** The sums that together are the whole it is a part of; none where it is a part of nothing. */
  of: readonly Sum[];
}

const row = (key: Sum, title: string, ...of: Sum[]): SumRow => ({ key, title, of });

export const SUMS: readonly SumRow[] = [
  row("requests", "Requests served"),
  row("blocks", "Blocks looked up"),
  row("prefix_hits", "Hit in the leading run", "blocks"),
  row("block_hits", "Hit anywhere", "blocks"),
  row("reachable_hits", "Reachable on the best node", "blocks"),
  row("ceiling_hits", "Ceiling, infinite cache", "blocks"),
  row("input_tokens", "Prompt tokens"),
  row("hit_tokens", "Tokens from cache", "input_tokens"),
  row("ceiling_tokens", "Ceiling, infinite cache", "input_tokens"),
  row("output_tokens", "Output tokens"),
  row("evictions", "Evictions"),
  row("rewanted", "Wanted again after eviction", "evictions"),
  row("distinct_blocks", "Distinct blocks seen"),
  row("resident_blocks", "Blocks in the caches"),
  row("migrations", "Migrations"),
  row("chosen_blocks", "Blocks chosen to move"),
  row("migrated_blocks", "Blocks moved or copied", "chosen_blocks"),
  row("dropped_blocks", "Blocks dropped on the way", "chosen_blocks"),
  row("transferred_blocks", "Blocks transferred"),
  // Of those that came: who was turned away is not among the served.
  row("rejected", "Requests rejected", "requests", "rejected"),
];

/** What a sum is a part of, added up. */
export function baseOf({ of }: SumRow, totals: Totals): number {
  return of.reduce((sum, key) => sum + totals[key], 0);
}
