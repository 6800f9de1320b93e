/**
 * The core's tables in two texts: what the first view needs of them, and what comes with the rest
 * of the page, which is where each row is from and the saved lessons (`tables.ts` writes both).
 */
import type * as core from "../../../src/wasm/kvscope.d.ts";
import type { Production } from "../../../src/wasm/monitoring.d.ts";

/** Tables whose rows say where they are from. */
export const CITED = ["routers", "evictions", "migrations", "clocks", "workloads", "models",
  "hardware"] as const;
export type CitedTable = typeof CITED[number];

/** Where a row is from, in words, and what a router stands for in production. */
export interface Citation {
  source: string;
  production?: Production;
}

/** By table and row. */
export type Citations = Record<CitedTable, Record<string, Citation>>;

/** A row without its citation. */
export type Uncited<Row> = Omit<Row, keyof Citation>;

/** What the page has of the core's tables from its first moment. */
export type Tables = Omit<core.Tables, CitedTable | "presets">
  & { [K in CitedTable]: Uncited<core.Tables[K][number]>[] };

/** What it has later. */
export interface Later {
  citations: Citations;
  presets: core.Tables["presets"];
}

/** Both. */
export function apart({ presets, ...tables }: core.Tables): { tables: Tables; later: Later } {
  const citations: Partial<Citations> = {};
  const uncited: Record<string, unknown> = { ...tables };
  for (const name of CITED) {
    const rows: readonly (Citation & { id: string })[] = tables[name];
    citations[name] = Object.fromEntries(rows.map(({ id, source, production }) =>
      [id, { source, ...(production && { production }) }]));
    uncited[name] = rows.map(({ source: _, production: __, ...row }) => row);
  }
  return { tables: uncited as unknown as Tables,
    later: { citations: citations as Citations, presets } };
}
