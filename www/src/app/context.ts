/** What the parts of an app share. */
import type { Engine } from "../engine/engine.ts";
import type { FromWorker, Source } from "../engine/protocol.ts";
import type { Player } from "../engine/player.ts";
import type { Jobs } from "../state/jobs.ts";
import { runOf, type State } from "../state/state.ts";
import type { Store } from "../state/store.ts";

export interface Context {
  readonly store: Store<State>;
  readonly engine: Engine;
  readonly player: Player;
  readonly jobs: Jobs;
  /** Takes what the worker has told to be saved. */
  saved(told: Saved): void;
}

type Saved = Extract<FromWorker, { type: "summary" | "events" }>;

/** Whatever a person chooses after a crash starts a new worker, with fresh memory, and so does what
 *  one of the first view cannot read. */
export function wake({ store, engine, jobs }: Context, source: Source | null = null): void {
  const reads = source !== null && source.kind !== "workload";
  if (store.now.engine !== "crashed" && !(reads && engine.outdated)) return;
  engine.start(jobs.begin("core"));
  store.set({ engine: "starting", crash: "" });
}

type Question = { type: "stop_reading" | "summary" } | { type: "explain"; wanted: boolean }
  | { type: "events"; lane: number }
  | { type: "seek"; to: number } | { type: "hottest"; lane: number; most: number };

/** Asks about the run that is shown. */
export function askRun({ store, engine }: Context, question: Question): void {
  engine.send({ ...question, job: runOf(store.now).job });
}
