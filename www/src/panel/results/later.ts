/** A tab whose content comes with the rest of the page. */
import type { App } from "../../app/app.ts";
import type { TabName } from "../../state/setup.ts";
import type { State } from "../../state/state.ts";
import { h } from "../dom.ts";
import type { TabContent, TabPanel } from "./tabs.ts";

export class LaterTab implements TabPanel {
  readonly id: TabName;
  readonly title: string;
  readonly element = h("div", {}, h("p", { class: "say", role: "status" }, "Loading…"));
  readonly badge: (state: State) => string;
  readonly #app: App;
  #content: TabContent | null = null;
  #shown = false;

  constructor(app: App, id: TabName, title: string, badge: (state: State) => string = () => "") {
    this.#app = app;
    this.id = id;
    this.title = title;
    this.badge = badge;
  }

  fill(content: TabContent): void {
    this.#content = content;
    this.element.replaceChildren(content.element);
    if (this.#shown) content.shown?.(true);
  }

  shown(now: boolean): void {
    this.#shown = now;
    if (this.#content === null && now) void this.#app.need();
    this.#content?.shown?.(now);
  }

  render(state: State): void {
    this.#content?.render(state);
  }
}
