/** What was done, in order, with how far the figures fell and when they were back. */
import type { WholeApp } from "../../app/actions.ts";
import type { Course, Perturbed, PerturbedEvent } from "../../engine/protocol.ts";
import { runOf, type State } from "../../state/state.ts";
import { doneOf, eventWords, whenWords } from "../../text/events.ts";
import * as format from "../../text/format.ts";
import { h, setText } from "../dom.ts";

export class DoneList {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #list = h("ol", { class: "done-list", "data-list": "done" });
  readonly #sums = h("p", { class: "say", "data-part": "done-sums" });
  readonly #clear: HTMLButtonElement;
  #drawn: unknown[] = [];

  constructor(app: WholeApp) {
    this.#app = app;
    this.#clear = h("button", { type: "button", class: "small", "data-act": "clear",
      click: () => app.change.takeAllBack() }, "Take all back");
    this.element = h("section", { class: "done" }, h("h3", {}, "What was done"), this.#list,
      this.#sums, this.#clear);
  }

  render(state: State): void {
    const { perturbed, config, frame } = runOf(state);
    const listed = config.perturb ?? [];
    this.#clear.hidden = listed.length === 0;
    this.#clear.disabled = state.seeking;
    const ended = frame?.done === true;
    const key = [perturbed, config, state.seeking, ended];
    if (key.every((one, i) => one === this.#drawn[i])) return;
    this.#drawn = key;
    const events = perturbed?.events ?? [];
    const came = new Set(events.map(({ index }) => index));
    const open = listed.flatMap((text, index) => (came.has(index) ? [] : [{ text, index }]));
    const whenOf = (text: string) => {
      const when = whenWords(doneOf(text).when);
      return ended ? `planned ${when}; the trace ended earlier` : `to come ${when}`;
    };
    this.#list.replaceChildren(...events.map((event) => this.#came(event, state.seeking)),
      ...open.map(({ text, index }) => this.#row(index, text, whenOf(text), state.seeking)));
    setText(this.#sums, sumsOf(listed, perturbed));
  }

  #came(event: PerturbedEvent, rests: boolean): HTMLElement {
    const row = this.#row(event.index, event.what,
      `before request ${format.integer(event.request)}`, rests);
    row.append(h("dl", { class: "courses" },
      ...courseOf("Hit rate", event.hit_rate, (it) => format.share(it), "lowest"),
      ...(event.p99_ttft_s === undefined ? []
        : courseOf("TTFT p99", event.p99_ttft_s, format.seconds, "highest"))));
    const cost = costOf(event);
    if (cost !== "") row.append(h("small", {}, cost));
    return row;
  }

  #row(index: number, what: string, when: string, rests: boolean): HTMLElement {
    const { letter, said } = eventWords(what);
    const too = this.#app.change.alsoTaken(index).map((text) => eventWords(text).said);
    const withIt = too.length === 0 ? "" : `; with it goes “${too.join("”, “")}”`;
    return h("li", { "data-done": what }, h("i", { "aria-hidden": "true" }, letter),
      h("b", {}, said), h("small", {}, when),
      h("button", { type: "button", class: "chip-less", disabled: rests,
        "aria-label": `Take back: ${said}${withIt}`,
        title: `As if it had never been done${withIt}`,
        "data-take-back": index, click: () => this.#app.change.takeBack(index) }, "×"));
  }
}

/** How near to what it was a figure is back (docs/metrics.md, "What if"). */
const NEAR = 0.05;

/** 46.1 % → 31.0 %, back after 1,240 requests (12 min). */
function courseOf(
  name: string, course: Course, shown: (value: number) => string, worst: string,
): HTMLElement[] {
  if (course.before === null || course.worst === null) return [];
  const title = `Before, and the ${worst} of the window since; back is within 5 % of before`;
  return [h("dt", {}, name), h("dd", { title },
    h("b", {}, `${shown(course.before)} → ${shown(course.worst)}`), " ",
    h("span", {}, backOf(course)))];
}

/** Whether a figure is what it was, in words. Exported for tests. */
export function backOf({ before, worst, back_after_requests, back_after_s }: Course): string {
  if (back_after_requests === 0) return "not far off in the window after it";
  if (back_after_requests === null) {
    // Whether it was away is settled once the window has nothing of before in it.
    const near = before !== null && worst !== null && Math.abs(worst - before) <= NEAR * before;
    return near ? "not far off so far" : "not back yet";
  }
  const time = back_after_s === null || back_after_s === 0 ? ""
    : ` (${format.duration(back_after_s)})`;
  return `back after ${format.plural(back_after_requests, "request")}${time}`;
}

function costOf({ what, lost_blocks, retried, aborted }: PerturbedEvent): string {
  const parts = [];
  if (what.startsWith("forget:") && lost_blocks === 0) {
    parts.push("no node had it: nothing was removed, and what follows is the trace's own course");
  }
  if (lost_blocks > 0) parts.push(`${format.plural(lost_blocks, "block")} lost`);
  if (retried > 0) parts.push(`${format.plural(retried, "request")} retried`);
  if (aborted > 0) parts.push(`${format.integer(aborted)} of them turned away`);
  return parts.join(" · ");
}

function sumsOf(listed: string[], perturbed: Perturbed | null): string {
  if (listed.length === 0) {
    return "Nothing yet. Press a node of the picture, or choose above what should happen now.";
  }
  if (perturbed === null) return "";
  const { lost_blocks, retried, no_node } = perturbed;
  const away = no_node > 0 ? `, ${format.plural(no_node, "request")} turned away for want of a node`
    : "";
  return `In all ${format.plural(lost_blocks, "block")} lost, ${format.plural(retried, "request")} `
    + `retried${away}.`;
}
