/** Tabs as the WAI-ARIA pattern has them; only the open one is kept up to date. */
import { h, part, setAttribute, setText, uniqueId } from "../dom.ts";
import type { TabName } from "../../state/setup.ts";
import type { State } from "../../state/state.ts";

export interface TabContent {
  readonly element: HTMLElement;
  render(state: State): void;
  /** Told when it comes to be seen, and when it no longer is. */
  shown?(now: boolean): void;
}

export interface TabPanel extends TabContent {
  readonly id: TabName;
  readonly title: string;
  /** A count beside the title, or "". */
  badge(state: State): string;
}

export class Tabs {
  readonly #panels: TabPanel[];
  readonly #buttons: HTMLButtonElement[];
  readonly #badges: HTMLElement[];
  readonly #chose: (id: TabName | "") => void;
  #open = 0;
  #seen: State | null = null;
  /** What the state said was open. */
  #told: TabName | "" = "";

  /** `chose` is told which one somebody opened; "" is the first. */
  constructor(root: HTMLElement, panels: TabPanel[], chose: (id: TabName | "") => void) {
    this.#panels = panels;
    this.#chose = chose;
    this.#badges = panels.map(() => h("em", {}));
    this.#buttons = panels.map((panel, i) => h("button", {
      type: "button",
      role: "tab",
      id: uniqueId(`tab-${panel.id}`),
      "data-tab": panel.id,
      "aria-controls": uniqueId(`panel-${panel.id}`),
      click: () => this.#choose(i),
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
    this.#show(0);
  }

  #show(index: number): void {
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

  openById(id: TabName): void {
    this.#choose(this.#indexOf(id));
  }

  render(state: State): void {
    this.#seen = state;
    const { tab } = state.setup;
    if (tab !== this.#told) this.#show(this.#indexOf(tab));
    this.#told = tab;
    this.#panels.forEach((panel, i) => setText(this.#badges[i]!, panel.badge(state)));
    this.#panels[this.#open]?.render(state);
  }

  #indexOf(id: TabName | ""): number {
    return Math.max(this.#panels.findIndex((panel) => panel.id === id), 0);
  }

  #choose(index: number): void {
    this.#show(index);
    this.#told = index === 0 ? "" : this.#panels[index]!.id;
    this.#chose(this.#told);
  }

  #key(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = (this.#open + by + this.#panels.length) % this.#panels.length;
    this.#choose(next);
    this.#buttons[next]?.focus();
  }
}
