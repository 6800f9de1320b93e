/** What is left to chance between lanes: the whole trace over seeds, as means with intervals. */
import type { App } from "../../app/app.ts";
import { lanesNow } from "../../app/repeat.ts";
import type { Comparison } from "../../engine/protocol.ts";
import { isBusy, type RepeatState } from "../../state/analysis.ts";
import type { State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h, setAttribute, setText } from "../dom.ts";
import { Status } from "../views/status.ts";
import { LanesTable } from "./table.ts";

/** Two seeds give an interval of sorts; of more than these the command line tells. */
const SEEDS = ["3", "5", "10", "20"];
const USUAL = "5";

export class RepeatBlock {
  readonly element: HTMLElement;
  readonly #seeds: HTMLSelectElement;
  readonly #start: HTMLButtonElement;
  readonly #status: Status;
  readonly #say = h("p", { class: "say", "data-part": "repeat-say" });
  readonly #table = new LanesTable("Every figure of every lane over seeds");
  readonly #result: HTMLElement;
  #drawn: RepeatState | null = null;

  constructor(app: App) {
    this.#seeds = h("select", { "aria-label": "Seeds" },
      ...SEEDS.map((value) => h("option", { value }, value)));
    this.#seeds.value = USUAL;
    this.#start = h("button", { type: "button", class: "button", "data-act": "repeat",
      title: "The whole trace once for each lane and seed, apart from the run",
      click: () => void app.repeat.start(Number(this.#seeds.value)) }, "Repeat over seeds");
    this.#status = new Status({ unit: "run", again: "Go on", act: () => void app.repeat.resume(),
      cancel: () => app.analysis.cancel("repeat") });
    this.#result = h("div", { hidden: true }, this.#say, this.#table.element);
    this.element = h("div", { class: "repeat", "data-block": "repeat" },
      h("div", { class: "picks-row" }, this.#start, this.#seeds), this.#status.element,
      this.#result);
  }

  render(state: State): void {
    const { repeat } = state.analysis;
    // What was told of other lanes is no answer for these.
    const mine = JSON.stringify(repeat.configs) === JSON.stringify(lanesNow(state));
    const { comparison, work } = repeat;
    this.#start.disabled = state.source === null || isBusy(work);
    this.#status.element.hidden = !mine && !isBusy(work);
    this.#result.hidden = !mine || comparison === null;
    if (repeat === this.#drawn) return;
    this.#drawn = repeat;
    this.#status.render(work, "Done.");
    if (comparison === null) return;
    setText(this.#say, sentence(comparison));
    setAttribute(this.element, "data-seeds", String(comparison.seeds));
    this.#table.render(comparison);
  }
}

function sentence({ seeds, lines }: Comparison): string {
  const exact = seeds > 1 && lines.every(({ lanes }) => lanes.every((figure) =>
    figure === null || figure.least === figure.most));
  const over = `The whole trace over ${format.plural(seeds, "seed")}`;
  if (exact) return `${over}: exact, nothing in these lanes is left to chance.`;
  return `${over}. ± is half of the 95 % interval of the mean (Student's t); differences are `
    + "paired by seed; ● what no lane is told apart from for the better.";
}
