/** One cluster and everything that can be done with it; all but the run comes with the rest. */
import { loadWhole } from "../engine/core.ts";
import { startFirst } from "../engine/first.ts";
import type { FileMark } from "../state/mark.ts";
import { asksForMore, type Left } from "../state/state.ts";
import type { WholeApp } from "./actions.ts";
import { LiveApp, STILL_AT } from "./live.ts";
import { Rest } from "./rest.ts";

export class App extends LiveApp {
  /** What is fetched once somebody is there, or when it is needed. */
  readonly rest = new Rest();
  #whole: Promise<WholeApp> | null = null;
  /** The link that is restored once there are tables to read it by. */
  #link: { fragment: string; mine: FileMark | null } = { fragment: "", mine: null };
  /** What was dropped before there were tables. */
  #early: [files: File[], folders: string[]] | null = null;

  constructor() {
    super(startFirst);
    this.rest.add(loadWhole);
    this.rest.add(async () => {
      await this.whole();
    });
    this.rest.add(async () => {
      const { startLive } = await import("../engine/live.ts");
      this.context.engine.startBy(startLive);
    });
    this.store.subscribe((now) => {
      if (!this.rest.there && now.unloaded === "" && asksForMore(now)) void this.need();
    });
  }

  /** The same app once it can do everything. */
  whole(): Promise<WholeApp> {
    this.#whole ??= import("./actions.ts").then(({ wholeOf }) => wholeOf(this));
    this.#whole.catch(() => {
      this.#whole = null;
    });
    return this.#whole;
  }

  /** Does something as soon as the rest of the page is there; where that cannot be had, says so. */
  async need(act: () => void = () => undefined): Promise<void> {
    if (this.rest.there) return act();
    try {
      await this.rest.get();
    } catch (error) {
      const unloaded = error instanceof Error ? error.message : String(error);
      return this.store.set({ unloaded });
    }
    this.store.set({ unloaded: "" });
    act();
  }

  /** Starts the simulator, and what the link says, as soon as it is there; `mine` is the file that
   *  was open here before, where there was one. `still` shows a moment of the run in place of
   *  playing it. */
  start(fragment: string, mine: FileMark | null = null, still = false): void {
    this.#link = { fragment, mine };
    // What a link asks for is more than the first view: the worker waits for the whole core, and
    // need not fetch it once more when it comes to what the first part lacks.
    if (fragment.length > 1) void this.need();
    this.begin(() => this.#follow(() => {
      this.source.restore(this.#link.fragment, this.#link.mine);
      const { source, seeking } = this.store.now;
      if (this.#early !== null) void this.openFiles(...this.#early);
      else if (still && source !== null && !seeking) this.run.seek(STILL_AT);
    }));
  }

  /** Takes what a link says; before there are tables to read it by, it waits for them. */
  restore(fragment: string, mine: FileMark | null): void {
    this.#link = { fragment, mine };
    this.#follow(() => this.source.restore(fragment, mine));
  }

  /** Comes back to what a link says, as it was left. */
  comeBack(fragment: string, left: Left | null, mine: FileMark | null): void {
    this.#link = { fragment, mine };
    this.#follow(() => this.source.comeBack(fragment, left, mine));
  }

  /** The worker of the first view reads no trace that a link names. */
  #follow(act: () => void): void {
    if (new URLSearchParams(this.#link.fragment.slice(1)).has("trace")) void this.need(act);
    else act();
  }

  /** The page has read a file, and from then on reaches no place but its own. */
  shut(): void {
    this.store.set({ shut: true });
  }

  /** Files from outside: configurations, and one trace; what is left out, and why, is said. All
   *  that may be needed with them is fetched before one is read. */
  async openFiles(files: File[], folders: string[] = []): Promise<void> {
    await this.need(() => void this.#openFiles(files, folders));
  }

  async #openFiles(files: File[], folders: string[]): Promise<void> {
    this.#early = this.store.now.tables === null ? [files, folders] : null;
    if (this.#early !== null) return;
    const { config, files: opener } = await this.whole();
    const traces: File[] = [];
    const said: string[] = [];
    for (const file of files) {
      const refused = await config.take(file);
      if (refused === null) traces.push(file);
      else said.push(...refused);
    }
    await opener.open(traces, folders, said);
  }
}
