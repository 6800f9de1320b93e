/**
 * Marks on the timeline: what happened when, told by shape as well as by colour. A press on one
 * goes to its moment exactly.
 */
import { runOf, type State } from "../state/state.ts";
import { h } from "./dom.ts";
import { eventWords } from "../text/events.ts";

interface Mark {
  /** In requests served. */
  at: number;
  kind: "move" | "done" | "moment";
  title: string;
  /** A letter on it; "" is none. */
  letter: string;
}

/** More of a kind than this would touch each other. */
const MOST = 400;
/** Flags nearer to each other than this part of the whole would lie on each other. */
const NEAR = 0.03;

export class Marks {
  readonly element = h("div", { class: "marks" });
  #drawn: unknown[] = [];

  render(state: State, whole: number): void {
    const { migrations, perturbed } = runOf(state);
    const key = [migrations, perturbed, state.setup.moments, whole];
    if (key.every((one, i) => one === this.#drawn[i])) return;
    this.#drawn = key;
    this.element.replaceChildren(...marksOf(state, whole).map(({ at, kind, title, letter }) => {
      const mark = h("s", { "data-mark": kind, "data-at": at, title }, letter);
      mark.style.setProperty("left", `${(100 * at) / whole}%`);
      return mark;
    }));
  }
}

function marksOf(state: State, whole: number): Mark[] {
  const { migrations, perturbed } = runOf(state);
  const every = Math.ceil(migrations.length / MOST) || 1;
  const moves = migrations.filter((_, i) => i % every === 0).map((m): Mark => ({
    at: m.request, kind: "move", letter: "",
    title: `Node ${m.source} gives to node ${m.target}` }));
  const done = gathered((perturbed?.events ?? []).map(({ what, request }): Mark => {
    const { letter, said } = eventWords(what);
    return { at: request - 1, kind: "done", letter, title: said };
  }), NEAR * whole);
  const moments = state.setup.moments.map((at): Mark =>
    ({ at, kind: "moment", letter: "", title: "A moment you kept" }));
  return [...moves, ...done, ...moments];
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
