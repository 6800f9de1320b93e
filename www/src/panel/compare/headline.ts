/** Lanes beside each other so far, and the whole trace over seeds. */
import type { App } from "../../app/app.ts";
import { isCompared, runOf, type State } from "../../state/state.ts";
import { h, part, setText } from "../dom.ts";
import { letterOf } from "../../state/lanes.ts";
import { RepeatBlock } from "./repeat.ts";
import { LanesTable } from "./table.ts";

export class HeadlinePanel {
  readonly #host: HTMLElement;
  readonly #sentence = h("p", { class: "sentence", "data-part": "sentence" });
  readonly #table = new LanesTable("Every figure of every lane, and how far it is from A");
  readonly #repeat: RepeatBlock;
  readonly #which: HTMLElement;

  constructor(app: App, root: HTMLElement) {
    this.#host = part(root, "compare");
    this.#which = part(root, "which");
    this.#repeat = new RepeatBlock(app);
    this.#host.append(h("h2", {}, "Side by side"), this.#sentence, this.#table.element,
      h("p", { class: "say" }, "● best of its row, where it is a goal; below a figure, how far it "
        + "is from A."),
      this.#repeat.element);
  }

  render(state: State): void {
    const { comparison } = state;
    const { frame } = runOf(state);
    // Of nothing that was served there are no figures.
    const compared = isCompared(state) && !(frame?.done && frame.requests === 0);
    this.#host.hidden = !compared;
    this.#which.hidden = !compared;
    if (!compared) return;
    setText(this.#which, `Details of ${letterOf(state.selected)}`);
    setText(this.#sentence, comparison?.sentence ?? "");
    if (comparison !== null) this.#table.render(comparison);
    this.#repeat.render(state);
  }
}
