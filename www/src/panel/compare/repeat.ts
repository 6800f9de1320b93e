/** What is left to chance between lanes: the whole trace over seeds, as means with intervals. */
import type { WholeApp } from "../../app/actions.ts";
import { lanesNow } from "../../app/repeat.ts";
import type { Comparison } from "../../engine/protocol.ts";
import { isBusy, type RepeatState } from "../../state/analysis.ts";
import type { State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h, part, setAttribute, setText } from "../dom.ts";
import { Status } from "../views/status.ts";
import { LanesTable } from "./table.ts";

export class RepeatBlock {
  readonly #element: HTMLElement;
  readonly #start: HTMLButtonElement;
  readonly #status: Status;
  readonly #say = h("p", { class: "say", "data-part": "repeat-say" });
  readonly #table = new LanesTable("Every figure of every lane over seeds");
  readonly #result: HTMLElement;
  #drawn: RepeatState | null = null;

  constructor(app: WholeApp, root: HTMLElement) {
    this.#element = part(root, "repeat");
    const seeds = part<HTMLSelectElement>(root, "repeat-seeds");
    this.#start = part<HTMLButtonElement>(root, "repeat-start");
    this.#start.addEventListener("click", () => void app.repeat.start(Number(seeds.value)));
    this.#status = new Status({ unit: "run", again: "Go on", act: () => void app.repeat.resume(),
      cancel: () => app.analysis.cancel("repeat") });
    this.#result = h("div", { hidden: true }, this.#say, this.#table.element);
    this.#element.append(this.#status.element, this.#result);
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
    setAttribute(this.#element, "data-seeds", String(comparison.seeds));
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
