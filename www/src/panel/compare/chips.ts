/** The lanes by name: whose settings and details are shown, one more, one less. */
import type { App } from "../../app/app.ts";
import { MOST_LANES, letterOf } from "../../state/lanes.ts";
import { isCompared, type State } from "../../state/state.ts";
import { h, part, setAttribute, setText } from "../dom.ts";
import { laneName, shortName, swatch } from "./multiples.ts";

interface Chip {
  element: HTMLElement;
  choose: HTMLButtonElement;
  name: HTMLElement;
}

export class LaneChips {
  readonly #app: App;
  readonly #root: HTMLElement;
  readonly #list = h("div", { class: "chips", role: "group", "aria-label": "Lanes" });
  readonly #add: HTMLButtonElement;
  #chips: Chip[] = [];

  constructor(app: App, root: HTMLElement) {
    this.#app = app;
    this.#root = root;
    this.#add = h("button", { type: "button", class: "button", "data-part": "compare-with",
      click: () => this.#more() });
    part(root, "lanes").append(this.#list, this.#add);
  }

  render(state: State): void {
    const count = isCompared(state) ? state.lanes.length : 0;
    const { tables, setup } = state;
    setText(this.#add, count === 0 ? "Compare with…" : "+ add");
    setAttribute(this.#add, "title", "The same trace on one cluster more, side by side");
    this.#add.disabled = tables === null;
    this.#add.hidden = setup.others.length + 1 >= MOST_LANES;
    setAttribute(part(this.#root, "layout"), "data-compared", count === 0 ? null : String(count));
    const edits = part(this.#root, "edits");
    edits.hidden = count === 0;
    setText(edits, `Settings of ${letterOf(state.selected)}. Clock, seed and window are those of `
      + "all lanes.");
    while (this.#chips.length > count) this.#chips.pop()!.element.remove();
    while (this.#chips.length < count) this.#chips.push(this.#chip(this.#chips.length));
    this.#chips.forEach(({ element, choose, name }, lane) => {
      setText(name, shortName(state, lane));
      setAttribute(name, "title", laneName(state, lane));
      setAttribute(choose, "aria-pressed", String(lane === state.selected));
      setAttribute(element, "data-selected", String(lane === state.selected));
    });
  }

  /** The menu that tells the new lane from the others is at hand at once. */
  #more(): void {
    this.#app.compare.add();
    const menu = this.#root.querySelector<HTMLElement>('[data-choice="router"]');
    if (menu?.offsetParent) menu.focus();
  }

  #chip(lane: number): Chip {
    const letter = letterOf(lane);
    const name = h("span", {});
    const choose = h("button", { type: "button", class: "chip-name", "data-chip": letter,
      title: "Show its settings and details", click: () => this.#app.compare.select(lane) },
    swatch(letter), h("b", {}, letter), name);
    const remove = h("button", { type: "button", class: "chip-less",
      "aria-label": `Leave lane ${letter} out`, title: `Leave lane ${letter} out`,
      click: () => this.#app.compare.remove(lane) }, "×");
    const element = h("span", { class: "lane-chip" }, choose, remove);
    this.#list.append(element);
    return { element, choose, name };
  }
}
