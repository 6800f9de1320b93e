/** One cluster and everything that can be done with it: the run, and questions about its trace. */
import { startHand } from "../engine/hand.ts";
import { Pool, poolSize } from "../engine/pool.ts";
import type { FileMark } from "../state/mark.ts";
import { goesOn, type Left } from "../state/state.ts";
import { AddressActions } from "./address.ts";
import { AdviceActions } from "./advice.ts";
import { AnalysisActions } from "./analysis.ts";
import { ConfigActions } from "./config.ts";
import { CurveActions } from "./curve.ts";
import { DecisionActions } from "./decisions.ts";
import { LedgerActions } from "./ledger.ts";
import { LimitActions } from "./limits.ts";
import { LiveApp, STILL_AT } from "./live.ts";
import { RepeatActions } from "./repeat.ts";
import { RequestActions } from "./requests.ts";
import { StudyActions } from "./study.ts";
import { SweepActions } from "./sweep.ts";

export class App extends LiveApp {
  readonly address: AddressActions;
  readonly study: StudyActions;
  readonly analysis: AnalysisActions;
  readonly curve: CurveActions;
  readonly sweep: SweepActions;
  readonly limits: LimitActions;
  readonly advice: AdviceActions;
  readonly decisions: DecisionActions;
  readonly requests: RequestActions;
  readonly repeat: RepeatActions;
  readonly config: ConfigActions;
  readonly ledger: LedgerActions;
  /** The link that is restored once there are tables to read it by. */
  #link: { fragment: string; mine: FileMark | null } = { fragment: "", mine: null };
  /** What was dropped before there were tables. */
  #early: [files: File[], folders: string[]] | null = null;

  constructor() {
    super();
    const { context } = this;
    const pool = new Pool(startHand, () =>
      poolSize(navigator.hardwareConcurrency, goesOn(this.store.now)));
    this.address = new AddressActions(context, this.run);
    this.config = new ConfigActions(context, pool, this.run);
    this.analysis = new AnalysisActions(context, pool);
    this.curve = new CurveActions(context, pool, this.analysis);
    this.study = new StudyActions(context, pool, this.analysis);
    this.repeat = new RepeatActions(context, pool, this.analysis);
    this.sweep = new SweepActions(context, pool, this.analysis);
    this.limits = new LimitActions(context, pool, this.analysis);
    this.advice = new AdviceActions(context, pool, this.analysis);
    this.decisions = new DecisionActions(context, pool, this.analysis);
    this.requests = new RequestActions(context, pool, this.analysis, this.decisions);
    // After the analysis, which says of what trace a run is.
    this.ledger = new LedgerActions(context, this.compare);
  }

  /** Starts the simulator, and what the link says, as soon as it is there; `mine` is the file that
   *  was open here before, where there was one. `still` shows a moment of the run in place of
   *  playing it. */
  start(fragment: string, mine: FileMark | null = null, still = false): void {
    this.#link = { fragment, mine };
    this.begin(() => {
      this.source.restore(this.#link.fragment, this.#link.mine);
      const { source, seeking } = this.store.now;
      if (this.#early !== null) void this.openFiles(...this.#early);
      else if (still && source !== null && !seeking) this.run.seek(STILL_AT);
    });
  }

  /** Takes what a link says; before there are tables to read it by, it waits for them. */
  restore(fragment: string, mine: FileMark | null): void {
    this.#link = { fragment, mine };
    this.source.restore(fragment, mine);
  }

  /** Comes back to what a link says, as it was left. */
  comeBack(fragment: string, left: Left | null, mine: FileMark | null): void {
    this.#link = { fragment, mine };
    this.source.comeBack(fragment, left, mine);
  }

  /** The page has read a file, and from then on reaches no place but its own. */
  shut(): void {
    this.store.set({ shut: true });
  }

  /** Files from outside: configurations, and one trace; what is left out, and why, is said. */
  async openFiles(files: File[], folders: string[] = []): Promise<void> {
    this.#early = this.store.now.tables === null ? [files, folders] : null;
    if (this.#early !== null) return;
    const traces: File[] = [];
    for (const file of files) if (!(await this.config.take(file))) traces.push(file);
    await this.source.openFiles(traces, folders);
  }
}
