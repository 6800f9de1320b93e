/** The run: playing it, changing what it is of, and showing what comes of it. */
import type { CellConfig, Config, Failure, FrameMessage, Job, Source, ToWorker }
  from "../engine/protocol.ts";
import { configOf, letterOf, withLane } from "../state/lanes.ts";
import { advanced, begun, continued, served, stopped, type RunState } from "../state/run.ts";
import { explicit, type Setup } from "../state/setup.ts";
import { configNow, isOwnTrace, progressOf, runOf, type Left } from "../state/state.ts";
import { askRun, wake, type Context } from "./context.ts";

/** A slider being dragged restarts the run once it rests. */
const SETTLE_MS = 220;

export class RunActions {
  readonly #context: Context;
  #settling: ReturnType<typeof setTimeout> | undefined;
  /** How often the run was asked to go somewhere, where it goes once it has answered, and where it
   *  is on its way to. */
  #seeks = 0;
  #next: number | null = null;
  #to = 0;
  /** Going on from another run, until the moment is reached: what was chosen before, to be chosen
   *  again if what is chosen now cannot run; null is what ran already. */
  #redo: { before: Setup | null; played: boolean } | null = null;

  /** What was chosen when a run last had something to show. */
  #ran: Setup | null = null;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Begins a run of what is chosen on a source, from its beginning. */
  play(source: Source): void {
    wake(this.#context, source);
    const { engine, jobs } = this.#context;
    engine.send(this.begin(jobs.begin("run"), source));
  }

  /** Lays out what begins with the message that it returns. */
  begin(job: Job, source: Source): ToWorker & { type: "start" } {
    clearTimeout(this.#settling);
    const { store, player } = this.#context;
    const message = this.starting(job, source);
    player.reset();
    this.#seeks = 0;
    this.#next = null;
    this.#redo = null;
    this.#layLanes(job, message.configs);
    store.set({ source, awaited: null, playing: true, explaining: message.explain });
    return message;
  }

  /** What a run of what is chosen begins with. */
  starting(job: Job, source: Source): ToWorker & { type: "start" } {
    // Told by what is chosen: the tab itself comes later than the run that a link opens.
    const explain = this.#context.store.now.setup.tab === "decision";
    return { type: "start", job, configs: this.#configs(), source, explain };
  }

  /** No run, of what is chosen, until there is a source. */
  rest(): void {
    clearTimeout(this.#settling);
    this.#context.jobs.end("run");
    this.#layLanes(0, this.#configs());
    this.#context.store.set({ source: null });
  }

  #configs(): Config[] {
    const { tables, setup } = this.#context.store.now;
    return [setup.config, ...setup.others].map((_, lane) => {
      const config = configOf(setup, lane);
      return tables === null ? config : explicit(tables, config);
    });
  }

  /** Lanes before their first frame. */
  #layLanes(job: Job, configs: Config[]): void {
    const { store } = this.#context;
    const [first, ...others] = configs.map((config) => begun(job, config));
    store.set({ lanes: [first!, ...others], selected: Math.min(store.now.selected, others.length),
      comparison: null, pending: false, seeking: false });
  }

  /** The same trace and what is chosen now, from the beginning. */
  restart(): void {
    const { store } = this.#context;
    const { source, setup } = store.now;
    wake(this.#context);
    if (source === null) this.rest();
    else this.play(isOwnTrace(source) ? source : this.workload(setup));
  }

  /** Other lanes on the same trace, up to the moment where the run is on its way, and on from there
   *  as it went; one that has ended begins again. */
  relay(): void {
    const { source, playing, lanes, selected } = this.#context.store.now;
    const { frame } = runOf({ lanes, selected });
    const at = frame === null || frame.done ? 0 : frame.requests;
    if (source === null || at === 0) return this.restart();
    this.playFrom({ source, at, playing, selected });
  }

  /** The built-in workload that is chosen. */
  workload(setup: Setup): Source {
    const row = this.#context.store.now.tables?.workloads.find((w) => w.id === setup.workload);
    const requests = setup.requests ?? row?.default_requests ?? 10_000;
    const seed = setup.workloadSeed ?? setup.config.seed ?? "0";
    return { kind: "workload", id: setup.workload, seed, requests };
  }

  /** What the lane runs whose controls are shown. */
  config(): Config {
    return configNow(this.#context.store.now);
  }

  /** Applies that lane's changed configuration to the same trace. `switched`: what else was changed
   *  for its sake, which is said and can be undone. */
  configure(config: Config, switched = ""): void {
    const { store } = this.#context;
    const { setup, selected } = store.now;
    const next = withLane(setup, Math.min(selected, setup.others.length), config);
    // Another seed is another workload, whatever was opened before.
    const same = next.config.seed === setup.config.seed;
    this.#change(same ? next : { ...next, workloadSeed: null });
    if (switched !== "") store.set({ undo: { said: switched, setup } });
  }

  /** As it was before something was switched for the sake of something else. */
  undo(): void {
    const { undo } = this.#context.store.now;
    if (undo !== null) this.#change(undo.setup);
  }

  /** Whether anything has run yet. */
  get hasRun(): boolean {
    return this.#ran !== null;
  }

  /** What is chosen is again what ran last; what is looked at stays. */
  back(): void {
    const { view, scope, tab } = this.#context.store.now.setup;
    if (this.#ran !== null) this.#change({ ...this.#ran, view, scope, tab });
  }

  /** A run that was made elsewhere becomes that of the live view. */
  open(config: CellConfig): void {
    const { setup, selected } = this.#context.store.now;
    const next = withLane(setup, Math.min(selected, setup.others.length), ofPage(config));
    this.#change({ ...this.sameTrace(next), view: "run" });
  }

  /** The setup with the requests of now, whatever its seed. */
  sameTrace(next: Setup): Setup {
    const { source } = this.#context.store.now;
    const drawn = source?.kind === "workload" && source.seed !== next.config.seed;
    return { ...next, workloadSeed: drawn ? source.seed : null };
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

  /** Goes to the moment after so many requests, and rests there. While the run is on its way, only
   *  the latest wish counts. */
  seek(to: number): void {
    const { store } = this.#context;
    if (store.now.engine === "crashed") return;
    const busy = this.#next !== null || store.now.seeking;
    store.set({ playing: false, seeking: true });
    if (busy) this.#next = to;
    else this.#sendSeek(to);
  }

  /** Runs what is chosen then from the beginning up to where the run is, or so many requests on
   *  where it rests, and goes on from there as it went. */
  redo(part: Partial<Setup>, on = 0): void {
    this.#redoFrom(part, on, this.#context.store.now.setup);
  }

  /** The same run once more, by a worker that has not served it: up to the moment where it is, or
   *  where it was about to go, and on from there as it went. */
  goOn(): void {
    const { store } = this.#context;
    const { seeking } = store.now;
    const to = this.#next ?? (seeking ? this.#to : null);
    const played = this.#redo?.played ?? store.now.playing;
    if (served(runOf(store.now)) === 0 && to === null) return this.restart();
    this.#redoFrom({}, 0, null);
    if (to !== null) this.seek(to);
    this.#redo = { before: null, played };
  }

  /** A run of what is chosen that was left, from where it was left on. */
  playFrom({ source, at, playing }: Left & { source: Source }): void {
    this.play(source);
    if (at > 0) this.seek(at);
    if (at > 0 && playing) this.#redo = { before: null, played: true };
    else this.#context.store.set({ playing: at === 0 && playing });
  }

  #redoFrom(part: Partial<Setup>, on: number, before: Setup | null): void {
    const { store } = this.#context;
    const { setup, source, lanes, playing, selected } = store.now;
    store.set({ setup: { ...setup, ...part } });
    if (source === null) return;
    const at = served(runOf(store.now)) + (playing ? 0 : on);
    const redo = { before: this.#redo?.before ?? before, played: this.#redo?.played ?? playing };
    this.restart();
    const next = eachLane(store.now.lanes, (run, i) =>
      (lanes[i] === undefined ? run : continued(run, lanes[i])));
    store.set({ lanes: next, selected: Math.min(selected, next.length - 1) });
    this.seek(at);
    this.#redo = redo;
  }

  #sendSeek(to: number): void {
    this.#to = to;
    this.#seeks += 1;
    askRun(this.#context, { type: "seek", to });
  }

  /** Decisions cost a little, and are taken down only while somebody looks at them. Where the run
   *  rests, its last request is served once more for it, if the way back is known. */
  explain(wanted: boolean): void {
    const { store } = this.#context;
    if (wanted === store.now.explaining) return;
    store.set({ explaining: wanted, lanes: eachLane(store.now.lanes, (run) =>
      ({ ...run, decision: null })) });
    askRun(this.#context, { type: "explain", wanted });
    const { playing, seeking } = store.now;
    const run = runOf(store.now);
    const rests = !playing && !seeking && served(run) > 0;
    if (wanted && rests && run.load?.kept === true) this.seek(served(run));
  }

  stopReading(): void {
    askRun(this.#context, { type: "stop_reading" });
  }

  show(message: FrameMessage): void {
    const { store, player } = this.#context;
    const { playing, explaining } = store.now;
    const { frame } = message;
    const asked = store.now.seeking && message.seeks === this.#seeks;
    if (asked) player.moved(frame.requests);
    player.answered(frame.requests, frame.series !== undefined, frame.done);
    if (!store.now.pending) this.#ran = store.now.setup;
    // What was on the page stands until the moment is reached again.
    const redo = this.#redo;
    if (redo !== null && (!asked || message.seeking)) return;
    this.#redo = null;
    // As fast as possible, the next question does not wait for the next picture.
    if (playing && !frame.done && !document.hidden) {
      player.askAgain(performance.now(), progressOf(store.now));
    }
    const lanes = eachLane(store.now.lanes, (before, lane) => {
      const news = lane === 0 ? message : { ...message, ...message.others[lane - 1] };
      const run = advanced(before, news);
      return explaining ? run : { ...run, decision: null };
    });
    const comparison = message.comparison ?? store.now.comparison;
    const seeking = store.now.seeking && (!asked || message.seeking);
    store.set({ lanes, comparison, seeking,
      playing: (redo?.played ?? playing) && !frame.done });
    const next = this.#next;
    if (asked && next !== null) {
      this.#next = null;
      store.set({ seeking: true });
      this.#sendSeek(next);
    }
  }

  /** The run cannot go on; what was read of a broken file is served all the same. */
  failed(failure: Failure): void {
    const { store } = this.#context;
    const before = this.#redo?.before;
    if (before && failure.kind === "config") return this.#takeBack(before, failure);
    const playing = failure.kind === "file" && store.now.playing;
    const lanes = eachLane(store.now.lanes, (run, lane) =>
      stopped(run, failure, letterOf(lane)));
    store.set({ lanes, playing });
  }

  /** What cannot be done is said, and the run goes on as if nobody had asked for it. */
  #takeBack(before: Setup, { reasons, message }: Failure): void {
    const { store } = this.#context;
    const played = this.#redo?.played ?? false;
    const why = reasons.length > 0 ? reasons.map((reason) => reason.message) : [message];
    this.#redo = null;
    this.#redoFrom(before, 0, null);
    this.#redo = { before: null, played };
    store.set({ notices: ["That cannot be done now.", ...why] });
  }

  #change(part: Partial<Setup>): void {
    const { store } = this.#context;
    clearTimeout(this.#settling);
    store.set({ setup: { ...store.now.setup, ...part }, pending: true, undo: null,
      kept: false });
    this.#settling = setTimeout(() => this.restart(), SETTLE_MS);
  }
}

type Lanes = readonly [RunState, ...RunState[]];

function eachLane([first, ...others]: Lanes, change: (run: RunState, lane: number) => RunState):
Lanes {
  return [change(first, 0), ...others.map((run, i) => change(run, i + 1))];
}

/** A configuration as grids have it, as the page has it: seeds are texts. */
export function ofPage({ seed, ...config }: CellConfig): Config {
  return seed === undefined ? config : { ...config, seed: String(seed) };
}
