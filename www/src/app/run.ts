/** The run: playing it, changing what it is of, and showing what comes of it. */
import type { Config, Failure, FrameMessage, Source } from "../engine/protocol.ts";
import { advanced, begun } from "../state/run.ts";
import { explicit, type Setup } from "../state/setup.ts";
import { isOwnTrace, progressOf, runOf } from "../state/state.ts";
import { askRun, wake, type Context } from "./context.ts";

/** A slider being dragged restarts the run once it rests. */
const SETTLE_MS = 220;

export class RunActions {
  readonly #context: Context;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Begins a run of what is chosen on a source, from its beginning. */
  play(source: Source): void {
    clearTimeout(this.#settling);
    wake(this.#context);
    const { store, engine, player, jobs } = this.#context;
    const { tables, setup, explaining: explain } = store.now;
    const config = tables === null ? setup.config : explicit(tables, setup.config);
    const job = jobs.begin("run");
    player.reset();
    store.set({ lanes: [begun(job, config)], source, playing: true,
      pending: false });
    engine.send({ type: "start", job, config, source, explain });
  }

  /** The same trace and what is chosen now, from the beginning. */
  restart(): void {
    const { store } = this.#context;
    const { source, setup } = store.now;
    wake(this.#context);
    if (source !== null) this.play(isOwnTrace(source) ? source : this.workload(setup));
  }

  /** The built-in workload that is chosen. */
  workload(setup: Setup): Source {
    const row = this.#context.store.now.tables?.workloads.find((w) => w.id === setup.workload);
    const requests = setup.requests ?? row?.default_requests ?? 10_000;
    return { kind: "workload", id: setup.workload, seed: setup.config.seed ?? "0", requests };
  }

  /** Applies a changed configuration to the same trace. */
  configure(config: Config): void {
    this.#change({ config });
  }

  setRequests(requests: number | null): void {
    this.#change({ requests });
  }

  setSpeed(speed: number): void {
    const { store } = this.#context;
    store.set({ setup: { ...store.now.setup, speed } });
  }

  newSeed(): void {
    wake(this.#context);
    const { engine, jobs } = this.#context;
    engine.send({ type: "new_seed", job: jobs.begin("seed") });
  }

  togglePlay(): void {
    const { store } = this.#context;
    const { engine, playing } = store.now;
    if (runOf(store.now).frame?.done || engine === "crashed") this.restart();
    else store.set({ playing: !playing });
  }

  step(): void {
    const { store, player } = this.#context;
    if (store.now.engine === "crashed") this.restart();
    store.set({ playing: false });
    player.step();
  }

  /** Decisions cost a little, and are taken down only while somebody looks at them. */
  explain(wanted: boolean): void {
    const { store } = this.#context;
    store.set({ explaining: wanted, lanes: [{ ...runOf(store.now), decision: null }] });
    askRun(this.#context, { type: "explain", wanted });
  }

  stopReading(): void {
    askRun(this.#context, { type: "stop_reading" });
  }

  show(message: FrameMessage): void {
    const { store, player } = this.#context;
    const { playing, explaining } = store.now;
    const { frame } = message;
    player.answered(frame.requests, frame.series !== undefined, frame.done);
    // As fast as possible, the next question does not wait for the next picture.
    if (playing && !frame.done && !document.hidden) {
      player.askAgain(performance.now(), progressOf(store.now));
    }
    const run = advanced(runOf(store.now), message);
    const decision = explaining ? run.decision : null;
    store.set({ lanes: [{ ...run, decision }], playing: playing && !frame.done });
  }

  /** The run cannot go on; what was read of a broken file is served all the same. */
  failed(failure: Failure): void {
    const { store } = this.#context;
    const run = runOf(store.now);
    const playing = failure.kind === "file" && store.now.playing;
    store.set({ lanes: [{ ...run, failure }], playing });
  }

  #change(part: Partial<Setup>): void {
    const { store } = this.#context;
    clearTimeout(this.#settling);
    store.set({ setup: { ...store.now.setup, ...part }, pending: true });
    this.#settling = setTimeout(() => this.restart(), SETTLE_MS);
  }
}
