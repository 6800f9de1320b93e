/**
 * Rows of the core's tables, apart from where each is from. Menus need none of that: it is a text
 * of its own, which comes with the rest of the page (`tables.ts` writes both).
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
export type Tables = Omit<core.Tables, CitedTable>
  & { [K in CitedTable]: Uncited<core.Tables[K][number]>[] };

/** The tables, and what was taken from their rows. */
export function apart(tables: core.Tables): { tables: Tables; citations: Citations } {
  const citations: Partial<Citations> = {};
  const uncited: Record<string, unknown> = { ...tables };
  for (const name of CITED) {
    const rows: readonly (Citation & { id: string })[] = tables[name];
    citations[name] = Object.fromEntries(rows.map(({ id, source, production }) =>
      [id, { source, ...(production && { production }) }]));
    uncited[name] = rows.map(({ source: _, production: __, ...row }) => row);
  }
  return { tables: uncited as unknown as Tables, citations: citations as Citations };
}
