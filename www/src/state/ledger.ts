/** The ledger: every run that was served to its end, a row for each of its lanes. */
import type { Config, Frame } from "../engine/protocol.ts";
import { HEADLINE } from "./headline.ts";

/** More rows than these nobody compares; of more the oldest goes. */
export const MOST_ROWS = 100;

/** What a row tells of its run, each over the whole run; null where it is not defined. */
export const LEDGER_FIGURES =
  ["hit_rate", "gap_to_ceiling", "top_share", "ttft_mean_s", "ttft_p99_s"] as const;
export type LedgerFigure = (typeof LEDGER_FIGURES)[number];

/** A lane of a run that has ended. */
export interface Ended {
  /** Its letter; "" where it ran alone. */
  lane: string;
  /** Which trace, read in which way, and what that is called. */
  trace: string;
  name: string;
  config: Config;
  requests: number;
  /** Whether the trace was read to its end. */
  whole: boolean;
  figures: Readonly<Record<LedgerFigure, number | null>>;
  /** Whether the ceiling is at least so high, since names of blocks were forgotten on the way. */
  bounded: boolean;
}

export interface LedgerRow extends Ended {
  /** No other row has had it. */
  id: number;
  /** Which finished run it is a lane of, from 1. */
  run: number;
}

export interface LedgerState {
  /** In the order in which they ended. */
  rows: readonly LedgerRow[];
  /** The row that the others are held to, by its id; null is none. */
  baseline: number | null;
  /** The latest numbers that were given. */
  runs: number;
  ids: number;
}

/** What a run that has ended amounts to. */
export function figuresOf(frame: Frame): Ended["figures"] {
  const { hit_tokens, ceiling_tokens, input_tokens } = frame.totals;
  const told = new Map(HEADLINE.map(({ key, exact }) => [key, exact(frame, "run")]));
  const of = (key: (typeof HEADLINE)[number]["key"]) => told.get(key) ?? null;
  return {
    hit_rate: of("hit_rate"),
    gap_to_ceiling: of("hit_rate") === null ? null : (ceiling_tokens - hit_tokens) / input_tokens,
    top_share: of("top_share"),
    ttft_mean_s: of("ttft_mean_s"),
    ttft_p99_s: of("ttft_p99_s"),
  };
}

/** The ledger with the lanes of one more run. A run is determined by its trace and configuration:
 *  what stands there already stands there once. */
export function entered(ledger: LedgerState, ended: readonly Ended[]): LedgerState {
  const known = new Set(ledger.rows.map(keyOf));
  const fresh = ended.filter((it, i) => !known.has(keyOf(it))
    && ended.findIndex((other) => keyOf(other) === keyOf(it)) === i);
  if (fresh.length === 0) return ledger;
  const run = ledger.runs + 1;
  const rows = [...ledger.rows, ...fresh.map((it, i) => ({ ...it, id: ledger.ids + 1 + i, run }))];
  // The one that the others are held to stays as long as it is that.
  const old = rows.filter(({ id }) => id !== ledger.baseline)
    .slice(0, Math.max(rows.length - MOST_ROWS, 0));
  return { ...ledger, rows: rows.filter((row) => !old.includes(row)), runs: run,
    ids: ledger.ids + fresh.length };
}

/** The row of a run, where it has one. */
export function rowOf({ rows }: LedgerState, ended: Ended): LedgerRow | undefined {
  return rows.find((row) => keyOf(row) === keyOf(ended));
}

export function withoutRow(ledger: LedgerState, id: number): LedgerState {
  const { baseline } = ledger;
  return { ...ledger, rows: ledger.rows.filter((row) => row.id !== id),
    baseline: baseline === id ? null : baseline };
}

/** No rows; what comes has numbers that none of them had. */
export function emptied(ledger: LedgerState): LedgerState {
  return { ...ledger, rows: [], baseline: null };
}

/** How far a figure is from the baseline's; null where there is none, or it is of other
 *  requests. */
export function awayOf(row: Ended, base: Ended | undefined, of: LedgerFigure): number | null {
  if (base === undefined || base === row || !isOfSame(row, base)) return null;
  if (of === "gap_to_ceiling" && (row.bounded || base.bounded)) return null;
  const [mine, its] = [row.figures[of], base.figures[of]];
  return mine === null || its === null ? null : mine - its;
}

function isOfSame(one: Ended, other: Ended): boolean {
  return one.trace === other.trace && one.requests === other.requests;
}

/** Whatever the order in which a configuration was put together. */
function keyOf({ trace, requests, config }: Ended): string {
  return JSON.stringify([trace, requests, Object.entries(config).sort()]);
}
