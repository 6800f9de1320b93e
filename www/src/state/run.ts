/** One lane: a configuration, and all that is known of the run it has. */
import type { Config, Decision, Failure, Frame, FrameMessage, Job, LaneNews, LoadState, Migration,
  Monitoring, Perturbed, ReadReport, Series } from "../engine/protocol.ts";

/** What is the same for all lanes. */
type Reading = Pick<FrameMessage, "load" | "report">;

const LISTED_MIGRATIONS = 10_000;

export interface RunState {
  /** The number that answers about this run carry; 0 while there has been none. */
  job: Job;
  /** The run that it goes on from: another job, where something was done to the cluster on the way,
   *  and the same picture. */
  of: Job;
  /** What it was started with: while a change is pending, not what is chosen. */
  config: Config;
  frame: Frame | null;
  series: Series | null;
  migrations: Migration[];
  /** Alerts and changes of weights, all of them; null before the first detection window. */
  monitoring: Monitoring | null;
  load: LoadState | null;
  report: ReadReport | null;
  /** Why the latest request went where it went, while somebody looks at it. */
  decision: Decision | null;
  /** What was done to the cluster, and what came of it; null where nothing is to be. */
  perturbed: Perturbed | null;
  failure: Failure | null;
}

/** A run before its first frame. */
export function begun(job: Job, config: Config): RunState {
  return { job, of: job, config, frame: null, series: null, migrations: [], monitoring: null,
    load: null, report: null, decision: null, perturbed: null, failure: null };
}

/** The run that takes another's place at the moment where that is: until it has come there, what is
 *  known of the other stands for it. */
export function continued(run: RunState, { of, frame, series, migrations, monitoring, load, report,
  perturbed }: RunState): RunState {
  return { ...run, of, frame, series, migrations, monitoring, load, report, perturbed };
}

/** The run with what a frame has brought. */
export function advanced(run: RunState, message: LaneNews & Reading): RunState {
  const { frame, load, report, decision, migrations } = message;
  return {
    ...run, frame, load, report: report ?? run.report, decision,
    series: frame.series ?? run.series,
    migrations: migrations ?? extended(run.migrations, frame.migrations),
    // It comes with the series, unless nothing is to be done.
    perturbed: frame.series === undefined ? run.perturbed : frame.perturbed ?? null,
    monitoring: watched(run.monitoring, frame.monitoring),
  };
}

/** The run that cannot go on. What the core says of one lane of several, it says by its letter. */
export function stopped(run: RunState, failure: Failure, letter: string): RunState {
  const head = `lane ${letter}: `;
  const reasons = failure.reasons.filter(({ path }) => !/^lane [A-D]: /.test(path)
    || path.startsWith(head));
  return { ...run, failure: { ...failure, reasons: reasons.map((reason) =>
    ({ ...reason, path: reason.path.replace(head, "") })) } };
}

/** Requests served: what the figures are of. */
export function served({ frame }: RunState): number {
  return frame?.requests ?? 0;
}

export function isLoading({ load }: RunState): boolean {
  return load === null || load.phase === "reading" || load.phase === "held";
}

/** The whole lists, of which a frame brings what has changed. */
export function watched(before: Monitoring | null, news: Monitoring | undefined)
  : Monitoring | null {
  if (news === undefined) return before;
  const alerts = [...(before?.alerts ?? []).slice(0, news.alerts_from), ...news.alerts];
  const tuned = [...(before?.tuned ?? []).slice(0, news.tuned_from), ...news.tuned];
  return { ...news, alerts, tuned };
}

function extended(list: Migration[], fresh: Migration[]): Migration[] {
  if (fresh.length === 0 || list.length >= LISTED_MIGRATIONS) return list;
  return [...list, ...fresh];
}
