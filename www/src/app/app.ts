/** One cluster and everything that can be done with it. Several fit on one page. */
import { Engine } from "../engine/engine.ts";
import { startHand } from "../engine/hand.ts";
import { Player } from "../engine/player.ts";
import { Pool, poolSize } from "../engine/pool.ts";
import type { FromWorker } from "../engine/protocol.ts";
import { Jobs } from "../state/jobs.ts";
import type { FileMark } from "../state/mark.ts";
import { INITIAL, progressOf, type State, type Theme } from "../state/state.ts";
import { Store } from "../state/store.ts";
import type { Scope, ViewName } from "../state/setup.ts";
import { AdviceActions } from "./advice.ts";
import { AnalysisActions } from "./analysis.ts";
import { CompareActions } from "./compare.ts";
import { ConfigActions } from "./config.ts";
import type { Context } from "./context.ts";
import { CurveActions } from "./curve.ts";
import { DecisionActions } from "./decisions.ts";
import { LimitActions } from "./limits.ts";
import { RepeatActions } from "./repeat.ts";
import { RunActions } from "./run.ts";
import { ShareActions } from "./share.ts";
import { SourceActions } from "./source.ts";
import { StudyActions } from "./study.ts";
import { SweepActions } from "./sweep.ts";
import { WhatIfActions } from "./whatif.ts";

/** Requests after which caches are filled and nodes differ: what is seen where nothing moves. */
const STILL_AT = 2000;

export class App {
  readonly store = new Store<State>(INITIAL);
  readonly run: RunActions;
  readonly source: SourceActions;
  readonly study: StudyActions;
  readonly share: ShareActions;
  readonly analysis: AnalysisActions;
  readonly curve: CurveActions;
  readonly sweep: SweepActions;
  readonly limits: LimitActions;
  readonly advice: AdviceActions;
  readonly decisions: DecisionActions;
  readonly compare: CompareActions;
  readonly whatIf: WhatIfActions;
  readonly repeat: RepeatActions;
  readonly config: ConfigActions;
  readonly #context: Context;
  /** The link that is restored once there are tables to read it by. */
  #link: { fragment: string; mine: FileMark | null } = { fragment: "", mine: null };
  /** Whether the first run rests until a person plays it. */
  #still = false;

  constructor() {
    const engine = new Engine((message) => this.#hear(message));
    const player = new Player((message) => engine.send(message));
    this.#context = { store: this.store, engine, player, jobs: new Jobs() };
    this.run = new RunActions(this.#context);
    this.source = new SourceActions(this.#context, this.run);
    this.compare = new CompareActions(this.#context, this.run);
    this.whatIf = new WhatIfActions(this.#context, this.run);
    this.share = new ShareActions(this.#context);
    const pool = new Pool(startHand, poolSize(navigator.hardwareConcurrency));
    this.config = new ConfigActions(this.#context, pool, this.run);
    this.analysis = new AnalysisActions(this.#context, pool);
    this.curve = new CurveActions(this.#context, pool, this.analysis);
    this.study = new StudyActions(this.#context, pool, this.analysis);
    this.repeat = new RepeatActions(this.#context, pool, this.analysis);
    this.sweep = new SweepActions(this.#context, pool, this.analysis);
    this.limits = new LimitActions(this.#context, pool, this.analysis);
    this.advice = new AdviceActions(this.#context, pool, this.analysis);
    this.decisions = new DecisionActions(this.#context, pool, this.analysis);
  }

  /** Starts the simulator, and what the link says, as soon as it is there; `mine` is the file that
   *  was open here before, where there was one. `still` shows a moment of the run in place of
   *  playing it. */
  start(fragment: string, mine: FileMark | null = null, still = false): void {
    this.#link = { fragment, mine };
    this.#still = still;
    const { engine, jobs } = this.#context;
    engine.start(jobs.begin("core"));
  }

  /** Takes what a link says; before there are tables to read it by, it waits for them. */
  restore(fragment: string, mine: FileMark | null): void {
    this.#link = { fragment, mine };
    this.source.restore(fragment, mine);
  }

  /** Asks for what is due now; returns whether there will be more to ask. */
  tick(now_ms: number): boolean {
    const { player } = this.#context;
    player.ask(now_ms, progressOf(this.store.now));
    return player.wants(progressOf(this.store.now));
  }

  /** A file from outside: a configuration, or a trace, of which only one can be open. */
  async openFile(file: File, others: File[] = []): Promise<void> {
    if (!(await this.config.take(file))) this.source.openFile(file, others);
  }

  /** Another view of the same: the run goes on as it was. */
  open(view: ViewName): void {
    this.store.set({ setup: { ...this.store.now.setup, view } });
  }

  /** Figures are of the last requests, or of the whole run. */
  setScope(scope: Scope): void {
    this.store.set({ setup: { ...this.store.now.setup, scope } });
  }

  setTheme(theme: Theme): void {
    this.store.set({ theme });
  }

  /** What was switched for the sake of something else stays, and is spoken of no more. */
  keepSwitched(): void {
    this.store.set({ undo: null });
  }

  #restoreFirst(): void {
    const { store, run, source } = this;
    source.restore(this.#link.fragment, this.#link.mine);
    const { source: opened, seeking } = store.now;
    if (this.#still && opened !== null && !seeking) run.seek(STILL_AT);
  }

  /** Answers to what nobody waits for any more are dropped here, by their numbers. */
  #hear(message: FromWorker): void {
    const { jobs } = this.#context;
    if (message.type === "crashed") this.#stopped(message.message);
    const kind = jobs.kindOf(message.job);
    if (kind === null) return;
    switch (message.type) {
      case "ready": {
        jobs.end("core");
        const first = this.store.now.tables === null;
        this.store.set({ engine: "ready", tables: message.tables });
        if (first) this.#restoreFirst();
        break;
      }
      case "started":
        break;
      case "frame":
        this.run.show(message);
        break;
      case "summary":
        this.share.summaryCame(message.summary);
        break;
      case "hottest":
        this.store.set({ hottest: message.blocks });
        break;
      case "seed":
        jobs.end("seed");
        this.run.configure({ ...this.run.config(), seed: message.seed });
        break;
      case "failed":
        if (kind === "run") this.run.failed(message.failure);
        else this.store.set({ notices: [message.failure.message] });
        break;
    }
  }

  /** The worker broke, whatever it was busy with. */
  #stopped(crash: string): void {
    const { engine, jobs } = this.#context;
    engine.stop();
    jobs.forget();
    this.store.set({ engine: "crashed", crash, playing: false });
  }
}
