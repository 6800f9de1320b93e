/** Files from outside, as traces. */
import type { Source } from "../engine/protocol.ts";
import { LOOKED_AT_BYTES, whyNoTrace } from "../state/looks.ts";
import { isSameFile, markOf, type FileMark } from "../state/mark.ts";
import * as format from "../text/format.ts";
import type { Context } from "./context.ts";
import type { RunActions } from "./run.ts";

export class FileActions {
  readonly #context: Context;
  readonly #run: RunActions;

  constructor(context: Context, run: RunActions) {
    this.#context = context;
    this.#run = run;
  }

  /** Opens the one of them that looks like a trace, or the first where none does; of the others it
   *  says why they were left out. `said` is of what came with them. */
  async open(files: File[], folders: string[] = [], said: string[] = []): Promise<void> {
    const whys = files.length > 1 ? await Promise.all(files.map(whyLeftOut)) : [""];
    const chosen = files[Math.max(0, whys.indexOf(""))];
    const others = files.flatMap((file, i) => (file === chosen ? [] : [{ name: file.name,
      why: whys[i] === "" ? "one trace is open at a time" : whys[i]! }]));
    const left = [...others, ...folders.map((name) => ({ name, why: "it is a folder" }))]
      .map(({ name, why }) => `“${name}”, since ${why}`);
    if (chosen !== undefined) {
      this.#openFile(chosen, left.length === 0 ? said
        : [...said, `“${chosen.name}” was taken. Left out: ${left.join("; ")}.`]);
    } else if (folders[0] !== undefined) {
      const notices = [...said, `“${folders[0]}” is a folder. Drop the trace that lies in it.`];
      this.#context.store.set({ notices });
    }
  }

  #openFile(file: File, notices: string[]): void {
    const { store } = this.#context;
    const { awaited } = store.now;
    // What a link says of its file stays with it.
    const moments = awaited === null ? [] : store.now.setup.moments;
    store.set({ setup: { ...store.now.setup, workload: "", trace: null, file: null, moments },
      opened: store.now.opened + 1, kept: awaited === null, notices });
    this.#begin({ kind: "file", file });
    if (awaited !== null && awaited.at !== null) this.#run.seek(awaited.at);
    void this.#mark(file, awaited?.mark ?? null);
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

function strangerOf(mark: FileMark, asked: FileMark): string {
  const [size, wanted] = [mark, asked].map(({ bytes }) => format.bytes(bytes));
  const why = mark.bytes === asked.bytes ? "it begins differently"
    : `it has ${size === wanted ? `${format.integer(mark.bytes)} bytes` : size}, that one `
      + `${size === wanted ? format.integer(asked.bytes) : wanted}`;
  return `“${mark.name}” is not the file that this link was made with, “${asked.name}”: ${why}. It `
    + "runs here all the same, and gives other figures.";
}
