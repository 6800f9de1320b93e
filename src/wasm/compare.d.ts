/** What a simulator of one lane or several does beside serving: any moment, all lanes. */
export interface Compared {
  /** Keeps the whole trace from here on, and checkpoints within so many MiB, in [0, 2048], so that
   *  any moment can be gone to; before the first step. */
  remember(mebibytes: number): void;
  /** Goes to the moment after request n, forwards or back, as far as the trace has come; returns
   *  where the lanes are then. What the next frame has as new is new since there. */
  seek(n: number): number;
  /** Every lane but the first. */
  others(series: boolean): OtherLane[];
  /** Every migration of a lane (the first 10,000). */
  migrations_of(lane: number): import("./kvscope.d.ts").Migration[];
  /** What happened to a lane so far, as the command line prints it with --events. */
  events_csv(lane: number): string;
  /** The lanes beside each other at this moment; two at least. */
  comparison(): Comparison;
  /** The object the command line prints with --json, of each lane. */
  summaries(): Record<string, unknown>[];
}

export interface OtherLane {
  frame: import("./kvscope.d.ts").Frame;
  decision: import("./kvscope.d.ts").Decision | null;
}

/** Lanes beside each other: docs/metrics.md defines what is best and what a difference. */
export interface Comparison {
  /** What the lanes differ in. */
  sentence: string;
  /** The same, part by part: a value for each lane. */
  differences: { part: string; short: string; values: string[]; unit: string }[];
  /** What each lane is called, by what it differs in. */
  names: string[];
  seeds: number;
  lines: { id: string; label: string; unit: string; better: "more" | "less" | "neither";
    /** Null where a lane's clock does not tell the figure. */
    lanes: (LaneFigure | null)[] }[];
}

/** A figure of a lane over the seeds; `half_width` is of the 95 % interval, null for one seed. */
export interface LaneFigure {
  mean: number; half_width: number | null; least: number; most: number;
  /** This lane less the first; null for the first. */
  difference: { mean: number; half_width: number | null; least: number; most: number } | null;
  best: boolean;
}
