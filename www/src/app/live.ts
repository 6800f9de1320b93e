/**
 * A cluster that serves, and what can be done with it: all that a figure is, and the part of the
 * page that starts at once. Several fit on one page.
 */
import { Engine } from "../engine/engine.ts";
import { Player } from "../engine/player.ts";
import type { FromWorker } from "../engine/protocol.ts";
import type { Start } from "../engine/start.ts";
import { Jobs } from "../state/jobs.ts";
import type { Scope, ViewName } from "../state/setup.ts";
import { INITIAL, progressOf, type State, type Theme } from "../state/state.ts";
import { Store } from "../state/store.ts";
import { CompareActions } from "./compare.ts";
import type { Context } from "./context.ts";
import { RunActions } from "./run.ts";
import { ShareActions } from "./share.ts";
import { SourceActions } from "./source.ts";
import { WhatIfActions } from "./whatif.ts";

/** Requests after which caches are filled and nodes differ: what is seen where nothing moves. */
export const STILL_AT = 2000;

export class LiveApp {
  readonly store = new Store<State>(INITIAL);
  readonly run: RunActions;
  readonly source: SourceActions;
  readonly compare: CompareActions;
  readonly whatIf: WhatIfActions;
  readonly share: ShareActions;
  /** What its actions share, and those of whoever adds to them. */
  readonly context: Context;
  /** What to begin with once there are tables to read it by. */
  #begin: (() => void) | null = null;

  /** `start` starts its workers. */
  constructor(start: Start) {
    const engine = new Engine(start, (message) => this.#hear(message));
    const player = new Player((message) => engine.send(message));
    this.context = { store: this.store, engine, player, jobs: new Jobs(),
      saved: () => undefined };
    this.run = new RunActions(this.context);
    this.source = new SourceActions(this.context, this.run);
    this.compare = new CompareActions(this.context, this.run);
    this.whatIf = new WhatIfActions(this.context);
    this.share = new ShareActions(this.context);
  }

  /** Starts the simulator with memory of its own, and this as soon as there are tables. */
  begin(act: () => void): void {
    this.#begin = act;
    const { engine, jobs } = this.context;
    engine.start(jobs.begin("core"));
    this.store.set({ engine: "starting", crash: "" });
  }

  /** Gives the worker and its memory back. What is on the page stands, and can be gone on with. */
  sleep(): void {
    const { engine, jobs } = this.context;
    engine.stop();
    jobs.forget();
    this.store.set({ engine: "starting" });
  }

  /** Goes on after `sleep` at the moment where it was, or was about to go. */
  wake(): void {
    const { engine, jobs } = this.context;
    engine.start(jobs.begin("core"));
    // What it was about to begin with, it begins with now.
    if (this.#begin === null) this.run.goOn();
  }

  /** Asks for what is due now; returns whether there will be more to ask. */
  tick(now_ms: number): boolean {
    const { player } = this.context;
    player.ask(now_ms, progressOf(this.store.now));
    return player.wants(progressOf(this.store.now));
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
    this.store.set({ undo: null, switched: null });
  }

  /** Answers to what nobody waits for any more are dropped here, by their numbers. */
  #hear(message: FromWorker): void {
    const { jobs } = this.context;
    if (message.type === "crashed") this.#stopped(message.message);
    const kind = jobs.kindOf(message.job);
    if (kind === null) return;
    switch (message.type) {
      case "ready": {
        jobs.end("core");
        this.store.set({ engine: "ready", tables: this.context.engine.tables });
        const begin = this.#begin;
        this.#begin = null;
        begin?.();
        break;
      }
      case "started":
        break;
      case "frame":
        this.run.show(message);
        break;
      case "summary":
      case "events":
        this.context.saved(message);
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
    const { engine, jobs } = this.context;
    engine.stop();
    jobs.forget();
    this.store.set({ engine: "crashed", crash, playing: false });
  }
}
