/**
 * The address bar: it says what is on the page, and a link in it is restored. Another view, trace,
 * lesson or study is a step of the browser's history; what is changed on the way is not.
 */
import type { App } from "../app/app.ts";
import { encode } from "../state/link.ts";
import { readMark, writeMark, type FileMark } from "../state/mark.ts";
import { leftAt, runOf, type Left, type State } from "../state/state.ts";
import { keep, recall } from "./storage.ts";

const OPENED = "kvscope-file";

/** What an entry of the history carries. */
interface Entry {
  /** Its name among what this load of the page remembers. */
  kvscope: string;
  /** The place that it was opened from. */
  from: string;
}

export function keepAddress(app: App, still: boolean): void {
  const steps = new Steps(app);
  addEventListener("popstate", () => steps.went());
  addEventListener("hashchange", () => steps.opened());
  app.store.subscribe((now, before) => {
    const { file } = now.setup;
    if (now.source?.kind === "file" && file !== null && file !== before.setup.file) {
      const mark = new URLSearchParams();
      writeMark(file, mark);
      keep("tab", OPENED, mark.toString());
    }
    if (now.tables !== null) steps.follow(now, before);
  });
  app.start(location.hash, fileBefore(), still);
}

/** The entries of the history that are the page's, and where each was left. */
class Steps {
  readonly #app: App;
  readonly #left = new Map<string, Left>();
  #named = 0;
  /** The name of the entry that the page is at. */
  #here: string;
  /** What is looked at, as far as it is a step of its own; null where the browser says what. */
  #place: string | null = null;
  /** What stood in the address when the page last looked, or wrote it. */
  #known = location.hash;
  /** A step back that the page takes by itself, to where it is already. */
  #closing = false;

  constructor(app: App) {
    this.#app = app;
    this.#here = entry()?.kvscope ?? this.#newName();
  }

  follow(now: State, before: State): void {
    // Somebody has just opened a link, and the browser is about to say so: it is not written over.
    if (entry() === null && location.hash !== this.#known) return;
    const changed = now.setup !== before.setup || now.pending !== before.pending
      || now.selected !== before.selected || runOf(now).job !== runOf(before).job;
    if (!changed) return;
    const place = placeOf(now);
    // A slider that moves is not written down before it rests, or is left.
    if (before.pending && place !== placeOf(before)) {
      this.#write(encode(before.setup, { at: null, lane: before.selected }));
    }
    if (now.pending) return;
    const fragment = this.#app.share.fragment();
    const closed = before.setup.study !== "" && now.setup.study === "";
    // Where nothing is open there is nothing to come back to.
    const leaves = before.source !== null || now.setup.view !== before.setup.view;
    if (this.#place === null || place === this.#place || fragment === location.hash || !leaves) {
      this.#write(fragment);
    } else if (closed && entry()?.from === place) {
      this.#closing = true;
      history.back();
    } else this.#push(fragment, before);
    this.#place = place;
  }

  /** Somebody went back or forward. A link that was just opened is no entry yet, and the browser
   *  speaks of it once more. */
  went(): void {
    const to = entry();
    if (to === null) return;
    if (!this.#closing) {
      this.#arrive(to.kvscope, () => this.#app.comeBack(location.hash,
        this.#left.get(to.kvscope) ?? null, fileBefore()));
    } else {
      this.#closing = false;
      this.#here = to.kvscope;
      if (!this.#app.store.now.pending) this.#write(this.#app.share.fragment());
    }
  }

  /** Somebody opened a link in this tab. */
  opened(): void {
    if (entry() !== null) return;
    this.#arrive(this.#newName(), () => this.#app.restore(location.hash, fileBefore()));
  }

  #arrive(name: string, restore: () => void): void {
    this.#left.set(this.#here, leftAt(this.#app.store.now));
    this.#here = name;
    this.#place = null;
    this.#known = location.hash;
    restore();
    this.#write(location.hash);
    this.#place = placeOf(this.#app.store.now);
  }

  #push(fragment: string, before: State): void {
    this.#left.set(this.#here, leftAt(before));
    this.#here = this.#newName();
    const made: Entry = { kvscope: this.#here, from: this.#place ?? "" };
    history.pushState(made, "", fragment);
    this.#known = location.hash;
  }

  /** One that no other load of the page has given, whose memory is gone. */
  #newName(): string {
    this.#named += 1;
    return `${performance.timeOrigin} ${this.#named}`;
  }

  #write(fragment: string): void {
    const now = entry();
    if (now !== null && fragment === location.hash) return;
    const made: Entry = { kvscope: this.#here, from: now?.from ?? "" };
    history.replaceState(made, "", fragment);
    this.#known = location.hash;
  }
}

function placeOf({ setup: { view, study }, opened }: State): string {
  return `${opened} ${view} ${study}`;
}

/** The entry that the browser is at, where it is one of the page's. */
function entry(): Entry | null {
  const state = history.state as Partial<Entry> | null;
  return typeof state?.kvscope === "string" ? { from: "", ...state, kvscope: state.kvscope } : null;
}

/** The file that this tab had open: a page that is loaded anew may not read it by itself. */
function fileBefore(): FileMark | null {
  return readMark(new URLSearchParams(recall("tab", OPENED) ?? ""));
}
