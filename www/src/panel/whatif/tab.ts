/** The tab What if, and the bar of the node that was chosen: loaded when somebody wants either. */
import type { App } from "../../app/app.ts";
import { runOf, type State } from "../../state/state.ts";
import { h, part } from "../dom.ts";
import type { TabPanel } from "../results/tabs.ts";
import { sayUnloaded } from "../unloaded.ts";
import type { WhatIf } from "./whatif.ts";

export class WhatIfTab implements TabPanel {
  readonly id = "what-if";
  readonly title = "What if";
  /** Under the cluster, while a node is chosen. */
  readonly bar = { render: (state: State): void => this.#renderBar(state) };
  readonly #say = h("p", { class: "say", role: "status" }, "Loading…");
  readonly element = h("div", {}, this.#say);
  readonly #app: App;
  readonly #place: HTMLElement;
  #content: WhatIf | null = null;
  #loading = false;

  constructor(app: App, root: HTMLElement) {
    this.#app = app;
    this.#place = part(root, "node-bar");
  }

  badge(state: State): string {
    const count = runOf(state).perturbed?.events.length ?? 0;
    return count === 0 ? "" : String(count);
  }

  shown(now: boolean): void {
    if (!now) return;
    if (this.#content === null) void this.#load();
    this.#app.whatIf.askHottest();
  }

  render(state: State): void {
    this.#content?.renderPanel(state);
  }

  #renderBar(state: State): void {
    if (state.node !== null && this.#content === null) void this.#load();
    this.#content?.renderBar(state);
    this.#place.hidden = state.node === null || this.#content === null;
  }

  /** What could not be loaded is tried again when somebody asks again, since some browsers do. */
  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      const [{ WhatIf }] = await Promise.all([import("./whatif.ts"), this.#app.rest.get()]);
      this.#content = new WhatIf(await this.#app.whole(), this.#place);
      this.element.replaceChildren(this.#content.element);
    } catch (error) {
      sayUnloaded(this.#say, "This", error);
      this.#app.whatIf.choose(null);
    }
    this.#loading = false;
    this.#app.store.set({});
  }
}
