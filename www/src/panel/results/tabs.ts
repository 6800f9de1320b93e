/** Tabs as the WAI-ARIA pattern has them; only the open one is kept up to date. */
import { h, part, setAttribute, setText, uniqueId } from "../dom.ts";
import type { State } from "../../state/state.ts";

export interface TabContent {
  readonly element: HTMLElement;
  render(state: State): void;
  /** Told when it comes to be seen, and when it no longer is. */
  shown?(now: boolean): void;
}

export interface TabPanel extends TabContent {
  readonly id: string;
  readonly title: string;
  /** A count beside the title, or "". */
  badge(state: State): string;
}

export class Tabs {
  readonly #panels: TabPanel[];
  readonly #buttons: HTMLButtonElement[];
  readonly #badges: HTMLElement[];
  #open = 0;
  #seen: State | null = null;

  constructor(root: HTMLElement, panels: TabPanel[]) {
    this.#panels = panels;
    this.#badges = panels.map(() => h("em", {}));
    this.#buttons = panels.map((panel, i) => h("button", {
      type: "button",
      role: "tab",
      id: uniqueId(`tab-${panel.id}`),
      "data-tab": panel.id,
      "aria-controls": uniqueId(`panel-${panel.id}`),
      click: () => this.open(i),
      keydown: (event) => this.#key(event as KeyboardEvent),
    }, panel.title, this.#badges[i]!));
    part(root, "tabs").append(...this.#buttons);
    panels.forEach(({ id, element }, i) => {
      const button = this.#buttons[i]!;
      element.id = button.getAttribute("aria-controls")!;
      element.dataset["panel"] = id;
      element.setAttribute("role", "tabpanel");
      element.setAttribute("aria-labelledby", button.id);
      element.tabIndex = 0;
    });
    part(root, "panels").append(...panels.map(({ element }) => element));
    this.open(0);
  }

  open(index: number): void {
    if (index !== this.#open) this.#panels[this.#open]?.shown?.(false);
    if (index !== this.#open) this.#panels[index]?.shown?.(true);
    this.#open = index;
    this.#buttons.forEach((button, i) => {
      setAttribute(button, "aria-selected", String(i === index));
      button.tabIndex = i === index ? 0 : -1;
    });
    this.#panels.forEach(({ element }, i) => {
      element.hidden = i !== index;
    });
    if (this.#seen !== null) this.#panels[index]?.render(this.#seen);
  }

  openById(id: string): void {
    this.open(Math.max(this.#panels.findIndex((panel) => panel.id === id), 0));
  }

  render(state: State): void {
    this.#seen = state;
    this.#panels.forEach((panel, i) => setText(this.#badges[i]!, panel.badge(state)));
    this.#panels[this.#open]?.render(state);
  }

  #key(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = (this.#open + by + this.#panels.length) % this.#panels.length;
    this.open(next);
    this.#buttons[next]?.focus();
  }
}
