/** A part of the page that could not be loaded. Browsers keep such a failure as long as the page
 *  stays, so that only the page loaded again has it; what is chosen stands in its address. */
import { h } from "./dom.ts";

export function sayUnloaded(place: HTMLElement, what: string, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  place.replaceChildren(`${what} could not be loaded: ${why}. `,
    h("button", { type: "button", class: "button", "data-act": "load-again" },
      "Load the page again"));
}
