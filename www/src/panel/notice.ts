/** What stands in the way, in plain words, over the picture: a crash, an error; and what is said
 *  beside it, above the picture: a lesson, a partial link, what was switched. */
import type { LiveApp } from "../app/live.ts";
import { h, part, setAttribute } from "./dom.ts";
import * as format from "../text/format.ts";
import { OUT_OF_MEMORY, type Failure } from "../engine/protocol.ts";
import { served } from "../state/run.ts";
import { runOf, saidOf, sourceName, type Awaited, type State } from "../state/state.ts";

const HEADINGS: Record<Failure["kind"], string> = {
  config: "This configuration cannot run",
  file: "The trace could not be read to its end",
  state: "The simulator cannot do that now",
  argument: "The simulator was asked for something it does not know",
};

const READS = "A trace is JSON, one object a line or in an array, or CSV with a header: a prompt "
  + "length for each request, and a time and the ids of its blocks where it has them.";

export class NoticePanel {
  readonly #app: LiveApp;
  readonly #root: HTMLElement;
  readonly #host: HTMLElement;
  /** What stands behind the host in the picture's panel, where it is at home. */
  readonly #next: Element | null;
  readonly #choose: () => void;
  readonly #reveals: boolean;
  #drawn = "";
  /** What was said last, and whether that was beside the run. */
  #came: { list: string[]; isOfRun: boolean } | null = null;
  /** What was said and read; it can be had back as long as nothing else is said. */
  #folded: Pick<State, "notices" | "unpainted"> | null = null;

  /** `choose` lets the person choose a file. `reveals`: what is new is scrolled to where it is out
   *  of sight, which is not for a figure in somebody's page. */
  constructor(app: LiveApp, root: HTMLElement, choose: () => void, reveals = false) {
    this.#app = app;
    this.#choose = choose;
    this.#reveals = reveals;
    this.#root = root;
    this.#host = part(root, "notice");
    this.#next = this.#host.nextElementSibling;
  }

  render(state: State): void {
    const view = this.#viewOf(state);
    const key = JSON.stringify([view?.getAttribute("data-view"), state.engine === "crashed",
      state.crash, runOf(state).failure, saidOf(state), this.#isFolded(state), state.undo?.said,
      nothingFound(state), state.awaited]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    if (view === null) this.#next?.before(this.#host);
    else view.prepend(this.#host);
    const obstacle = this.#obstacle(state);
    const cards = [obstacle, this.#notices(state), this.#undo(state)]
      .filter((card) => card !== null);
    this.#host.hidden = cards.length === 0;
    const isOver = view === null
      && (obstacle !== null || cards.every((card) => card.matches("button")));
    setAttribute(this.#host, "data-over", isOver ? "" : null);
    this.#host.replaceChildren(...cards);
    const said = cards.find((card) => !card.matches("button"));
    if (this.#reveals && said !== undefined) reveal(said);
  }

  /** The view that is open in place of the picture, where what is said came while it was: a lesson
   *  of the run stays with the picture. */
  #viewOf({ notices, setup: { view } }: State): Element | null {
    if (notices !== this.#came?.list) this.#came = { list: notices, isOfRun: view === "run" };
    return !this.#reveals || view === "run" || this.#came.isOfRun ? null
      : this.#root.querySelector(`main[data-view="${view}"]`);
  }

  #fold(said: Pick<State, "notices" | "unpainted"> | null): void {
    this.#folded = said;
    this.#app.store.set({});
  }

  #isFolded({ notices, unpainted }: State): boolean {
    return notices === this.#folded?.notices && unpainted === this.#folded.unpainted;
  }

  /** What keeps the run from going on. */
  #obstacle(state: State): HTMLElement | null {
    const { engine, crash, awaited } = state;
    const { failure } = runOf(state);
    if (engine === "crashed") return this.#crashed(crash);
    if (awaited !== null) return this.#awaited(awaited);
    if (failure !== null) {
      const reasons = failure.reasons.map((r) => h("li", {}, r.message));
      return h("div", { class: "card bad", role: "alert", "data-notice": failure.kind },
        h("h2", {}, headingOf(state, failure)),
        reasons.length > 0 ? h("ul", {}, ...reasons) : h("p", {}, failure.message),
        failure.kind === "config" ? this.#defaults()
          : failure.kind === "file" ? this.#others() : null);
    }
    const nothing = nothingFound(state);
    return nothing === null ? null
      : h("div", { class: "card bad", role: "alert", "data-notice": "nothing" },
        h("h2", {}, nothing[0]),
        h("p", {}, nothing[1]),
        this.#others());
  }

  #crashed(crash: string): HTMLElement {
    const words = crash.startsWith(OUT_OF_MEMORY) ? [h("h2", {}, "The simulator ran out of memory"),
      h("p", {}, `${crash.slice(OUT_OF_MEMORY.length + 1)} A smaller “Distinct blocks known”, `
        + "fewer nodes or fewer lanes need less. Whatever is chosen now begins the run again.")]
      : [h("h2", {}, "The simulator stopped"),
        h("p", {}, "Something inside it broke; this page is fine. Restart begins the same run "
          + "again with fresh memory, and so does any other choice. If it stops again, this helps "
          + "whoever mends it:"),
        h("code", {}, crash || "no message")];
    return h("div", { class: "card bad", role: "alert", "data-notice": "crashed" }, ...words,
      h("button", { type: "button", class: "primary", "data-part": "recover",
        click: () => this.#app.run.restart() }, "Restart"));
  }

  #defaults(): HTMLElement {
    const act = (name: string, label: string, click: () => void) =>
      h("button", { type: "button", class: "small", "data-act": name, click }, label);
    return h("div", { class: "acts" },
      this.#app.run.hasRun ? act("back", "Back to what ran", () => this.#app.run.back()) : null,
      act("defaults", "Everything to its default", () => this.#app.run.configure({})));
  }

  /** What a link asks for and only the person has. */
  #awaited(awaited: Awaited): HTMLElement {
    const [heading, words] = wordsOf(awaited);
    return h("div", { class: "card", role: "status", "data-notice": "awaited" },
      h("h2", {}, heading), h("p", {}, words), this.#others());
  }

  /** The ways on, where this trace is none. */
  #others(): HTMLElement {
    return h("div", { class: "acts" },
      h("button", { type: "button", class: "small", "data-act": "choose-file",
        click: () => this.#choose() }, "Open trace…"),
      h("button", { type: "button", class: "small", "data-act": "built-in",
        click: () => this.#app.source.chooseWorkload() }, "Play a built-in workload"));
  }

  #undo({ undo }: State): HTMLElement | null {
    return undo === null ? null
      : h("div", { class: "card", role: "status", "data-notice": "undo" }, h("p", {}, undo.said),
        h("div", { class: "acts" },
          h("button", { type: "button", class: "small", "data-act": "undo",
            click: () => this.#app.run.undo() }, "Undo"),
          h("button", { type: "button", class: "small",
            click: () => this.#app.keepSwitched() }, "Keep")));
  }

  #notices(state: State): HTMLElement | null {
    const { notices, unpainted } = state;
    const said = saidOf(state);
    if (said.length === 0) return null;
    if (this.#isFolded(state)) {
      return h("button", { type: "button", class: "small", "data-notice": "folded",
        title: said.join(" "), click: () => this.#fold(null) }, "What was said");
    }
    // What ends so has its reasons after it.
    const at = said.findIndex((text) => text.endsWith(":"));
    const [words, reasons] = at < 0 ? [said, []] : [said.slice(0, at + 1), said.slice(at + 1)];
    return h("div", { class: `card${at < 0 ? "" : " bad"}`, role: "status", "data-notice": "link" },
      ...words.map((text) => h("p", {}, text)),
      reasons.length === 0 ? null : h("ul", {}, ...reasons.map((text) => h("li", {}, text))),
      h("button", { type: "button", class: "small",
        click: () => this.#fold({ notices, unpainted }) }, "Dismiss"));
  }
}

/** Whoever is elsewhere on the page sees what they did come to nothing. */
function reveal(card: HTMLElement): void {
  const { top, bottom } = card.getBoundingClientRect();
  if (bottom < 0 || top > innerHeight) card.scrollIntoView({ block: "center" });
}

function headingOf(state: State, { kind }: Failure): string {
  const nothing = kind === "file" && state.source?.kind === "url" && served(runOf(state)) === 0;
  return nothing ? "The trace could not be fetched" : HEADINGS[kind];
}

function wordsOf({ mark, mine, refused }: Awaited): [heading: string, words: string] {
  if (refused !== "") return ["The trace of this link is not fetched", refused];
  if (mark === null) {
    return ["This link was made with a trace of somebody’s own", "It does not say which. Open that "
      + "trace to see the same run; everything else is as it was."];
  }
  const file = `“${mark.name}” (${format.bytes(mark.bytes)})`;
  return mine ? [`Open ${file} again to go on`, "The page was loaded anew, and browsers let no "
    + "page read a file again by itself. Everything else is as you left it."]
    : [`This link was made with ${file}`, "The file stayed with whoever made it: a link carries "
      + "its name, its size and a hash of its beginning. Open it here to see the same run."];
}

/** Why a trace that was read gave no request, or not all of them; null where that is not so. */
function nothingFound(state: State): [heading: string, why: string] | null {
  const { frame, report, load } = runOf(state);
  const read = load?.phase === "complete" || load?.phase === "stopped";
  if (report?.stopped) {
    const served = frame !== null && frame.requests > 0;
    return [served ? "Nothing more of this file was read" : "This file cannot be read as a trace",
      report.stopped];
  }
  if (!read || !frame?.done || frame.requests > 0) return null;
  if (load?.phase === "stopped" && load.read_bytes === 0) {
    return ["Nothing was read", `Reading ${sourceName(state)} was stopped before its first byte.`];
  }
  const heading = "No request was found in this file";
  if (load?.phase === "complete" && load.read_bytes === 0) {
    return ["This file is empty", `${sourceName(state)} has no bytes in it.`];
  }
  const bad = report?.bad_lines_total ?? 0;
  return [heading, bad === 0 ? `It has no lines with anything in them. ${READS}`
    : `${bad === 1 ? "Its one line could not" : `None of its ${format.plural(bad, "line")} could`} `
      + `be read as a request; the tab Trace lists what stood in the way. ${READS}`];
}
