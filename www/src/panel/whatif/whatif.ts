/** What if: what can be done to the cluster now, what was done, and what came of it. */
import "../../style/whatif.css";
import type { WholeApp } from "../../app/actions.ts";
import type { State } from "../../state/state.ts";
import { h, setText } from "../dom.ts";
import { ClusterForms } from "./forms.ts";
import { DoneList } from "./list.ts";
import { NodeActions } from "./node.ts";

export class WhatIf {
  readonly element: HTMLElement;
  readonly #here: NodeActions;
  readonly #bar: NodeActions;
  readonly #forms: ClusterForms;
  readonly #list: DoneList;
  readonly #why = h("p", { class: "say" });

  constructor(app: WholeApp, bar: HTMLElement) {
    this.#here = new NodeActions(app, true);
    this.#bar = new NodeActions(app, false);
    bar.append(this.#bar.element);
    this.#forms = new ClusterForms(app);
    this.#list = new DoneList(app);
    this.element = h("div", { class: "what-if" }, this.#why, this.#here.element,
      this.#forms.element, this.#list.element);
  }

  renderPanel(state: State): void {
    setText(this.#why, sayOf(state));
    this.#here.render(state);
    this.#forms.render(state);
    this.#list.render(state);
  }

  renderBar(state: State): void {
    this.#bar.render(state);
  }
}

function sayOf({ lanes, selected, seeking }: State): string {
  const { frame } = lanes[selected] ?? lanes[0];
  if (frame?.done) return "The run is over. Go back on the timeline to do something there.";
  if (seeking) return "On the way to that moment…";
  return "Done before the next request is routed, on the same trace; the link, a replay and the "
    + "command line have it too.";
}
