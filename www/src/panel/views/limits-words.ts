/** What limits have to say beside their table. Pure. */
import type { Tables } from "../../engine/protocol.ts";
import type { Limit } from "../../state/analysis.ts";
import { pointWords } from "./axes.ts";

/** That something keeps no objective, and of the first combination why, in sentences; "" where all
 *  do. */
export function noneWords(tables: Tables, limits: readonly Limit[]): string {
  const searches = limits.map(({ cell, rate, nodes }) => ({ cell,
    ended: [nodes, rate].filter((search) => search !== null) }));
  const none = searches.map(({ cell, ended }) =>
    ({ cell, why: ended.find(({ found }) => found === null)?.why_none ?? "" }))
    .find(({ why }) => why !== "");
  if (none === undefined) return "";
  const all = searches.every(({ ended }) => ended.every(({ found }) => found === null));
  return `${all ? "None of them keeps" : "Not all of them keep"} the objective. `
    + `${pointWords(tables, none.cell.point)}: ${none.why}.`;
}
