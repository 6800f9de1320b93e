/** Figure 5 of Mooncake FAST'25 on the trace that is loaded, beside the paper's four means. */
import type { App } from "../app/app.ts";
import { byId, h, setText } from "./dom.ts";
import * as format from "../text/format.ts";
import type { Figure5 } from "../engine/protocol.ts";
import { sourceName, type State } from "../state/state.ts";

export class Figure5Sheet {
  readonly #app: App;
  readonly #sheet = byId<HTMLDialogElement>("figure5");
  readonly #say = byId("figure5-say");
  readonly #result = byId("figure5-result");
  #drawn: State["figure5"] = null;

  constructor(app: App) {
    this.#app = app;
    byId("figure5-close").addEventListener("click", () => this.#sheet.close());
    this.#sheet.addEventListener("click", (event) => {
      if (event.target === this.#sheet) this.#sheet.close();
    });
  }

  open(): void {
    this.#sheet.showModal();
    this.#app.computeFigure5();
  }

  render(state: State): void {
    const { figure5 } = state;
    if (!this.#sheet.open || figure5 === this.#drawn) return;
    this.#drawn = figure5;
    // Another run has begun, or it failed: what stood here is of a trace that is gone.
    if (figure5 === null) this.#sheet.close();
    setText(this.#say, figure5 === "computing"
      ? `Serving ${sourceName(state)} from its beginning under each of the four: some seconds.`
      : `Mean time to first token on ${sourceName(state)}, random over ${figure5?.seeds ?? 0} `
        + "seeds. The paper's trace is its conversation trace: other requests give other times.");
    this.#result.replaceChildren(...(figure5 === null || figure5 === "computing" ? []
      : [tableOf(figure5), constantsOf(figure5)]));
  }
}

function tableOf({ rows, seeds }: Figure5): HTMLElement {
  const seconds = (time_s: number) => `${time_s.toFixed(2)} s`;
  const cell = (text: string, value: number) => h("td", { "data-value": value }, text);
  const head = ["Scheduler", "Paper", "Arrivals as logged", "", "Arrivals spread", ""];
  return h("table", { class: "figures-table", id: "figure5-table" },
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
