/**
 * Marks on the timeline: what happened when, told by shape as well as by colour. A press on one
 * goes to its moment exactly.
 */
import type { RunState } from "../state/run.ts";
import { runOf, type State } from "../state/state.ts";
import { h } from "./dom.ts";
import { doneOf, eventWords } from "../text/events.ts";
import { alertWords, reasonWords } from "../text/monitoring.ts";

interface Mark {
  /** In requests served. */
  at: number;
  kind: "move" | "done" | "due" | "moment" | "alert" | "tuned";
  title: string;
  /** A letter on it; "" is none. */
  letter: string;
}

/** More of a kind than this would touch each other. */
const MOST = 400;
/** Flags nearer to each other than this part of the whole would lie on each other. */
const NEAR = 0.06;

export class Marks {
  readonly element = h("div", { class: "marks" });
  #drawn: unknown[] = [];

  render(state: State, whole: number): void {
    const { migrations, perturbed, monitoring, config } = runOf(state);
    const key = [migrations, perturbed, monitoring, config, state.setup.moments, whole];
    if (key.every((one, i) => one === this.#drawn[i])) return;
    this.#drawn = key;
    this.element.replaceChildren(...marksOf(state, whole).map(({ at, kind, title, letter }) => {
      const mark = h("s", { "data-mark": kind, "data-at": at, title }, letter);
      mark.style.setProperty("left", `${(100 * at) / whole}%`);
      return mark;
    }));
  }
}

/** Exported for tests. */
export function marksOf(state: State, whole: number): Mark[] {
  const { migrations, perturbed, monitoring } = runOf(state);
  const moves = thinned(migrations).map((m): Mark => ({
    at: m.request, kind: "move", letter: "",
    title: `Node ${m.source} gives to node ${m.target}` }));
  const tuned = thinned(monitoring?.tuned ?? []).map(({ request, reason }): Mark => ({
    at: request - 1, kind: "tuned", letter: "",
    title: `Weights change: ${reasonWords(reason)}` }));
  const alerts = gathered((monitoring?.alerts ?? []).map((alert): Mark =>
    ({ at: alert.raised, kind: "alert", letter: "!", title: alertWords(alert) })), NEAR * whole);
  const done = gathered((perturbed?.events ?? []).map(({ what, request }): Mark => {
    const { letter, said } = eventWords(what);
    return { at: request - 1, kind: "done", letter, title: said };
  }), NEAR * whole);
  const moments = state.setup.moments.map((at): Mark =>
    ({ at, kind: "moment", letter: "", title: "A moment you kept" }));
  const due = gathered(dueMarks(runOf(state), whole), NEAR * whole);
  return [...moves, ...tuned, ...alerts, ...due, ...done, ...moments];
}

/** What will be done, where it is known before which request. */
function dueMarks({ config, perturbed }: RunState, whole: number): Mark[] {
  const came = new Set(perturbed?.events.map(({ index }) => index));
  const due = (config.perturb ?? []).flatMap((text, index): Mark[] => {
    const { what, when } = doneOf(text);
    const at = Number(when) - 1;
    if (came.has(index) || !/^\d+$/.test(when) || at > whole) return [];
    const { letter, said } = eventWords(what);
    return [{ at, kind: "due", letter, title: `${said}, to come` }];
  });
  return due.sort((one, other) => one.at - other.at);
}

/** No more than can be told apart. */
function thinned<T>(all: readonly T[]): T[] {
  const every = Math.ceil(all.length / MOST) || 1;
  return all.filter((_, i) => i % every === 0);
}

/** Flags that would lie on each other are one, at the first, with how many there are. */
function gathered(marks: Mark[], near: number): Mark[] {
  const flags: (Mark & { count: number })[] = [];
  for (const mark of marks) {
    const last = flags.at(-1);
    if (last === undefined || mark.at - last.at > near) flags.push({ ...mark, count: 1 });
    else {
      last.count += 1;
      last.letter = String(last.count);
      last.title += `\n${mark.title}`;
    }
  }
  return flags;
}
