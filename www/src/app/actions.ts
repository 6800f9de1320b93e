/** Questions about a trace as a whole, and what else an app can do that its first view does not. */
import { startHand } from "../engine/hand.ts";
import { Pool, poolSize } from "../engine/pool.ts";
import { goesOn } from "../state/state.ts";
import { AddressActions } from "./address.ts";
import { AdviceActions } from "./advice.ts";
import { AnalysisActions } from "./analysis.ts";
import type { App } from "./app.ts";
import { ChangeActions } from "./change.ts";
import { ConfigActions } from "./config.ts";
import { CurveActions } from "./curve.ts";
import { DecisionActions } from "./decisions.ts";
import { FileActions } from "./open.ts";
import { LedgerActions } from "./ledger.ts";
import { LimitActions } from "./limits.ts";
import { RepeatActions } from "./repeat.ts";
import { RequestActions } from "./requests.ts";
import { SaveActions } from "./save.ts";
import { StudyActions } from "./study.ts";
import { SweepActions } from "./sweep.ts";

/** An app that can do everything. */
export type WholeApp = App & ReturnType<typeof actionsOf>;

export function wholeOf(app: App): WholeApp {
  return Object.assign(app, actionsOf(app));
}

function actionsOf({ context, run, compare, share }: App) {
  const pool = new Pool(startHand, () =>
    poolSize(navigator.hardwareConcurrency, goesOn(context.store.now)));
  const analysis = new AnalysisActions(context, pool);
  const decisions = new DecisionActions(context, pool, analysis);
  return {
    address: new AddressActions(context, run),
    change: new ChangeActions(context, run),
    config: new ConfigActions(context, pool, run),
    files: new FileActions(context, run),
    save: new SaveActions(context, share),
    analysis,
    curve: new CurveActions(context, pool, analysis),
    study: new StudyActions(context, pool, analysis, run),
    repeat: new RepeatActions(context, pool, analysis),
    sweep: new SweepActions(context, pool, analysis),
    limits: new LimitActions(context, pool, analysis),
    advice: new AdviceActions(context, pool, analysis),
    decisions,
    requests: new RequestActions(context, pool, analysis, decisions),
    // After the analysis, which says of what trace a run is.
    ledger: new LedgerActions(context, compare),
  } as const;
}
