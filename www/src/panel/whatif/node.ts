/** What can be done to one node, by what it is now. */
import type { WholeApp } from "../../app/actions.ts";
import { joinedNodes } from "../../draw/cluster/view.ts";
import { ALIVE, DEAD, DRAINING, NODE_STATES, type Frame } from "../../engine/protocol.ts";
import { isCompared, runOf, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h, setAttribute, setText } from "../dom.ts";
import { offer } from "./offer.ts";

interface Act {
  id: string;
  label: string;
  /** The states in which it can be done. */
  when: number[];
}

const ACTS: Act[] = [
  { id: "kill", label: "Kill", when: [ALIVE, DRAINING] },
  { id: "drain", label: "Drain", when: [ALIVE] },
  { id: "heal", label: "Heal", when: [DRAINING, DEAD] },
];

export class NodeActions {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #pick: HTMLSelectElement | null;
  readonly #name = h("b", {});
  readonly #state = h("span", { class: "node-state" });
  readonly #figures = h("span", { class: "node-figures" });
  readonly #where = h("span", { class: "node-figures", hidden: true }, "· done in every lane");
  readonly #buttons: [Act, HTMLButtonElement][];
  readonly #factor: HTMLInputElement;
  readonly #slow: HTMLButtonElement;
  readonly #normal: HTMLButtonElement;
  #nodes = -1;

  /** `picks`: with a menu of the nodes, where the other has a button that closes it. */
  constructor(app: WholeApp, picks: boolean) {
    this.#app = app;
    this.#pick = picks ? h("select", { "data-part": "what-if-node", "aria-label": "Node",
      change: () => app.whatIf.choose(Number(this.#pick!.value)) }) : null;
    this.#buttons = ACTS.map((act) => [act, this.#button(act.id, act.label, () =>
      this.#do(act.id))]);
    this.#factor = h("input", { type: "number", min: 0.1, max: 100, step: "any", value: 4,
      "aria-label": "How many times as slow", "data-part": "slow-factor" });
    this.#slow = this.#button("slow", "Slow ×", () =>
      this.#do("slow", Number(this.#factor.value)));
    this.#normal = this.#button("normal", "Full speed", () => this.#do("slow", 1));
    const close = h("button", { type: "button", class: "chip-less", "aria-label": "Close",
      "data-part": "node-close", click: () => app.whatIf.choose(null) }, "×");
    this.element = h("div", { class: picks ? "node-actions" : "node-actions in-bar" },
      h("span", { class: "node-head" }, this.#pick ?? this.#name, this.#state, this.#figures,
        this.#where),
      h("span", { class: "acts" }, ...this.#buttons.map(([, button]) => button),
        h("span", { class: "with-value" }, this.#slow, this.#factor), this.#normal),
      picks ? null : close);
  }

  render(state: State): void {
    const { frame } = runOf(state);
    if (frame === null) return;
    const node = this.#node(state, frame);
    this.#names(frame, node);
    const now = frame.nodes.state[node] ?? ALIVE;
    const slow = frame.nodes.slow[node] ?? 1;
    const word = NODE_STATES[now] ?? "";
    setText(this.#state, slow === 1 || now === DEAD ? word : `${word} · × ${slow}`);
    setAttribute(this.#state, "data-state", word);
    setText(this.#figures, figuresOf(frame, node));
    this.#where.hidden = !isCompared(state);
    const rests = state.seeking || frame.done;
    for (const [act, button] of this.#buttons) {
      button.hidden = !act.when.includes(now);
      offer(state, act.id, button, rests);
    }
    for (const control of [this.#slow, this.#factor]) offer(state, "slow", control, rests);
    this.#normal.hidden = slow === 1;
    this.#normal.disabled = rests;
  }

  #button(id: string, label: string, click: () => void): HTMLButtonElement {
    return h("button", { type: "button", class: "small", "data-act": id, click }, label);
  }

  #names(frame: Frame, node: number): void {
    setText(this.#name, `Node ${node}`);
    const count = joinedNodes(frame);
    if (this.#pick !== null && count !== this.#nodes) {
      this.#nodes = count;
      this.#pick.replaceChildren(...Array.from({ length: count }, (_, i) =>
        h("option", { value: i }, `Node ${i}`)));
    }
    if (this.#pick !== null) this.#pick.value = String(node);
  }

  /** The chosen one, or the first. */
  #node({ node }: State, frame: Frame): number {
    return Math.min(node ?? 0, joinedNodes(frame) - 1);
  }

  #do(what: string, factor?: number): void {
    const { now } = this.#app.store;
    const { frame } = runOf(now);
    if (frame === null || Number.isNaN(factor)) return;
    const node = this.#node(now, frame);
    this.#app.change.do(factor === undefined ? `${what}:${node}` : `${what}:${node}:${factor}`);
  }
}

function figuresOf({ nodes, totals }: Frame, node: number): string {
  const queue = totals.ttft === undefined ? ""
    : ` · ${format.integer(nodes.queue[node] ?? 0)} waiting`;
  return `${format.plural(nodes.resident[node] ?? 0, "block")}${queue}`;
}
