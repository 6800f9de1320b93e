/** Counts beside the titles of tabs, or "". */
import { runOf, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";

/** Alerts that are up. */
export function alertsUp(state: State): string {
  const up = runOf(state).monitoring?.alerts.filter(({ cleared }) => cleared === null) ?? [];
  return up.length === 0 ? "" : String(up.length);
}

export function badLines(state: State): string {
  const bad = runOf(state).report?.bad_lines_total ?? 0;
  return bad === 0 ? "" : format.compact(bad);
}
