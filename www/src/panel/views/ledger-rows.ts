/** The ledger's rows as people read them, and as a file. Pure. */
import type { Tables } from "../../engine/protocol.ts";
import { HEADLINE } from "../../state/headline.ts";
import { LEDGER_FIGURES, awayOf, type Ended, type LedgerFigure, type LedgerRow, type LedgerState }
  from "../../state/ledger.ts";
import * as format from "../../text/format.ts";
import { csvOf } from "./metrics.ts";
import { configTexts } from "./words.ts";

const GAP = { key: "gap_to_ceiling", title: "Below the ceiling",
  shown: (value: number) => format.points(value) } as const;

/** The columns of figures, each with how its values are written. */
export const COLUMNS: readonly { key: LedgerFigure; title: string; shown(value: number): string;
  /** A difference, without its sign. */
  away(size: number): string }[] = LEDGER_FIGURES.map((key) => {
  const { title, shown } = key === GAP.key ? GAP : HEADLINE.find((row) => row.key === key)!;
  const timed = key === "ttft_mean_s" || key === "ttft_p99_s";
  return { key, title: key === "ttft_p99_s" ? "p99 TTFT" : title, shown,
    away: timed ? format.seconds : (size) => format.points(size) };
});

/** As the ledger calls it: which run, and which of its lanes. */
export function nameOf({ run, lane }: Pick<LedgerRow, "run" | "lane">): string {
  return `${run}${lane}`;
}

export function figureText({ figures, bounded }: Ended, { key, shown }: (typeof COLUMNS)[number])
  : string {
  const value = figures[key];
  if (value === null) return format.NOTHING;
  return bounded && key === GAP.key ? `≥ ${shown(value)}` : shown(value);
}

/** What is said below a figure: how far it is from the baseline's. */
export function awayText(row: Ended, base: Ended | undefined, column: (typeof COLUMNS)[number])
  : string {
  const away = awayOf(row, base, column.key);
  if (away === null) return "";
  return away === 0 ? "same" : format.signed(away, column.away);
}

/** A line a row. What is not defined is empty; a difference has the name of its figure behind
 *  `less_`. */
export function ledgerCsv(tables: Tables, { rows, baseline }: LedgerState): string {
  const base = rows.find(({ id }) => id === baseline);
  const names = configTexts(tables, {}).map(([name]) => name);
  const head = ["run", "lane", "trace", "requests", "whole_trace", ...names, ...LEDGER_FIGURES,
    "ceiling", ...LEDGER_FIGURES.map((key) => `less_${key}`), "baseline"];
  const lines = rows.map((row) => [row.run, row.lane, row.name, row.requests,
    row.whole ? "yes" : "no", ...configTexts(tables, row.config).map(([, text]) => text),
    ...LEDGER_FIGURES.map((key) => row.figures[key] ?? ""), row.bounded ? "at least" : "exact",
    ...LEDGER_FIGURES.map((key) => awayOf(row, base, key) ?? ""),
    base === undefined ? "" : nameOf(base)]);
  return csvOf([head, ...lines]);
}
