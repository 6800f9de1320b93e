/** Where requests come from: a file, a link, an address, a workload, a lesson. */
import type { PresetRow, Source } from "../engine/protocol.ts";
import { readAddress } from "../state/address.ts";
import { areOfOneRun, decode, encode } from "../state/link.ts";
import { isSameFile, type FileMark } from "../state/mark.ts";
import { OPENING, type Setup } from "../state/setup.ts";
import { isOwnTrace, type Awaited, type Left } from "../state/state.ts";
import type { Context } from "./context.ts";
import type { RunActions } from "./run.ts";

export class SourceActions {
  readonly #context: Context;
  readonly #run: RunActions;

  constructor(context: Context, run: RunActions) {
    this.#context = context;
    this.#run = run;
  }

  /** Takes what a link says, in place of what there is. `mine`: the file that this tab had open
   *  when it was loaded before. */
  restore(fragment: string, mine: FileMark | null = null): void {
    const { store } = this.#context;
    const { tables, source, setup: before } = store.now;
    if (tables === null) return;
    const { setup, at, lane, unknown: notices } = decode(fragment, tables);
    const { trace, workload, file } = setup;
    const isOpen = file !== null && before.file !== null && isSameFile(file, before.file);
    store.set({ setup, selected: lane, kept: false, notices });
    if (trace !== null) {
      const address = readAddress(trace, document.baseURI);
      if ("refused" in address) return this.#await({ refused: address.refused, at });
      this.#run.play({ kind: "url", ...address });
    } else if (workload !== "") this.#run.play(this.#run.workload(setup));
    else if (isOpen && source?.kind === "file") this.#run.play(source);
    else {
      return this.#await({ mark: file, at,
        mine: file !== null && mine !== null && isSameFile(file, mine) });
    }
    if (at !== null) this.#run.seek(at);
  }

  /** Comes back to what a link says, as it was `left`. A run that is the same goes on as it is, and
   *  only what is looked at changes. */
  comeBack(fragment: string, left: Left | null, mine: FileMark | null): void {
    const { store } = this.#context;
    const { tables, setup: now, source } = store.now;
    if (tables === null) return;
    const { setup } = decode(fragment, tables);
    const isOpen = left === null || isSameSource(left.source, source);
    if (isOpen && areOfOneRun(encode(now), fragment, tables)) {
      store.set({ setup: { ...now, view: setup.view, study: setup.study } });
    } else if (left === null || left.source === null) this.restore(fragment, mine);
    else {
      store.set({ setup, selected: left.selected, kept: false, notices: [] });
      this.#run.playFrom({ ...left, source: left.source });
    }
  }

  /** Takes what a link says of everything but the trace, and runs it on this one. */
  restoreOn(fragment: string, source: Source): void {
    const { store } = this.#context;
    if (store.now.tables === null) return;
    const { setup, at, lane, unknown: notices } = decode(fragment, store.now.tables);
    const next = { ...setup, workload: "", trace: null, file: null };
    store.set({ setup: next, selected: lane, notices });
    this.#run.play(source);
    if (at !== null) this.#run.seek(at);
  }

  /** That a trace runs with what was chosen before it was opened, somebody has read. */
  keptIsRead(): void {
    this.#context.store.set({ kept: false });
  }

  chooseWorkload(id: string = OPENING.workload): void {
    const { store } = this.#context;
    const setup = { ...store.now.setup, workload: id, trace: null, file: null, requests: null,
      workloadSeed: null, moments: [] };
    store.set({ setup, opened: store.now.opened + 1, kept: false, notices: [] });
    this.#run.play(this.#run.workload(setup));
  }

  /** A saved configuration, with the lesson it teaches. */
  choosePreset({ workload, config, lesson }: PresetRow): void {
    const { store } = this.#context;
    const { setup, source, opened } = store.now;
    const keeps = workload === null;
    const next: Setup = { ...setup, workload: workload ?? setup.workload,
      trace: keeps ? setup.trace : null, file: keeps ? setup.file : null, requests: null,
      workloadSeed: null, config, others: [], moments: [] };
    store.set({ setup: next, selected: 0, opened: opened + 1, kept: false, notices: [lesson] });
    if (keeps && source === null) this.#run.rest();
    else if (keeps && source !== null && isOwnTrace(source)) this.#run.play(source);
    else this.#run.play(this.#run.workload(next));
  }

  /** Nothing runs in the place of a trace that the person alone can give. */
  #await(what: Partial<Awaited>): void {
    this.#run.rest();
    this.#context.store.set({ playing: true,
      awaited: { mark: null, mine: false, refused: "", at: null, ...what } });
  }
}

/** Whether two are one trace; what names itself is told apart by the link. */
function isSameSource(one: Source | null, other: Source | null): boolean {
  const [a, b] = [one, other].map((it) => (it?.kind === "file" ? it.file : null));
  return a === b;
}
