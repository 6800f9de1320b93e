/** What a person can do, and what comes back from the worker: the one place that changes state. */
import { Engine } from "../engine/engine.ts";
import { saveJson } from "./files.ts";
import { decode, encode } from "../state/link.ts";
import { Player } from "../engine/player.ts";
import type { Config, FromWorker, Migration, PresetRow, Source } from "../engine/protocol.ts";
import { explicit, type Setup } from "../state/setup.ts";
import { INITIAL, isOwnTrace, NO_RUN, type State, type Theme } from "../state/state.ts";
import { Store } from "../state/store.ts";

/** A slider being dragged restarts the run once it rests. */
const SETTLE_MS = 220;
const LISTED_MIGRATIONS = 10_000;
/** Enough for the mean of a seeded router, and a matter of seconds. */
/** Few enough for a page to wait for. */
const STUDY_SEEDS = 5;

export class App {
  readonly store = new Store<State>(INITIAL);
  readonly engine = new Engine((message) => this.#hear(message));
  readonly player = new Player((message) => this.engine.send(message));
  #settling: ReturnType<typeof setTimeout> | undefined;
  #trace: string | null = null;

  start(): void {
    this.engine.start();
  }

  /** Takes what the link says, in place of what there is. */
  restore(fragment: string): void {
    const { tables } = this.store.now;
    if (tables === null) return;
    const { setup, trace, ownTrace, unknown } = decode(fragment, tables);
    const notices = [...unknown];
    if (ownTrace) {
      notices.push("This link was made with a trace of the sender's own. Open that trace to see "
        + "the same run; until then a built-in workload plays.");
    }
    this.#trace = trace;
    this.store.set({ setup: trace === null ? setup : { ...setup, workload: "" }, notices });
    if (trace !== null) this.#openUrl(trace);
    else this.#play(this.#workload(setup));
  }

  link(): string {
    return encode(this.store.now.setup, this.#trace);
  }

  /** Opens a trace; says so where others came with it, of which only one can be open. */
  openFile(file: File, others: File[] = []): void {
    this.#trace = null;
    const { setup } = this.store.now;
    const names = others.map(({ name }) => `“${name}”`).join(", ");
    const notices = others.length === 0 ? [] : [
      `One trace is open at a time: “${file.name}” was taken, ${names} left out.`];
    this.store.set({ setup: { ...setup, workload: "" }, notices });
    this.engine.start();
    this.#play({ kind: "file", file });
  }

  chooseWorkload(id: string): void {
    this.#trace = null;
    const setup = { ...this.store.now.setup, workload: id, requests: null };
    this.store.set({ setup, notices: [] });
    this.#play(this.#workload(setup));
  }

  /** A saved configuration, with the lesson it teaches. */
  choosePreset(preset: PresetRow): void {
    const { setup, source } = this.store.now;
    const workload = preset.workload ?? setup.workload;
    const next = { ...setup, workload, requests: null, config: preset.config };
    this.store.set({ setup: next, notices: [preset.lesson] });
    if (preset.workload === null && source !== null && isOwnTrace(source)) this.#play(source);
    else this.#play(this.#workload(next));
  }

  /** Applies a changed configuration to the same trace, from its beginning. */
  configure(config: Config): void {
    this.#change({ config });
  }

  newSeed(): void {
    this.#wake();
    this.engine.send({ type: "new_seed", run: this.store.now.run });
  }

  setRequests(requests: number | null): void {
    this.#change({ requests });
  }

  setSpeed(speed: number): void {
    this.store.set({ setup: { ...this.store.now.setup, speed } });
    this.#remember();
  }

  setModel(model: string): void {
    this.store.set({ setup: { ...this.store.now.setup, model } });
    this.#remember();
  }

  setTheme(theme: Theme): void {
    this.store.set({ theme });
  }

  togglePlay(): void {
    const { frame, playing, engine } = this.store.now;
    if (frame?.done || engine === "crashed") this.restart();
    else this.store.set({ playing: !playing });
  }

  step(): void {
    if (this.store.now.engine === "crashed") this.restart();
    this.store.set({ playing: false });
    this.player.step();
  }

  restart(): void {
    const { source, setup } = this.store.now;
    this.#wake();
    if (source !== null) this.#play(isOwnTrace(source) ? source : this.#workload(setup));
  }

  /** Decisions cost a little, and are taken down only while somebody looks at them. */
  explain(wanted: boolean): void {
    this.store.set({ explaining: wanted, decision: null });
    this.engine.send({ type: "explain", run: this.store.now.run, wanted });
  }

  /** Saves the figures of the run so far as a file. */
  saveSummary(): void {
    this.engine.send({ type: "summary", run: this.store.now.run });
  }

  /** Serves the open trace in every cell of a study, beside the run. */
  study(id: string): void {
    const { source, setup, run } = this.store.now;
    if (source === null) return;
    this.#wake();
    this.store.set({ study: "computing", playing: false });
    const from = isOwnTrace(source) ? source : this.#workload(setup);
    this.engine.send({ type: "study", run, source: from, study: id, seeds: STUDY_SEEDS });
  }

  stopReading(): void {
    this.engine.send({ type: "stop_reading", run: this.store.now.run });
  }

  dismissNotices(): void {
    this.store.set({ notices: [] });
  }

  /** Whatever a person chooses after a crash starts a new worker, with fresh memory. */
  #wake(): void {
    if (this.store.now.engine !== "crashed") return;
    this.engine.start();
    this.store.set({ engine: "starting", crash: "" });
  }

  #change(part: Partial<Setup>): void {
    clearTimeout(this.#settling);
    this.store.set({ setup: { ...this.store.now.setup, ...part }, pending: true });
    this.#settling = setTimeout(() => this.restart(), SETTLE_MS);
  }

  #play(source: Source): void {
    clearTimeout(this.#settling);
    this.#wake();
    const { tables, setup, explaining: explain } = this.store.now;
    const run = this.store.now.run + 1;
    const config = tables === null ? setup.config : explicit(tables, setup.config);
    this.player.reset();
    this.store.set({ ...NO_RUN, source, run, running: config, playing: true, pending: false });
    this.engine.send({ type: "start", run, config, source, explain });
    this.#remember();
  }

  #workload(setup: Setup): Source {
    const row = this.store.now.tables?.workloads.find((w) => w.id === setup.workload);
    const requests = setup.requests ?? row?.default_requests ?? 10_000;
    return { kind: "workload", id: setup.workload, seed: setup.config.seed ?? "0", requests };
  }

  #openUrl(trace: string): void {
    const url = new URL(trace, document.baseURI);
    const name = decodeURIComponent(url.pathname.split("/").pop() ?? trace);
    this.#play({ kind: "url", url: url.href, name });
  }

  /** Keeps the address bar saying what is on the page. */
  #remember(): void {
    history.replaceState(null, "", this.link());
  }

  #hear(message: FromWorker): void {
    const { run } = this.store.now;
    switch (message.type) {
      case "ready": {
        const first = this.store.now.tables === null;
        this.store.set({ engine: "ready", tables: message.tables });
        if (first) this.restore(location.hash);
        break;
      }
      case "started":
        break;
      case "study":
        this.store.set({ study: message.study });
        break;
      case "seed":
        this.configure({ ...this.store.now.setup.config, seed: message.seed });
        break;
      case "summary":
        if (message.run === run) saveJson(message.summary);
        break;
      case "frame":
        if (message.run === run) this.#show(message);
        break;
      case "failed": {
        if (message.run !== run && message.run !== 0) break;
        const { failure } = message;
        const playing = failure.kind === "file" && this.store.now.playing;
        this.store.set({ failure, playing, study: null });
        break;
      }
      case "crashed":
        this.engine.stop();
        this.store.set({ engine: "crashed", crash: message.message, playing: false });
        break;
    }
  }

  #show({ frame, migrations, load, report, decision }: FromWorker & { type: "frame" }): void {
    const before = this.store.now;
    this.player.answered(frame.requests, frame.series !== undefined);
    // As fast as possible, the next question does not wait for the next picture.
    if (before.playing && !frame.done && !document.hidden) {
      this.player.askAgain(performance.now(), before);
    }
    this.store.set({
      frame,
      load,
      report,
      decision: before.explaining ? decision : null,
      series: frame.series ?? before.series,
      migrations: migrations ?? extended(before.migrations, frame.migrations),
      playing: before.playing && !frame.done,
    });
  }
}

function extended(list: Migration[], fresh: Migration[]): Migration[] {
  if (fresh.length === 0 || list.length >= LISTED_MIGRATIONS) return list;
  return [...list, ...fresh];
}
