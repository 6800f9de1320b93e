/** Small multiples: a card a lane with its cluster and the figures that matter first. */
import type { LiveApp } from "../../app/live.ts";
import { HEADLINE, type HeadlineRow } from "../../state/headline.ts";
import { inShort, letterOf } from "../../state/lanes.ts";
import { chosenRow } from "../../state/setup.ts";
import { isCompared, type State } from "../../state/state.ts";
import { h, setAttribute, setFigure, setText } from "../dom.ts";
import { Picture, type PictureOptions } from "../picture.ts";

interface Card {
  element: HTMLElement;
  box: HTMLElement;
  /** The least that it has been given, in CSS pixels. */
  height: number;
  picture: Picture;
  name: HTMLElement;
  figures: Figure[];
}

interface Figure extends HeadlineRow {
  element: HTMLElement;
  value: HTMLElement;
}

/** No scrolling for so long is where it came to rest. */
const SETTLED_MS = 150;

export class Multiples {
  readonly #app: LiveApp;
  readonly #host: HTMLElement;
  readonly #options: PictureOptions;
  #cards: Card[] = [];

  constructor(app: LiveApp, host: HTMLElement, options: PictureOptions) {
    this.#app = app;
    this.#host = host;
    this.#options = options;
    let swiped: ReturnType<typeof setTimeout>;
    host.addEventListener("scroll", () => {
      clearTimeout(swiped);
      swiped = setTimeout(() => this.#selectSeen(), SETTLED_MS);
    }, { passive: true });
  }

  render(state: State): void {
    const count = isCompared(state) ? state.lanes.length : 0;
    this.#host.hidden = count === 0;
    setAttribute(this.#host, "data-lanes", String(count));
    while (this.#cards.length > count) this.#close(this.#cards.pop()!);
    while (this.#cards.length < count) this.#cards.push(this.#open(this.#cards.length));
    this.#cards.forEach((card, lane) => this.#fill(card, lane, state));
    this.follow(state);
  }

  /** The pictures alone take in what is new of the run. */
  follow(state: State): void {
    for (const [lane, card] of this.#cards.entries()) {
      const run = state.lanes[lane];
      if (run === undefined) continue;
      card.picture.render(run, state);
      const height = card.picture.height();
      if (height === null) continue;
      if (height !== card.height) card.box.style.setProperty("min-height", `${height}px`);
      card.height = height;
    }
  }

  theme(): void {
    for (const { picture } of this.#cards) picture.theme();
  }

  /** Where lanes are cards that one swipes, settings are those of the one in sight. */
  #selectSeen(): void {
    const { scrollLeft, scrollWidth, clientWidth } = this.#host;
    if (scrollWidth <= clientWidth) return;
    const away = this.#cards.map(({ element }) =>
      Math.abs(element.offsetLeft - this.#cards[0]!.element.offsetLeft - scrollLeft));
    this.#app.compare.select(away.indexOf(Math.min(...away)));
  }

  #open(lane: number): Card {
    const letter = letterOf(lane);
    const canvas = h("canvas", { role: "img", tabindex: 0,
      "aria-label": `Cluster ${letter}, before its first request.` });
    const tip = h("div", { class: "tip", hidden: true });
    const box = h("div", { class: "lane-box" }, canvas, tip);
    const name = h("b", {});
    const figures = HEADLINE.map((row) => {
      const value = h("b", { "data-value": "" });
      const element = h("span", { class: "lane-figure" }, h("small", {}, row.title), value);
      return { ...row, element, value };
    });
    const element = h("section", { class: "lane-card", "data-lane": letter,
      "aria-label": `Cluster ${letter}` },
    h("button", { type: "button", class: "lane-head", title: "Show its details and settings",
      click: () => this.#app.compare.select(lane) }, swatch(letter), h("i", {}, letter), name),
    h("div", { class: "lane-figures" }, ...figures.map((figure) => figure.element)), box);
    this.#host.append(element);
    const onChoose = (node: number | null): void => {
      this.#app.compare.select(lane);
      this.#options.onChoose(node);
    };
    const picture = new Picture(canvas, tip, { ...this.#options, onChoose });
    return { element, box, height: 0, picture, name, figures };
  }

  #close({ element, picture }: Card): void {
    picture.close();
    element.remove();
  }

  #fill({ element, picture, name, figures }: Card, lane: number, state: State): void {
    const run = state.lanes[lane];
    if (run === undefined) return;
    setAttribute(element, "data-selected", String(lane === state.selected));
    setText(name, shortName(state, lane));
    setAttribute(name, "title", laneName(state, lane));
    const { frame } = run;
    picture.choose(lane === state.selected ? state.node : null);
    for (const { element: tile, value, exact, shown } of figures) {
      const known = frame === null || frame.requests === 0 ? null
        : exact(frame, state.setup.scope);
      tile.hidden = known === null;
      setFigure(value, known === null ? "–" : shown(known), known ?? "");
    }
  }
}

/** The line that stands for a lane in the strips. */
export function swatch(letter: string): HTMLElement {
  return h("span", { class: "kvs-key", "data-key": `lane-${letter.toLowerCase()}`,
    "aria-hidden": "true" });
}

/** What a lane is called where people read it; the whole of it belongs into its title. */
export function shortName(state: State, lane: number): string {
  const name = laneName(state, lane);
  return state.comparison === null ? name : inShort(name, state.comparison);
}

/** What a lane is called: what it differs in, or its router while nothing differs. */
export function laneName(state: State, lane: number): string {
  const told = state.comparison?.names[lane] ?? "";
  if (told !== "") return told;
  const run = state.lanes[lane];
  const { tables } = state;
  if (run === undefined || tables === null) return "";
  return chosenRow(tables, "router", run.config)?.id ?? "";
}
