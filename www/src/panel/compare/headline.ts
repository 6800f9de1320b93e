/** The headline table: every figure of every lane, the best marked, and the difference to A. */
import type { Comparison, LaneFigure } from "../../engine/protocol.ts";
import { letterOf } from "../../state/lanes.ts";
import { isCompared, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h, part, setAttribute, setText } from "../dom.ts";
import { swatch } from "./multiples.ts";

type Line = Comparison["lines"][number];

interface Cell {
  element: HTMLElement;
  value: HTMLElement;
  best: HTMLElement;
  difference: HTMLElement;
}

export class HeadlinePanel {
  readonly #host: HTMLElement;
  readonly #sentence = h("p", { class: "sentence", "data-part": "sentence" });
  readonly #head = h("tr", {});
  readonly #body = h("tbody", {});
  readonly #which: HTMLElement;
  #shape = "";
  #cells: Cell[][] = [];

  constructor(root: HTMLElement) {
    this.#host = part(root, "compare");
    this.#which = part(root, "which");
    this.#host.append(h("h2", {}, "Side by side"), this.#sentence,
      h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Side by side" },
        h("table", { class: "figures-table headline-table" },
          h("caption", { class: "unseen" }, "Every figure of every lane, and how far it is from A"),
          h("thead", {}, this.#head), this.#body)),
      h("p", { class: "say" }, "● best of its row; below a figure, how far it is from A."));
  }

  render(state: State): void {
    const { comparison } = state;
    const compared = isCompared(state);
    this.#host.hidden = !compared;
    this.#which.hidden = !compared;
    if (!compared) return;
    setText(this.#which, `Details of ${letterOf(state.selected)}`);
    setText(this.#sentence, comparison?.sentence ?? "");
    if (comparison === null) return;
    this.#build(comparison);
    comparison.lines.forEach((line, row) => line.lanes.forEach((figure, lane) =>
      this.#fill(this.#cells[row]![lane]!, line, figure)));
  }

  #build({ lines, names }: Comparison): void {
    const shape = `${names.join("|")} ${lines.map(({ id }) => id).join()}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#head.replaceChildren(h("th", { scope: "col" }, "Figure"), ...names.map((name, lane) =>
      h("th", { scope: "col", title: name }, swatch(letterOf(lane)), letterOf(lane))));
    this.#cells = lines.map(({ id }) => names.map((_, lane) => {
      const best = h("i", { class: "best", hidden: true }, "●", h("span", { class: "unseen" },
        " best"));
      const value = h("span", {});
      const difference = h("small", {});
      const element = h("td", { "data-metric": id, "data-lane": letterOf(lane), "data-value": "" },
        best, value, difference);
      return { element, value, best, difference };
    }));
    this.#body.replaceChildren(...lines.map(({ label }, row) =>
      h("tr", {}, h("th", { scope: "row" }, label), ...this.#cells[row]!.map((it) => it.element))));
  }

  #fill({ element, value, best, difference }: Cell, line: Line, figure: LaneFigure | null): void {
    setAttribute(element, "data-value", figure === null ? "" : String(figure.mean));
    setText(value, figure === null ? "–" : told(line, figure.mean));
    best.hidden = figure?.best !== true;
    setAttribute(element, "data-best", figure?.best === true ? "true" : null);
    const away = figure?.difference?.mean;
    setText(difference, away === undefined ? "" : away === 0 ? "same"
      : format.signed(away, (size) => (line.unit === "share" ? format.points(size)
        : told(line, size))));
  }
}

/** A figure in its unit. */
function told({ unit }: Line, value: number): string {
  switch (unit) {
    case "share":
      return format.share(value);
    case "s":
      return format.seconds(value);
    case "blocks":
      return format.compact(value);
    default:
      return format.value(Number(value.toPrecision(4)));
  }
}
