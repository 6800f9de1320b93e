/** Nothing of the page moves about while it finds its places: it is shown once the first picture of
 *  the first run stands, or as soon as there is something else to say. */
import { asksForMore, runOf, type State } from "../state/state.ts";

/** Pictures until heights that depend on each other have settled. */
const SETTLING = 3;

export class Curtain {
  readonly #root: HTMLElement;
  readonly #isThere: () => boolean;
  #left = SETTLING;
  #rises = false;

  /** `isThere`: whether the rest of the page is. */
  constructor(root: HTMLElement, isThere: () => boolean) {
    this.#root = root;
    this.#isThere = isThere;
  }

  render(state: State): void {
    if (this.#rises) return;
    const { frame, failure, load } = runOf(state);
    const other = failure ?? load ?? state.awaited ?? state.notices[0] ?? null;
    const waits = state.setup.view === "run" && state.engine !== "crashed"
      && state.unloaded === "";
    // What there is to say comes with the rest of the page.
    if (asksForMore(state) && !this.#isThere() && waits) return;
    if (frame === null && other === null && waits) return;
    this.#rises = true;
    this.#rise();
  }

  #rise(): void {
    this.#left -= 1;
    if (this.#left < 0) this.#root.removeAttribute("data-starting");
    else requestAnimationFrame(() => this.#rise());
  }
}
