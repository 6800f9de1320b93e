/** What the reader made of the trace: how it was read, sizes, warnings, every bad line by name. */
import type { App } from "../../app/app.ts";
import type { BadLine, ReadReport } from "../../engine/protocol.ts";
import type { RunState } from "../../state/run.ts";
import { isOwnTrace, runOf, sourceName, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { h, setAttribute, setText } from "../dom.ts";
import { Reading } from "./reading.ts";
import type { TabContent } from "./tabs.ts";

/** A name, what it is, and what that was decided from. */
type Fact = [name: string, text: string, why?: string];

const HELD: Record<NonNullable<ReadReport["held_as"]>, string> = {
  lines: "one JSON object a line",
  spread: "JSON in an array or over several lines",
  csv: "CSV with a header",
};

export class TracePanel implements TabContent {
  readonly element: HTMLElement;
  readonly #named = h("dl", { class: "facts" });
  readonly #reading: Reading;
  readonly #facts = h("dl", { class: "facts" });
  readonly #warnings = h("ul", { class: "warnings" });
  readonly #heading = h("h3", {});
  readonly #bad = h("ol", { class: "bad-lines", "data-list": "bad-lines" });
  #drawn = "";

  constructor(app: App) {
    this.#reading = new Reading(app);
    this.element = h("div", {}, this.#named, this.#reading.element, this.#facts, this.#warnings,
      this.#heading, this.#bad);
  }

  render(state: State): void {
    this.#reading.render(state);
    const { report } = runOf(state);
    if (report === null) {
      this.#blank();
      return;
    }
    const own = isOwnTrace(state.source);
    const named: Fact[] = [["Name", sourceName(state)],
      ["Format", ...(own ? formatOf(report) : ["built in"] as const)]];
    const facts = factsOf(runOf(state), own);
    // Written only when it says something new: a person may be selecting a line.
    const { warnings, bad_lines_total, stopped } = report;
    const now = JSON.stringify([named, facts, warnings, bad_lines_total, stopped]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    this.#named.replaceChildren(...listed(named));
    this.#facts.replaceChildren(...listed(facts));
    this.#warnings.replaceChildren(...(stopped === null ? [] : [h("li", {}, stopped)]),
      ...warnings.map((w) => h("li", {}, `${w.message} (${format.plural(w.count, "time")}, first `
        + `in line ${format.integer(w.first_line)})`)));
    this.#showBad(report, own);
  }

  /** Nothing has been read yet. */
  #blank(): void {
    if (this.#drawn === "") return;
    this.#drawn = "";
    for (const list of [this.#named, this.#facts, this.#warnings, this.#bad]) {
      list.replaceChildren();
    }
    this.#heading.hidden = true;
  }

  #showBad({ bad_lines, bad_lines_total }: ReadReport, own: boolean): void {
    this.#heading.hidden = !own;
    setAttribute(this.#heading, "data-bad-lines", String(bad_lines_total));
    setText(this.#heading, badHeading(bad_lines.length, bad_lines_total));
    this.#bad.replaceChildren(...bad_lines.map(badLine));
  }
}

function listed(facts: Fact[]): HTMLElement[] {
  return facts.flatMap(([name, text, why]) =>
    [h("dt", {}, name), h("dd", {}, text), ...(why ? [h("dd", { class: "why" }, why)] : [])]);
}

/** The format, and by what it was told. */
function formatOf({ schema_title, held_as, header }: ReadReport): [string, string] {
  if (schema_title === null || held_as === null) return ["not known yet", ""];
  const by = header === null ? "told by the names of its fields" : `its header says “${header}”`;
  return [schema_title, `${HELD[held_as]}; ${by}`];
}

function factsOf(run: RunState, own: boolean): Fact[] {
  const { report, load, frame } = run;
  if (report === null) return [];
  const { requests, lines, blocks, sessions } = report;
  const sums: Fact[] = [
    ["Requests", format.integer(requests),
      own && lines !== requests ? `on ${format.plural(lines, "line")}` : ""],
    ["Block references", format.integer(blocks)],
    ["Distinct blocks", ...distinctOf(run, report)],
    ["Length", lengthOf(run, own)],
  ];
  const warning = frame?.totals.budget_warning;
  if (warning !== undefined) sums.push(["Names", "more than the budget", warning]);
  if (!own) return sums;
  const order = report.facts.find(({ id }) => id === "order");
  return [
    ["Order", order?.value ?? "", order?.why ?? ""],
    ...sums,
    ...(sessions > 0 ? [["Sessions", format.integer(sessions)] satisfies Fact] : []),
    ["Read", readSize(report, load?.compression ?? "")],
  ];
}

/** Distinct blocks, and since when that is a bound because names were forgotten. */
function distinctOf({ frame }: RunState, { distinct_blocks }: ReadReport): [string, string] {
  const known = frame?.totals.names_known_to;
  if (frame === null || known === undefined) return [format.integer(distinct_blocks), ""];
  return [`≤ ${format.integer(frame.totals.distinct_blocks)}`,
    `counted up to request ${format.integer(known)}; from there on an upper bound, and the `
    + "ceiling and blocks wanted again are lower bounds: hits and evictions stay exact"];
}

function badHeading(listed: number, total: number): string {
  if (total === 0) return "No bad lines";
  const count = format.plural(total, "bad line");
  return listed < total ? `${count} left out; the first ${listed}` : `${count} left out`;
}

function badLine(bad: BadLine): HTMLElement {
  const field = bad.field === null ? "" : `${bad.field}: `;
  return h("li", { "data-line": bad.line, "data-offset": bad.offset },
    h("b", {}, `Line ${format.integer(bad.line)}`),
    h("small", {}, `byte ${format.integer(bad.offset)}, column ${format.integer(bad.column)}`),
    h("p", {}, `${field}${bad.reason}`),
    bad.found === "" ? null : h("code", {}, bad.found),
  );
}

function lengthOf({ report, frame }: RunState, own: boolean): string {
  const { first_arrival_s, last_arrival_s } = report ?? {};
  if (typeof first_arrival_s === "number" && typeof last_arrival_s === "number") {
    return format.clock(last_arrival_s - first_arrival_s);
  }
  // What is made has no end before it is served.
  return own || frame === null ? "not known yet"
    : `${format.clock(frame.time_s)}${frame.done ? "" : " so far"}`;
}

function readSize({ bytes }: ReadReport, compression: string): string {
  return compression === "" ? format.bytes(bytes)
    : `${format.bytes(bytes)} after ${compression}`;
}
