/** The picture in figures: the nodes of each lane, below its letter and its name. */
import type { LiveApp } from "../app/live.ts";
import { shortName, swatch } from "../panel/compare/multiples.ts";
import { h, setText } from "../panel/dom.ts";
import { NodesPanel } from "../panel/results/nodes.ts";
import { letterOf } from "../state/lanes.ts";
import { isCompared, type State } from "../state/state.ts";

interface Table {
  nodes: NodesPanel;
  head: HTMLElement;
  name: HTMLElement;
}

export class Tables {
  readonly #app: LiveApp;
  readonly #host: HTMLElement;
  #tables: Table[] = [];

  constructor(app: LiveApp, host: HTMLElement) {
    this.#app = app;
    this.#host = host;
  }

  render(state: State): void {
    const count = state.lanes.length;
    if (count !== this.#tables.length) this.#build(count);
    this.#tables.forEach(({ nodes, head, name }, lane) => {
      head.hidden = !isCompared(state);
      setText(name, shortName(state, lane));
      nodes.render(state);
    });
  }

  #build(count: number): void {
    this.#tables = Array.from({ length: count }, (_, lane) => {
      const letter = letterOf(lane);
      const name = h("span", {});
      const head = h("p", { class: "whose" }, swatch(letter), h("b", {}, letter), name);
      return { nodes: new NodesPanel(this.#app, lane), head, name };
    });
    this.#host.replaceChildren(...this.#tables.flatMap(({ head, nodes }) => [head, nodes.element]));
  }
}
