/** What a cluster says of itself while it is watched, and what its router is called elsewhere. */
/** Alerts, hot blocks and changes of weights (docs/metrics.md, "Monitoring"). */
export interface Monitoring {
  /** Detection windows judged; what follows is of the latest, null before the first. */
  windows: number;
  hit_rate: number | null;
  /** Largest share of its work on one node. */
  concentration: number | null;
  hot_blocks: number | null;
  /** Share of its requests that name the hottest block. */
  hottest_share: number | null;
  /** Alerts from this place of the run's list on: those before it are as they were shown. */
  alerts_from: number;
  alerts: Alert[];
  /** Changes of weights from this place on. */
  tuned_from: number;
  tuned: Tuned[];
}

export interface Alert {
  alert: "hit_rate" | "concentration";
  /** Numbers of the requests after which it was raised and cleared, from 1, and their arrivals. */
  raised: number;
  raised_s: number;
  /** The figure when it was raised. */
  value: number;
  cleared: number | null;
  cleared_s: number | null;
}

export interface Tuned {
  /** The detection window it goes by. */
  window: number;
  /** The first request that was routed by it, from 1. */
  request: number;
  time_s: number;
  hit_rate: number;
  concentration: number;
  changes: { name: string; old: number; new: number }[];
  reason: "concentration" | "hit_rate" | "back" | "undone";
}

/** A router where it runs in production. */
export interface Production {
  /** The project, with the version that its words are of. */
  project: string;
  /** What switches it on. */
  switch: string;
  /** What stands for a parameter there: `form` with its value, times `times`, in place of {}. */
  words: { param: string; form: string; times: number }[];
}

/** What was done to the cluster so far, and what it cost (docs/metrics.md, "What if"). */
export interface Perturbed { events: PerturbedEvent[];
  /** What is listed and has not come. */
  not_reached: string[];
  lost_blocks: number; retried: number; aborted: number; no_node: number; queued: number;
  wasted_blocks: number; node_states: string[]; }

/** `what` it is as the configuration says it, its place there, and the request before which it
 *  came; the p99 under the timed clock. */
export interface PerturbedEvent { what: string; index: number; request: number; at_s: number;
  lost_blocks: number; retried: number; aborted: number; hit_rate: Course; p99_ttft_s?: Course; }

/** How far a figure of the window fell, and when it was back: null as long as it is not. */
export interface Course { before: number | null; worst: number | null;
  back_after_requests: number | null; back_after_s: number | null; }

/** A block, the requests of the window that use it, and the nodes that hold it. */
export interface HotBlock { block: number; requests: number; holders: number }
