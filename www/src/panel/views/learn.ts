/** The view Learn: one idea at a time, and what others said. */
import type { WholeApp } from "../../app/actions.ts";
import type { StudyRow, Tables } from "../../engine/protocol.ts";
import { FIGURES } from "../../state/scenes.ts";
import { isOwnTrace, sourceName, type State } from "../../state/state.ts";
import { h, setAttribute, setText } from "../dom.ts";

/** The chapters of the book, each a title and a page, where the build has one beside it. */
const CHAPTERS: [title: string, page: string][] = import.meta.env["KVSCOPE_BOOK"] ?? [];

const STUDIES: [kind: StudyRow["kind"], title: string][] = [["figure", "Published figures"],
  ["claim", "Claims of the research notes"], ["peers", "How we know it is right"]];

export class LearnView {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #figures = FIGURES.map(({ title, sentence, link }) =>
    h("a", { class: "panel idea", href: `#${link}` }, h("b", {}, title), h("small", {}, sentence)));
  readonly #where = h("p", { class: "figure-say" });
  readonly #of = h("p", { class: "figure-say" });
  readonly #studies = h("div", {});
  #tables: Tables | null = null;

  constructor(app: WholeApp) {
    this.#app = app;
    this.element = h("main", { class: "view", "data-view": "learn", tabindex: -1,
      "aria-label": "One idea at a time, and what others said" },
    block("figures", "Figures", this.#where, listOf(this.#figures)),
    this.#of, this.#studies,
    CHAPTERS.length === 0 ? null : block("book", "The book", listOf(CHAPTERS.map(([title, page]) =>
      h("a", { class: "panel idea", href: `./book/${page}` }, h("b", {}, title))))));
  }

  render(state: State): void {
    const own = isOwnTrace(state.source);
    for (const link of this.#figures) {
      setAttribute(link, "target", own ? "_blank" : null);
      setAttribute(link, "rel", own ? "noopener" : null);
    }
    // Whoever looks at a trace of their own keeps it.
    const place = own ? "in a tab of its own, and your trace stays here" : "here";
    if (this.#where.dataset["place"] !== place) {
      this.#where.dataset["place"] = place;
      this.#where.replaceChildren("One idea each, as a run with its seed and its moment; it opens "
        + `${place}. `, h("a", { href: "./figures.html" }, "All as pictures, and for pages of "
        + "yours"), ".");
    }
    setText(this.#of, `What follows runs on the trace that is open, ${sourceName(state)}.`);
    if (state.tables !== null && state.tables !== this.#tables) this.#offer(state.tables);
  }

  #offer(tables: Tables): void {
    this.#tables = tables;
    this.#studies.replaceChildren(...STUDIES.map(([kind, title]) =>
      block(kind, title, listOf(tables.studies.filter((row) => row.kind === kind).map((row) =>
        h("button", { type: "button", class: "panel idea", "data-study": row.id,
          click: () => this.#open(row) }, h("b", {}, row.title), h("small", {}, row.summary)))))));
  }

  #open({ id }: StudyRow): void {
    this.#app.study.open(id);
    void this.#app.study.compute();
  }
}

function block(name: string, title: string, ...content: HTMLElement[]): HTMLElement {
  return h("section", { class: "view-block", "data-block": name },
    h("h2", { class: "view-title" }, title), ...content);
}

function listOf(ideas: HTMLElement[]): HTMLElement {
  return h("ul", { class: "ideas" }, ...ideas.map((idea) => h("li", {}, idea)));
}
