/** A study on the trace that is loaded: a published figure or claim beside what comes out here. */
import type { WholeApp } from "../app/actions.ts";
import type { Study, StudyOpening, StudyRow, StudyTableRow } from "../engine/protocol.ts";
import { NO_ANALYSIS, type StudyState } from "../state/analysis.ts";
import { letterOf } from "../state/lanes.ts";
import { sourceName, type State } from "../state/state.ts";
import * as format from "../text/format.ts";
import { dialog } from "./dialog.ts";
import { h, part, setAttribute, setText } from "./dom.ts";
import { Status } from "./views/status.ts";

const HOLDS: Record<Study["verdict"]["holds"], string> = {
  supported: "Supported",
  only_under: "Supported only under its own assumptions",
  only_right: "Supported only where its assumptions are made right",
  in_part: "Supported in part",
  undecided: "Not decided",
  not_supported: "Not supported",
};

export class StudySheet {
  readonly #app: WholeApp;
  readonly #sheet: HTMLDialogElement;
  readonly #title: HTMLElement;
  readonly #claim = h("p", { "data-part": "study-claim" });
  readonly #head = h("div", { "data-part": "study-status" });
  readonly #verdict = h("p", { "data-part": "study-verdict", class: "study-verdict",
    "aria-live": "polite" });
  readonly #result = h("div", { "data-part": "study-result", class: "scroll", tabindex: 0,
    role: "region", "aria-label": "What the study found" });
  readonly #status: Status;
  readonly #begin: HTMLButtonElement;
  #drawn: StudyState | null = null;

  constructor(app: WholeApp, root: HTMLElement) {
    this.#app = app;
    this.#sheet = dialog("study", "Study", this.#claim, this.#head, this.#verdict, this.#result);
    root.append(this.#sheet);
    this.#title = part(root, "study-title");
    this.#status = new Status({ unit: "run", again: "Go on",
      act: () => void app.study.resume(), cancel: () => app.analysis.cancel("study") });
    this.#begin = h("button", { type: "button", class: "button primary", "data-act": "study",
      click: () => void app.study.compute() }, "Run it on this trace");
    this.#head.append(this.#begin, this.#status.element);
    this.#sheet.addEventListener("close", () => app.study.open(""));
  }

  render(state: State): void {
    const row = state.tables?.studies.find(({ id }) => id === state.setup.study);
    if (row === undefined) {
      if (this.#sheet.open) this.#sheet.close();
      return;
    }
    if (!this.#sheet.open) this.#show(row);
    const { study } = state.analysis;
    const { took_s } = state.setup;
    // A link asks, and whoever follows it says when; another trace has another answer.
    this.#begin.hidden = study.id === row.id;
    const now = study.id === row.id ? study : NO_ANALYSIS.study;
    if (now === this.#drawn) return;
    const before = this.#drawn?.result;
    this.#drawn = now;
    this.#draw(state, now, before, took_s["study"]);
  }

  #show(row: StudyRow): void {
    setText(this.#title, row.title);
    setText(this.#claim, row.kind === "claim" ? `\u201c${row.summary}\u201d \u2014 ${row.source}`
      : `${row.summary} ${row.source}.`);
    this.#drawn = null;
    this.#sheet.showModal();
  }

  #draw(state: State, study: StudyState, before: Study | null | undefined, took_s?: number): void {
    this.#status.render(study.work, `On ${sourceName(state)}; another trace gives other figures.`,
      took_s);
    setAttribute(this.#verdict, "data-holds", study.result?.verdict.holds ?? null);
    setText(this.#verdict, study.result === null ? "" : sentence(study.result));
    if (study.result === before) return;
    this.#result.replaceChildren(...(study.result === null ? []
      : [...study.result.tables.map((table) => this.#tableOf(table)), factsOf(study.result)]));
  }

  #tableOf({ title, columns, rows }: Study["tables"][number]): HTMLElement {
    const values = columns.slice(1);
    const opens = rows.some((row) => row.opens !== undefined);
    return h("table", { class: "figures-table" },
      h("caption", {}, title),
      h("thead", {}, h("tr", {}, ...columns.map(({ name }) => h("th", { scope: "col" }, name)),
        ...(opens ? [h("th", { scope: "col" }, "Live view")] : []))),
      h("tbody", {}, ...rows.map((row) => h("tr", {},
        h("th", { scope: "row" }, row.name),
        ...row.values.map((value, i) => valueCell(value, values[i]?.unit ?? "")),
        ...(opens ? [this.#openers(row)] : [])))));
  }

  #openers({ name, opens = [] }: StudyTableRow): HTMLElement {
    return h("td", { class: "openers" }, ...opens.map((opening) => {
      const said = wordOf(opening);
      const told = `${said}, in the live view: ${this.#contentOf(name, opening)}`;
      return h("button", { type: "button", class: "link", "data-act": "open-run", title: told,
        "aria-label": told, click: () => this.#open(opening) }, said);
    }));
  }

  /** What a button opens: whose lanes are which, and what they serve where that is not all of the
   *  trace. */
  #contentOf(row: string, { lanes, serves }: StudyOpening): string {
    const names = lanes.length === 1 ? ""
      : `, ${lanes.map(({ name }, lane) => `${name} (${letterOf(lane)})`).join(", ")}`;
    return `${row}${names}${this.#servedBy(serves)}`;
  }

  #servedBy(serves: StudyOpening["serves"]): string {
    if (serves === "trace") return "";
    if ("first" in serves) return `, after the first ${format.plural(serves.first, "request")}`;
    const { id, seed, requests } = serves.workload;
    const { tables } = this.#app.store.now;
    const title = tables?.workloads.find((row) => row.id === id)?.title ?? id;
    return `, on ${format.plural(requests, "request")} of ${title} with seed ${seed}, in place of `
      + "this trace";
  }

  #open(opening: StudyOpening): void {
    this.#app.study.show(opening);
    this.#sheet.close();
  }
}

/** What a button says. A row of means opens the first of its runs, which is not the mean. */
function wordOf({ setting, lanes }: StudyOpening): string {
  const seed = Number(lanes[0]?.config.seed ?? 0);
  const words = [setting ?? "", seed === 0 ? "" : `seed ${seed}`].filter((word) => word !== "");
  if (words.length > 0) return `Open ${words.join(", ")}`;
  return lanes.length > 1 ? "Open side by side" : "Open";
}

function sentence({ verdict: { holds, sentence: said } }: Study): string {
  return `${HOLDS[holds]}: ${said}.`;
}

/** A value, with a bar where it is a share of something. */
function valueCell(value: number | null, unit: string): HTMLElement {
  const cell = h("td", { "data-value": value, "data-unit": unit },
    value === null ? "–" : written(value, unit));
  if (unit === "share" && value !== null) {
    cell.style.setProperty("--part", String(Math.min(1, Math.max(0, value))));
  }
  return cell;
}

function written(value: number, unit: string): string {
  switch (unit) {
    case "seconds":
      return `${value.toFixed(2)} s`;
    case "share":
      return format.share(value, 2);
    case "spread":
      return (100 * value).toFixed(2);
    case "points":
      return format.points(value, 2);
    case "difference":
      return format.difference(value);
    case "number":
      return value.toFixed(1);
    case "count":
      return format.integer(value);
    default:
      return format.value(value);
  }
}

function factsOf({ facts }: Study): HTMLElement {
  return h("dl", { class: "constants" }, ...facts.flatMap(({ name, value, fitted }) => [
    h("dt", {}, name),
    h("dd", {}, value, ...(fitted ? [h("em", {}, " fitted to the published figures")] : [])),
  ]));
}
