/** Lanes beside each other so far, and the whole trace over seeds. */
import type { Comparison } from "../../engine/protocol.ts";
import { isCompared, runOf, type State } from "../../state/state.ts";
import { h, part, setAttribute, setText } from "../dom.ts";
import { inShort, letterOf } from "../../state/lanes.ts";
import type { RunState } from "../../state/run.ts";
import * as format from "../../text/format.ts";
import { LanesTable } from "./table.ts";

export class HeadlinePanel {
  readonly #host: HTMLElement;
  readonly #sentence = h("p", { class: "sentence", "data-part": "sentence" });
  readonly #table = new LanesTable("Every figure of every lane, and how far it is from A");
  readonly #which: HTMLElement;

  constructor(root: HTMLElement) {
    this.#host = part(root, "compare");
    this.#which = part(root, "which");
    this.#host.append(h("h2", {}, "Side by side"), this.#sentence, this.#table.element,
      h("p", { class: "say" }, "● best of its row, where it is a goal; below a figure, how far it "
        + "is from A."),
      repeatRow());
  }

  /** Its first half and its second: all of it at once is a third of what is laid out while lanes
   *  play. */
  get halves(): { render(state: State): void }[] {
    return [
      { render: (state) => this.#render(state, 0, 0.5) },
      { render: (state) => this.#render(state, 0.5, 1) },
    ];
  }

  #render(state: State, from: number, to: number): void {
    const { comparison, lanes } = state;
    const { frame } = runOf(state);
    // Of nothing that was served there are no figures, nor of what cannot run.
    const compared = isCompared(state) && !(frame?.done && frame.requests === 0)
      && lanes.every(({ failure }) => failure?.kind !== "config");
    this.#host.hidden = !compared;
    this.#which.hidden = !compared;
    if (!compared) return;
    setText(this.#which, `Details of ${letterOf(state.selected)}`);
    const differ = comparison === null ? "" : inShort(comparison.sentence, comparison);
    setText(this.#sentence, [differ, ...lanes.flatMap(away)].join(" "));
    setAttribute(this.#sentence, "title", comparison?.sentence ?? null);
    if (comparison === null) return;
    this.#table.render(frame?.requests === 0 ? undefinedOf(comparison) : comparison, from, to);
  }
}

/** The same before the first request: no figure is defined, which is not 0. */
function undefinedOf(comparison: Comparison): Comparison {
  const lines = comparison.lines.map((line) => ({ ...line, lanes: line.lanes.map(() => null) }));
  return { ...comparison, lines };
}

/** That figures are not of all requests. */
function away({ frame }: RunState, lane: number): string[] {
  const { rejected = 0, requests = 0 } = frame?.totals ?? {};
  return rejected === 0 ? [] : [`${letterOf(lane)} turned ${format.integer(rejected)} of `
    + `${format.integer(requests + rejected)} requests away; its figures are of the others.`];
}

/** Two seeds give an interval of sorts; of more than these the command line tells. */
const SEEDS = ["3", "5", "10", "20"];
const USUAL = "5";

/** What starts the lanes over seeds; what comes of it stands below (compare/repeat.ts). */
function repeatRow(): HTMLElement {
  const seeds = h("select", { "data-part": "repeat-seeds", "aria-label": "Seeds" },
    ...SEEDS.map((value) => h("option", { value }, value)));
  seeds.value = USUAL;
  return h("div", { "data-part": "repeat", class: "repeat", "data-block": "repeat" },
    h("div", { class: "picks-row" }, h("button", { type: "button", class: "button",
      "data-part": "repeat-start", "data-act": "repeat", "data-later": true,
      title: "The whole trace once for each lane and seed, apart from the run" },
    "Repeat over seeds"), seeds));
}
