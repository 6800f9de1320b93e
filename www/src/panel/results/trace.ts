/** What the reader made of the trace: schema, sizes, warnings, and every bad line by name. */
import { h, setAttribute, setText } from "../dom.ts";
import * as format from "../../text/format.ts";
import type { BadLine, Decided, ReadReport } from "../../engine/protocol.ts";
import { isOwnTrace, runOf, sourceName, type State } from "../../state/state.ts";
import type { TabPanel } from "./tabs.ts";

/** A name, what it is, and how that was settled where the file did not say so itself. */
type Fact = [name: string, text: string, why?: string];

export class TracePanel implements TabPanel {
  readonly id = "trace";
  readonly title = "Trace";
  readonly element: HTMLElement;
  readonly #facts = h("dl", { class: "facts" });
  readonly #warnings = h("ul", { class: "warnings" });
  readonly #heading = h("h3", {});
  readonly #bad = h("ol", { class: "bad-lines", "data-list": "bad-lines" });
  #drawn = "";

  constructor() {
    this.element = h("div", {}, this.#facts, this.#warnings, this.#heading, this.#bad);
  }

  badge(state: State): string {
    const bad = runOf(state).report?.bad_lines_total ?? 0;
    return bad === 0 ? "" : `${format.compact(bad)} bad`;
  }

  render(state: State): void {
    const { source } = state;
    const { report, load } = runOf(state);
    if (report === null) {
      this.#blank();
      return;
    }
    const own = isOwnTrace(source);
    const facts: Fact[] = [
      ["Name", sourceName(state)],
      ["Kind", own ? (report.schema ?? "not known yet") : "built in"],
      ...(own ? [["Lines", format.integer(report.lines)] satisfies Fact] : []),
      ["Requests", format.integer(report.requests)],
      ["Block references", format.integer(report.blocks)],
      ["Distinct blocks", format.integer(report.distinct_blocks)],
      ["Block", ...decided(report.block_size, (size) => `${format.integer(size)} tokens`)],
      ["Length", lengthOf(report)],
      ...(own ? [
        ["Time unit", ...decided(report.time_unit, (unit) => unit)] satisfies Fact,
        ["Read", readSize(report, load?.compression ?? "")] satisfies Fact,
      ] : []),
    ];
    // Written only when it says something new: a person may be selecting a line.
    const now = JSON.stringify([facts, report.warnings, report.bad_lines_total]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    this.#facts.replaceChildren(...facts.flatMap(([name, text, why]) =>
      [h("dt", {}, name), h("dd", {}, text, why ? h("small", {}, why) : null)]));
    this.#warnings.replaceChildren(...report.warnings.map((w) =>
      h("li", {}, `${w.message} (${format.plural(w.count, "time")}, first in line `
        + `${format.integer(w.first_line)})`)));
    this.#showBad(report, own);
  }

  /** Nothing has been read yet. */
  #blank(): void {
    if (this.#drawn === "") return;
    this.#drawn = "";
    for (const list of [this.#facts, this.#warnings, this.#bad]) list.replaceChildren();
    this.#heading.hidden = true;
  }

  #showBad({ bad_lines, bad_lines_total }: ReadReport, own: boolean): void {
    this.#heading.hidden = !own;
    setAttribute(this.#heading, "data-bad-lines", String(bad_lines_total));
    setText(this.#heading, badHeading(bad_lines.length, bad_lines_total));
    this.#bad.replaceChildren(...bad_lines.map(badLine));
  }
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

function decided<T>(fact: Decided<T> | null, text: (value: T) => string): [string, string] {
  if (fact === null) return ["not known yet", ""];
  const sure = fact.by === "field" || fact.by === "header";
  return [text(fact.value), sure ? "" : fact.why];
}

function lengthOf({ first_arrival_s, last_arrival_s }: ReadReport): string {
  if (first_arrival_s === null || last_arrival_s === null) return "not known yet";
  return format.clock(last_arrival_s - first_arrival_s);
}

function readSize({ bytes }: ReadReport, compression: string): string {
  return compression === "" ? format.bytes(bytes)
    : `${format.bytes(bytes)} after ${compression}`;
}
