/** The sheet that says what the page is, and which keys it has; they can be switched off there. */
import { dialog } from "./dialog.ts";
import { h, part } from "./dom.ts";

const KEYS: [key: string, does: string][] = [
  ["Space", "Play or pause"],
  [".", "Serve one request"],
  ["r", "Restart from the beginning"],
  ["m", "Keep this moment, or let go of it"],
  ["Esc", "Let go of the node that was chosen"],
  ["o", "Open a trace"],
  ["← →", "On the cluster: read one node after another; enter chooses it"],
  ["← →", "On the timeline: one request back or on; page up and down, home, end"],
  ["?", "This sheet"],
];

const MARKS: [mark: string, means: string][] = [
  ["prefix ■ 98 %", "A hot prefix: its colour and sign on requests and in caches, and its part of "
    + "all requests. Grey is in none"],
  ["● ◔ ○", "A request whose leading blocks were all cached where it went, a part of them, none"],
  ["Bar and tick", "A node's share of work, and its fair share; orange from 1.5 times that on, and "
    + "from twice that on the frame, too"],
  ["Dots over a card", "Requests that wait or are computed, with time; many are a number"],
];

export class HelpSheet {
  readonly #sheet: HTMLDialogElement;
  readonly #switch = h("input", { type: "checkbox", role: "switch", class: "switch" });

  /** `keysOn`: whether single keys do something, which WCAG 2.1.4 wants to be a choice. */
  constructor(root: HTMLElement, keysOn: boolean, onChange: (on: boolean) => void) {
    this.#switch.checked = keysOn;
    this.#switch.addEventListener("change", () => onChange(this.#switch.checked));
    this.#sheet = dialog("help", "What you are looking at",
      h("p", {}, "Requests of a serving trace arrive at a router, which picks one of several "
        + "prefill nodes. Each node keeps blocks of KV cache; a request whose leading blocks are "
        + "already there skips that part of its prefill. Change a policy on the left and the same "
        + "requests run again."),
      h("dl", { "data-part": "keys", class: "keys" }, ...KEYS.flatMap(([key, does]) =>
        [h("dt", {}, h("kbd", {}, key)), h("dd", {}, does)])),
      h("dl", { "data-part": "marks", class: "keys" }, ...MARKS.flatMap(([mark, means]) =>
        [h("dt", {}, mark), h("dd", {}, means)])),
      h("label", { "data-part": "keys-switch", class: "keys-switch" },
        this.#switch, " Single keys are on"));
    root.append(this.#sheet);
    part(root, "help-open").addEventListener("click", () => this.open());
  }

  open(): void {
    this.#sheet.showModal();
  }
}
