/** A part of the page that could not be loaded. Browsers keep such a failure as long as the page
 *  stays, so that only the page loaded again has it; what is chosen stands in its address. */
import type { State } from "../state/state.ts";
import { h, part } from "./dom.ts";

export function sayUnloaded(place: HTMLElement, what: string, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  place.replaceChildren(`${what} could not be loaded: ${why}. `,
    h("button", { type: "button", class: "button", "data-act": "load-again" },
      "Load the page again"));
}

/** Says over the stage that the rest of the page could not be loaded, until it is there. */
export class Unloaded {
  readonly #host: HTMLElement;
  readonly #say = h("div", { class: "card bad", role: "alert", "data-notice": "unloaded" });
  #said = "";

  constructor(root: HTMLElement) {
    this.#host = part(root, "notice");
  }

  render({ unloaded }: State): void {
    if (unloaded === "") return this.#say.remove();
    if (unloaded === this.#said && this.#say.isConnected) return;
    this.#said = unloaded;
    sayUnloaded(this.#say, "The rest of the page", new Error(unloaded));
    this.#host.append(this.#say);
    this.#host.hidden = false;
  }
}
