/** Which view is open. Those beside the run are loaded when one is opened for the first time. */
import type { App } from "../app/app.ts";
import { VIEWS, type ViewName } from "../state/setup.ts";
import type { State } from "../state/state.ts";
import { h, part, setAttribute, setText } from "./dom.ts";
import { sayUnloaded } from "./unloaded.ts";
import type { Views } from "./views/views.ts";

const TITLES: Record<ViewName, [title: string, answers: string]> = {
  run: ["Run", "What happens"],
  plan: ["Plan", "How much cache, which policy"],
  requests: ["Requests", "Why did it go there"],
  trace: ["Trace", "What is in the trace"],
  learn: ["Learn", "One idea at a time, and what others said"],
  ledger: ["Ledger", "The runs that have ended, a row each"],
};

export class Nav {
  readonly #app: App;
  readonly #layout: HTMLElement;
  readonly #buttons: [ViewName, HTMLButtonElement][];
  /** How many rows the ledger has. */
  readonly #count = h("em", {});
  /** Stands where the views will, until they are there. */
  readonly #say = h("p", { role: "status" });
  readonly #place = h("main", { class: "view", tabindex: -1, hidden: true }, this.#say);
  #views: Views | null = null;
  #loading: "no" | "yes" | "failed" = "no";

  constructor(app: App, root: HTMLElement) {
    this.#app = app;
    this.#layout = part(root, "layout");
    this.#layout.after(this.#place);
    this.#buttons = VIEWS.map((name) => [name, h("button", { type: "button", "data-view-of": name,
      title: TITLES[name][1], click: () => this.#open(name) }, TITLES[name][0],
    name === "ledger" ? this.#count : null)]);
    part(root, "views").append(...this.#buttons.map(([, button]) => button));
  }

  render(state: State): void {
    const { view } = state.setup;
    for (const [name, button] of this.#buttons) {
      setAttribute(button, "aria-current", name === view ? "page" : null);
    }
    const { rows } = state.ledger;
    setText(this.#count, rows.length === 0 ? "" : String(rows.length));
    this.#layout.hidden = view !== "run";
    if (view !== "run" && this.#loading === "no") void this.#load();
    this.#place.hidden = view === "run" || this.#views !== null;
    this.#views?.render(state);
  }

  /** What could not be loaded is tried again when somebody asks again, since some browsers do. */
  #open(name: ViewName): void {
    if (this.#loading === "failed") this.#loading = "no";
    this.#app.open(name);
  }

  async #load(): Promise<void> {
    this.#loading = "yes";
    setText(this.#say, "Loading the view…");
    try {
      const [{ Views }] = await Promise.all([import("./views/views.ts"), this.#app.rest.get()]);
      this.#views = new Views(await this.#app.whole(), this.#layout);
      this.#place.remove();
    } catch (error) {
      this.#loading = "failed";
      sayUnloaded(this.#say, "The view", error);
    }
    this.#app.store.set({});
  }
}
