/** A study on the trace that is loaded: a published figure beside what comes out here. */
import type { App } from "../app/app.ts";
import type { Study, StudyRow } from "../engine/protocol.ts";
import { sourceName, type State } from "../state/state.ts";
import * as format from "../text/format.ts";
import { h, part, setText } from "./dom.ts";

export class StudySheet {
  readonly #app: App;
  readonly #sheet: HTMLDialogElement;
  readonly #title: HTMLElement;
  readonly #say: HTMLElement;
  readonly #result: HTMLElement;
  #drawn: State["study"] = null;

  constructor(app: App, root: HTMLElement) {
    this.#app = app;
    this.#sheet = part(root, "study");
    this.#title = part(root, "study-title");
    this.#say = part(root, "study-say");
    this.#result = part(root, "study-result");
  }

  open(row: StudyRow): void {
    setText(this.#title, row.title);
    this.#sheet.showModal();
    this.#app.study.compute(row.id);
  }

  render(state: State): void {
    const { study } = state;
    if (!this.#sheet.open || study === this.#drawn) return;
    this.#drawn = study;
    // Another run has begun: what stood here is of a trace that is gone.
    if (study === null) this.#sheet.close();
    setText(this.#say, sentence(state));
    this.#result.replaceChildren(...(study?.at === "done"
      ? [...study.result.tables.map(tableOf), factsOf(study.result)] : []));
  }
}

function sentence(state: State): string {
  const { study } = state;
  const name = sourceName(state);
  switch (study?.at) {
    case undefined:
      return "";
    case "computing":
      return `Serving ${name} from its beginning in every cell: some seconds.`;
    case "failed":
      return `There is no figure of ${name}: ${study.why}`;
    case "done":
      return `On ${name}: ${study.result.verdict}. Another trace gives other figures.`;
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
      return format.share(value, 2);
    case "difference":
      return format.difference(value);
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
