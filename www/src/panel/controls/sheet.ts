/** On a narrow screen the controls are a sheet that comes up from below. */
import { part, setAttribute, uniqueId } from "../dom.ts";

export class ControlsSheet {
  readonly #controls: HTMLElement;
  readonly #button: HTMLElement;
  readonly #close: HTMLElement;
  readonly #backdrop: HTMLElement;
  readonly #behind: HTMLElement[];
  #narrow = false;

  constructor(root: HTMLElement) {
    this.#controls = part(root, "controls");
    this.#button = part(root, "controls-open");
    this.#close = part(root, "controls-close");
    this.#backdrop = part(root, "backdrop");
    this.#behind = [...root.querySelectorAll<HTMLElement>(".top, .centre, .right")];
    this.#controls.id = uniqueId("controls");
    setAttribute(this.#button, "aria-controls", this.#controls.id);
    this.#button.addEventListener("click", () => this.#show(true));
    for (const element of [this.#close, this.#backdrop]) {
      element.addEventListener("click", () => this.#hide());
    }
    this.#controls.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.#backdrop.hidden) return;
      // Whoever else takes the key would let go of a node.
      event.stopPropagation();
      this.#hide();
    });
    this.#show(false);
  }

  setNarrow(narrow: boolean): void {
    this.#narrow = narrow;
    this.#show(false);
  }

  /** Brings whoever asks for them to the controls. */
  show(): void {
    if (this.#narrow) return this.#show(true);
    const all = this.#controls.querySelectorAll<HTMLElement>("summary, select, input");
    [...all].find((one) => one.checkVisibility())?.focus();
  }

  #show(open: boolean): void {
    const shown = this.#narrow && open;
    this.#controls.classList.toggle("open", shown);
    this.#controls.inert = this.#narrow && !open;
    this.#backdrop.hidden = !shown;
    // Where it is clicked beside its settings it keeps the focus.
    setAttribute(this.#controls, "tabindex", shown ? "-1" : null);
    // What it covers takes neither keys nor focus.
    for (const behind of this.#behind) behind.inert = shown;
    setAttribute(this.#button, "aria-expanded", String(shown));
    if (shown) this.#close.focus();
  }

  #hide(): void {
    this.#show(false);
    this.#button.focus();
  }
}
