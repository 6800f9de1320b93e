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
  /** What the most used blocks were asked of. */
  #asked = "";

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
    this.#asked = "";
  }

  render(state: State): void {
    this.#askHottest(state);
    this.#content?.renderPanel(state);
  }

  /** Wherever the run rests, and while it plays each time that it has served twice as much: what
   *  somebody chooses from does not change under their hand. */
  #askHottest(state: State): void {
    const { job, frame } = runOf(state);
    if (state.seeking || frame === null || frame.requests === 0) return;
    const at = state.playing ? `in ${Math.floor(Math.log2(frame.requests))}` : frame.requests;
    const of = `${job} ${state.selected} ${at}`;
    if (of === this.#asked) return;
    this.#asked = of;
    this.#app.whatIf.askHottest();
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
