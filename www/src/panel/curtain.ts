/** Nothing of the page moves about while it finds its places: it is shown once the first picture of
 *  the first run stands, or as soon as there is something else to say. */
import { runOf, type State } from "../state/state.ts";

/** Pictures until heights that depend on each other have settled. */
const SETTLING = 3;

export class Curtain {
  readonly #root: HTMLElement;
  #left = SETTLING;
  #rises = false;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  render(state: State): void {
    if (this.#rises) return;
    const { frame, failure, load } = runOf(state);
    const other = failure ?? load ?? state.awaited ?? state.notices[0] ?? null;
    const waits = state.setup.view === "run" && state.engine !== "crashed";
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
