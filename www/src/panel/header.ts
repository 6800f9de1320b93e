/** The bar at the top: what is open, and the theme. */
import type { App } from "../app/app.ts";
import { sourceName, wholeTrace, type State, type Theme } from "../state/state.ts";
import * as format from "../text/format.ts";
import { part, setAttribute, setText } from "./dom.ts";

const THEMES: Theme[] = ["system", "light", "dark"];

export class Header {
  readonly #name: HTMLElement;
  readonly #facts: HTMLElement;
  readonly #theme: HTMLElement;

  constructor(app: App, root: HTMLElement) {
    this.#name = part(root, "trace-name");
    this.#facts = part(root, "trace-facts");
    this.#theme = part(root, "theme");
    this.#theme.addEventListener("click", () => {
      const at = THEMES.indexOf(app.store.now.theme);
      app.setTheme(THEMES[(at + 1) % THEMES.length]!);
    });
  }

  render(state: State): void {
    // A trace that a link waits for is what the page is about.
    setText(this.#name, sourceName(state) || state.awaited?.mark?.name || "kvscope");
    setText(this.#facts, factsOf(state));
    setAttribute(this.#name, "title", this.#name.textContent);
    setAttribute(this.#theme, "data-theme-choice", state.theme);
    const label = `Theme: ${state.theme === "system" ? "as the system" : state.theme}`;
    setAttribute(this.#theme, "aria-label", label);
    setAttribute(this.#theme, "title", label);
  }
}

function factsOf(state: State): string {
  const total = wholeTrace(state);
  const requests = total === null ? ""
    : `${total.exact ? "" : "about "}${format.plural(total.requests, "request")}`;
  const kind = state.source?.kind === "workload" ? "built in" : "your trace";
  return state.source === null ? "" : [kind, requests].filter((fact) => fact !== "").join(" · ");
}
