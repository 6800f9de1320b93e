/** Figure 5 of Mooncake FAST'25 on the trace that is loaded, beside the paper's four means. */
import type { App } from "../app/app.ts";
import { h, part, setText } from "./dom.ts";
import * as format from "../text/format.ts";
import type { Figure5 } from "../engine/protocol.ts";
import { sourceName, type State } from "../state/state.ts";

export class Figure5Sheet {
  readonly #app: App;
  readonly #sheet: HTMLDialogElement;
  readonly #say: HTMLElement;
  readonly #result: HTMLElement;
  #drawn: State["figure5"] = null;

  constructor(app: App, root: HTMLElement) {
    this.#app = app;
    this.#sheet = part(root, "figure5");
    this.#say = part(root, "figure5-say");
    this.#result = part(root, "figure5-result");
  }

  open(): void {
    this.#sheet.showModal();
    this.#app.study.figure5();
  }

  render(state: State): void {
    const { figure5 } = state;
    if (!this.#sheet.open || figure5 === this.#drawn) return;
    this.#drawn = figure5;
    // Another run has begun: what stood here is of a trace that is gone.
    if (figure5 === null) this.#sheet.close();
    setText(this.#say, sentence(state));
    this.#result.replaceChildren(...(figure5?.at === "done"
      ? [tableOf(figure5.result), constantsOf(figure5.result)] : []));
  }
}

function sentence(state: State): string {
  const { figure5 } = state;
  const name = sourceName(state);
  switch (figure5?.at) {
    case undefined:
      return "";
    case "computing":
      return `Serving ${name} from its beginning under each of the four: some seconds.`;
    case "failed":
      return `There is no figure of ${name}: ${figure5.why}`;
    case "done":
      return `Mean time to first token on ${name}, random over ${figure5.result.seeds} seeds. The `
        + "paper's trace is its conversation trace: other requests give other times.";
  }
}

function tableOf({ rows, seeds }: Figure5): HTMLElement {
  const seconds = (time_s: number) => `${time_s.toFixed(2)} s`;
  const cell = (text: string, value: number) => h("td", { "data-value": value }, text);
  const head = ["Scheduler", "Paper", "Arrivals as logged", "", "Arrivals spread", ""];
  return h("table", { class: "figures-table", "data-part": "figure5-table" },
    h("caption", { class: "unseen" }, `Mean time to first token; random over ${seeds} seeds`),
    h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...rows.map((row) => h("tr", { "data-router": row.router },
      h("th", { scope: "row" }, row.called),
      cell(seconds(row.paper_s), row.paper_s),
      cell(seconds(row.mean_s), row.mean_s),
      cell(format.difference(row.difference), row.difference),
      cell(seconds(row.spread_s), row.spread_s),
      cell(format.difference(row.spread_difference), row.spread_difference)))));
}

function constantsOf({ constants }: Figure5): HTMLElement {
  return h("dl", { class: "constants" }, ...constants.flatMap(({ name, value, fitted }) => [
    h("dt", {}, name),
    h("dd", {}, value, ...(fitted ? [h("em", {}, " fitted to the paper's four means")] : [])),
  ]));
}
