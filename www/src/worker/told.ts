/** What a run answers with: its frames, and what has changed beside them. */
import type { FrameMessage } from "../engine/protocol.ts";
import type { Run } from "./run.ts";

/** What is wanted of a run now. */
export interface Wanted {
  series: boolean;
  /** Lanes side by side. */
  compared: boolean;
  /** Also what earlier frames have told, since it may be of later moments. */
  whole: boolean;
  /** What the reader says of the trace. */
  reported: boolean;
}

/** All but whose it is. */
export function told(at: Run, { series, compared, whole, reported }: Wanted)
  : Omit<FrameMessage, "type" | "job"> {
  const frame = at.frame(series);
  const migrations = series ? at.migrations(frame.totals.migrations, whole) : null;
  const others = compared ? at.others(series, whole) : [];
  const comparison = compared && series ? at.comparison() : null;
  return { frame, migrations, load: at.load(), report: reported ? at.report() : null,
    decision: at.decision(), others, comparison, seeks: at.seeks, seeking: at.seeking };
}
