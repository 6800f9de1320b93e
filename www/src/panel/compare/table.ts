/** A table of every figure of every lane: the best of a row marked, and the difference to A. */
import type { Comparison, LaneFigure } from "../../engine/protocol.ts";
import { letterOf } from "../../state/lanes.ts";
import * as format from "../../text/format.ts";
import { h, setAttribute, setText } from "../dom.ts";
import { swatch } from "./multiples.ts";

type Line = Comparison["lines"][number];
type Mean = NonNullable<LaneFigure["difference"]>;

interface Cell {
  element: HTMLElement;
  value: HTMLElement;
  best: HTMLElement;
  difference: HTMLElement;
}

export class LanesTable {
  readonly element: HTMLElement;
  readonly #head = h("tr", {});
  readonly #body = h("tbody", {});
  #shape = "";
  #cells: Cell[][] = [];

  constructor(caption: string) {
    this.element = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
      h("table", { class: "figures-table headline-table" },
        h("caption", { class: "unseen" }, caption), h("thead", {}, this.#head), this.#body));
  }

  /** Takes in a part of the rows, from 0 to 1, or all of them. */
  render(comparison: Comparison, from = 0, to = 1): void {
    this.#build(comparison);
    const { lines } = comparison;
    for (let row = Math.round(from * lines.length); row < Math.round(to * lines.length); row += 1) {
      const line = lines[row]!;
      const shown = line.lanes.map((figure) => textOf(line, figure));
      // What cannot be told apart as it is shown has no best either.
      const isLevel = shown.every((text) => text === shown[0]);
      line.lanes.forEach((figure, lane) => fill(this.#cells[row]![lane]!, line, figure,
        shown[lane]!, !isLevel && figure?.best === true));
    }
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
      h("tr", {}, h("th", { scope: "row" }, label, ofWhat(lines[row]!)),
        ...this.#cells[row]!.map((it) => it.element))));
  }
}

function fill({ element, value, best, difference }: Cell, line: Line, figure: LaneFigure | null,
  text: string, isBest: boolean): void {
  setAttribute(element, "data-value", figure === null ? "" : String(figure.mean));
  setText(value, text);
  best.hidden = !isBest;
  setAttribute(element, "data-best", isBest ? "true" : null);
  const away = figure?.difference ?? null;
  setText(difference, away === null ? "" : differenceOf(line, away));
}

function textOf(line: Line, figure: LaneFigure | null): string {
  return figure === null ? "–" : told(line, figure.mean)
    + halfWidth(figure, (it) => told(line, it));
}

/** How far a lane is from A: of shares in points, and so is its interval. */
export function differenceOf(line: Line, away: Mean): string {
  if (away.least === 0 && away.most === 0) return "same";
  const size = (it: number) => (line.unit === "share" ? format.points(it) : told(line, it));
  return format.signed(away.mean, size) + halfWidth(away, size);
}

/** Half of the 95 % interval; nothing where there is one seed or where chance changes nothing. */
function halfWidth({ half_width, least, most }: Mean, size: (it: number) => string): string {
  return half_width === null || least === most ? "" : ` ± ${size(half_width)}`;
}

/** What comes so often, where the name of a rate does not say it. */
function ofWhat({ unit }: Line): HTMLElement | null {
  return unit === "1/s" ? h("small", {}, "requests inside SLO") : null;
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
    case "1/s":
      return format.rate(value);
    default:
      return format.value(Number(value.toPrecision(4)));
  }
}
