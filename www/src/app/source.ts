/** Where requests come from: a file, a link, an address, a workload, a lesson. */
import type { PresetRow, Source } from "../engine/protocol.ts";
import { readAddress } from "../state/address.ts";
import { areOfOneRun, decode, encode } from "../state/link.ts";
import { LOOKED_AT_BYTES, whyNoTrace } from "../state/looks.ts";
import { isSameFile, markOf, type FileMark } from "../state/mark.ts";
import { OPENING, type Setup } from "../state/setup.ts";
import { isOwnTrace, type Awaited, type Left } from "../state/state.ts";
import * as format from "../text/format.ts";
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
    const { setup, at, unknown: notices } = decode(fragment, tables);
    const { trace, workload, file } = setup;
    const isOpen = file !== null && before.file !== null && isSameFile(file, before.file);
    store.set({ setup, selected: 0, kept: false, notices });
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
    const { setup, at, unknown: notices } = decode(fragment, store.now.tables);
    store.set({ setup: { ...setup, workload: "", trace: null, file: null }, selected: 0, notices });
    this.#run.play(source);
    if (at !== null) this.#run.seek(at);
  }

  /** Opens the one of them that looks like a trace, or the first where none does; of the others it
   *  says why they were left out. */
  async openFiles(files: File[], folders: string[] = []): Promise<void> {
    const whys = files.length > 1 ? await Promise.all(files.map(whyLeftOut)) : [""];
    const chosen = files[Math.max(0, whys.indexOf(""))];
    const others = files.flatMap((file, i) => (file === chosen ? [] : [{ name: file.name,
      why: whys[i] === "" ? "one trace is open at a time" : whys[i]! }]));
    const left = [...others, ...folders.map((name) => ({ name, why: "it is a folder" }))]
      .map(({ name, why }) => `“${name}”, since ${why}`);
    if (chosen !== undefined) {
      this.#openFile(chosen, left.length === 0 ? []
        : [`“${chosen.name}” was taken. Left out: ${left.join("; ")}.`]);
    } else if (folders[0] !== undefined) {
      const notices = [`“${folders[0]}” is a folder. Drop the trace that lies in it.`];
      this.#context.store.set({ notices });
    }
  }

  /** That a trace runs with what was chosen before it was opened, somebody has read. */
  keptIsRead(): void {
    this.#context.store.set({ kept: false });
  }

  #openFile(file: File, notices: string[]): void {
    const { store } = this.#context;
    const { awaited } = store.now;
    // What a link says of its file stays with it.
    const moments = awaited === null ? [] : store.now.setup.moments;
    store.set({ setup: { ...store.now.setup, workload: "", trace: null, file: null, moments },
      opened: store.now.opened + 1, kept: awaited === null, notices });
    this.#begin({ kind: "file", file });
    if (awaited?.at) this.#run.seek(awaited.at);
    void this.#mark(file, awaited?.mark ?? null);
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

  /** The memory that the trace before has used goes back to the machine. */
  #begin(source: Source): void {
    const { store, engine, jobs } = this.#context;
    // Whoever listens knows what is opened before anything of it is read.
    store.set({ source });
    engine.start(jobs.begin("core"));
    store.set({ engine: "starting", crash: "" });
    this.#run.play(source);
  }

  /** Nothing runs in the place of a trace that the person alone can give. */
  #await(what: Partial<Awaited>): void {
    this.#run.rest();
    this.#context.store.set({ playing: true,
      awaited: { mark: null, mine: false, refused: "", at: null, ...what } });
  }

  /** Looks which file it is, so that a link can say so, and whether it is the one asked for. */
  async #mark(file: File, asked: FileMark | null): Promise<void> {
    const { store } = this.#context;
    // What cannot be read is told where it is read whole.
    const mark = await markOf(file).catch(() => null);
    const { source, setup, notices } = store.now;
    if (mark === null || source?.kind !== "file" || source.file !== file) return;
    const strange = asked === null || isSameFile(asked, mark) ? [] : [strangerOf(mark, asked)];
    store.set({ setup: { ...setup, file: mark }, notices: [...notices, ...strange] });
  }
}

/** Why a file is not the trace among several, or "". */
async function whyLeftOut(file: File): Promise<string> {
  const beginning = await file.slice(0, LOOKED_AT_BYTES).arrayBuffer().catch(() => null);
  return beginning === null ? "it cannot be read" : whyNoTrace(new Uint8Array(beginning));
}

/** Whether two are one trace; what names itself is told apart by the link. */
function isSameSource(one: Source | null, other: Source | null): boolean {
  const [a, b] = [one, other].map((it) => (it?.kind === "file" ? it.file : null));
  return a === b;
}

function strangerOf(mark: FileMark, asked: FileMark): string {
  const [size, wanted] = [mark, asked].map(({ bytes }) => format.bytes(bytes));
  const why = mark.bytes === asked.bytes ? "it begins differently"
    : `it has ${size === wanted ? `${format.integer(mark.bytes)} bytes` : size}, that one `
      + `${size === wanted ? format.integer(asked.bytes) : wanted}`;
  return `“${mark.name}” is not the file that this link was made with, “${asked.name}”: ${why}. It `
    + "runs here all the same, and gives other figures.";
}
