/** Where requests come from: a file, a link, a workload, a lesson. */
import type { PresetRow, Source } from "../engine/protocol.ts";
import { decode } from "../state/link.ts";
import { isOwnTrace } from "../state/state.ts";
import type { Context } from "./context.ts";
import type { RunActions } from "./run.ts";

export class SourceActions {
  readonly #context: Context;
  readonly #run: RunActions;

  constructor(context: Context, run: RunActions) {
    this.#context = context;
    this.#run = run;
  }

  /** Takes what a link says, in place of what there is; with `own`, on that trace. */
  restore(fragment: string, own: Source | null = null): void {
    const { store } = this.#context;
    const { tables } = store.now;
    if (tables === null) return;
    const { setup: told, at, ownTrace, unknown } = decode(fragment, tables);
    const setup = own === null ? told : { ...told, workload: "", trace: null };
    const notices = ownTrace && own === null ? [...unknown, "This link was made with a trace of the "
      + "sender's own. Open that trace to see the same run; until then a built-in workload plays."]
      : unknown;
    store.set({ setup, selected: 0, notices });
    if (own !== null) this.#run.play(own);
    else if (setup.trace === null) this.#run.play(this.#run.workload(setup));
    else this.#openUrl(setup.trace);
    if (at !== null) this.#run.seek(at);
  }

  /** Opens a trace; says so where others came with it, of which only one can be open. */
  openFile(file: File, others: File[] = []): void {
    const { store, engine, jobs } = this.#context;
    const names = others.map(({ name }) => `“${name}”`).join(", ");
    const notices = others.length === 0 ? [] : [
      `One trace is open at a time: “${file.name}” was taken, ${names} left out.`];
    store.set({ setup: { ...store.now.setup, workload: "", trace: null, moments: [] }, notices });
    // The memory that the trace before has used goes back to the machine.
    engine.start(jobs.begin("core"));
    store.set({ engine: "starting", crash: "" });
    this.#run.play({ kind: "file", file });
  }

  chooseWorkload(id: string): void {
    const { store } = this.#context;
    const setup = { ...store.now.setup, workload: id, trace: null, requests: null,
      workloadSeed: null, moments: [] };
    store.set({ setup, notices: [] });
    this.#run.play(this.#run.workload(setup));
  }

  /** A saved configuration, with the lesson it teaches. */
  choosePreset({ workload, config, lesson }: PresetRow): void {
    const { store } = this.#context;
    const { setup, source } = store.now;
    const trace = workload === null ? setup.trace : null;
    const next = { ...setup, workload: workload ?? setup.workload, trace, requests: null,
      workloadSeed: null, config, others: [], moments: [] };
    store.set({ setup: next, selected: 0, notices: [lesson] });
    const own = workload === null && source !== null && isOwnTrace(source);
    this.#run.play(own ? source : this.#run.workload(next));
  }

  #openUrl(trace: string): void {
    const url = new URL(trace, document.baseURI);
    const name = decodeURIComponent(url.pathname.split("/").pop() ?? trace);
    this.#run.play({ kind: "url", url: url.href, name });
  }
}
