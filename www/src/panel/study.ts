/** A study on the trace that is loaded: a published figure beside what comes out here. */
import type { App } from "../app/app.ts";
import { byId, h, setText } from "./dom.ts";
import type { Study, StudyRow } from "../engine/protocol.ts";
import { sourceName, type State } from "../state/state.ts";

export class StudySheet {
  readonly #app: App;
  readonly #sheet = byId<HTMLDialogElement>("study");
  readonly #title = byId("study-title");
  readonly #say = byId("study-say");
  readonly #result = byId("study-result");
  #drawn: State["study"] = null;

  constructor(app: App) {
    this.#app = app;
    byId("study-close").addEventListener("click", () => this.#sheet.close());
    this.#sheet.addEventListener("click", (event) => {
      if (event.target === this.#sheet) this.#sheet.close();
    });
  }

  open(row: StudyRow): void {
    setText(this.#title, row.title);
    this.#sheet.showModal();
    this.#app.study(row.id);
  }

  render(state: State): void {
    const { study } = state;
    if (!this.#sheet.open || study === this.#drawn) return;
    this.#drawn = study;
    // Another run has begun, or it failed: what stood here is of a trace that is gone.
    if (study === null) this.#sheet.close();
    setText(this.#say, study === null || study === "computing"
      ? `Serving ${sourceName(state)} from its beginning in every cell: some seconds.`
      : `On ${sourceName(state)}: ${study.verdict}. Another trace gives other figures.`);
    this.#result.replaceChildren(...(study === null || study === "computing" ? []
      : [...study.tables.map(tableOf), factsOf(study)]));
  }
}

function tableOf({ title, columns, rows }: Study["tables"][number]): HTMLElement {
  const values = columns.slice(1);
  return h("table", { class: "figures-table" },
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, ...columns.map(({ name }) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...rows.map((row) => h("tr", {},
      h("th", { scope: "row" }, row.name),
      ...row.values.map((value, i) =>
        h("td", { "data-value": value }, written(value, values[i]?.unit ?? "")))))));
}

function written(value: number, unit: string): string {
  switch (unit) {
    case "seconds":
      return `${value.toFixed(2)} s`;
    case "share":
      return `${(100 * value).toFixed(2)} %`;
    case "difference":
      return `${value < 0 ? "−" : "+"}${Math.abs(100 * value).toFixed(1)} %`;
    default:
      return String(value);
  }
}

function factsOf({ facts }: Study): HTMLElement {
  return h("dl", { class: "constants" }, ...facts.flatMap(({ name, value, fitted }) => [
    h("dt", {}, name),
    h("dd", {}, value, ...(fitted ? [h("em", {}, " fitted to the published figures")] : [])),
  ]));
}
