/** The sheet that says what the page is, and which keys it has; they can be switched off there. */
import { h, part } from "./dom.ts";

const KEYS: [key: string, does: string][] = [
  ["Space", "Play or pause"],
  [".", "Serve one request"],
  ["r", "Restart from the beginning"],
  ["m", "Keep this moment, or let go of it"],
  ["o", "Open a trace"],
  ["← →", "On the cluster: read one node after another; enter chooses it"],
  ["← →", "On the timeline: one request back or on; page up and down, home, end"],
  ["?", "This sheet"],
];

export class HelpSheet {
  readonly #sheet: HTMLDialogElement;
  readonly #switch = h("input", { type: "checkbox", role: "switch", class: "switch" });

  constructor(root: HTMLElement) {
    this.#sheet = part(root, "help");
    part(root, "keys").append(
      ...KEYS.flatMap(([key, does]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, does)]));
    part(root, "keys-switch").append(this.#switch, " Single keys are on");
    part(root, "help-open").addEventListener("click", () => this.open());
  }

  open(): void {
    this.#sheet.showModal();
  }

  /** Whether single keys do something: WCAG 2.1.4 wants them to be a choice. */
  get keysOn(): boolean {
    return this.#switch.checked;
  }

  set keysOn(on: boolean) {
    this.#switch.checked = on;
  }

  onKeysChange(listener: (on: boolean) => void): void {
    this.#switch.addEventListener("change", () => listener(this.keysOn));
  }
}
