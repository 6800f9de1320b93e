/** The decision record of one request: what each lane's router compared, and what it amounts to. */
import type { Decision, Served, ServedBy } from "../../engine/protocol.ts";
import { letterOf } from "../../state/lanes.ts";
import * as format from "../../text/format.ts";
import { swatch } from "../compare/multiples.ts";
import { h, setText } from "../dom.ts";
import { component } from "../results/decision.ts";

export class RequestRecord {
  readonly element: HTMLElement;
  readonly #title = h("h2", { "data-part": "record-title" });
  readonly #facts = h("dl", { class: "record-facts" });
  readonly #lanes = h("div", { "aria-live": "polite" });
  readonly #show: HTMLButtonElement;
  #number = 0;
  #drawn: unknown[] = [];
  /** Lanes whose nodes are shown, once somebody has chosen; the first where nobody has. */
  readonly #open = new Map<number, boolean>();

  /** `show` takes the run to the moment after a request. */
  constructor(show: (number: number) => void) {
    this.#show = h("button", { type: "button", class: "button", "data-act": "show-in-run",
      title: "The clusters as they stood after it", click: () => show(this.#number) },
    "Show it in the run");
    this.element = h("section", { class: "panel figure record", "aria-label": "Why it went there" },
      h("div", { class: "record-head" }, this.#title, this.#show), this.#facts, this.#lanes);
  }

  /** `names` are those of the lanes; `reaches`: whether the run can go there. */
  render(row: Served, names: readonly string[], reaches: boolean): void {
    this.#show.disabled = !reaches;
    const now = [row, names.join("|")];
    if (now.every((one, i) => one === this.#drawn[i])) return;
    this.#drawn = now;
    this.#number = row.number;
    setText(this.#title, `Request ${format.integer(row.number)}`);
    this.#facts.replaceChildren(...factsOf(row).flatMap(([name, text]) =>
      [h("dt", {}, name), h("dd", {}, text)]));
    const several = row.lanes.length > 1;
    this.#lanes.replaceChildren(...row.lanes.map((lane, at) => {
      const letter = letterOf(at);
      return h("section", { class: "record-lane", "data-record": letter }, several
        ? h("h3", {}, swatch(letter), h("b", {}, letter), ` ${names[at] ?? ""}`) : null,
      h("p", { class: "verdict" }, saidOf(row, lane)), h("p", { class: "hint" }, besideOf(lane)),
      this.#nodes(lane, at));
    }));
  }

  /** Every node's components, made when they are looked at: there may be hundreds. */
  #nodes({ decision, node }: ServedBy, lane: number): HTMLElement | null {
    if (decision === null) return null;
    const box = h("div", { class: "scroll tall", tabindex: 0, role: "region",
      "aria-label": `What the router of lane ${letterOf(lane)} compared` });
    const fill = () => {
      if (box.firstChild === null) box.append(tableOf(decision, node));
      const chosen = box.querySelector<HTMLElement>("[aria-current]");
      if (chosen !== null) box.scrollTop = chosen.offsetTop - box.clientHeight / 2;
    };
    const details = h("details", { open: this.#open.get(lane) ?? lane === 0, toggle: () => {
      this.#open.set(lane, details.open);
      if (details.open) fill();
    } }, h("summary", {}, `Every node: ${decision.columns.join(", ") || "match"}`), box);
    return details;
  }
}

function factsOf({ time_s, family, lanes }: Served): [name: string, text: string][] {
  const first = lanes.find(({ node }) => node !== null);
  const facts: [string, string | null][] = [
    ["Arrived", `${format.clock(time_s)} into the trace`],
    ["Prompt", first?.input_tokens == null ? null : `${format.plural(first.input_tokens, "token")}`
      + `, ${format.plural(first.blocks ?? 0, "block")}`],
    ["Output", first?.output_tokens ? format.plural(first.output_tokens, "token") : null],
    ["Family", family === null ? null : `of block ${format.integer(family)}`],
  ];
  return facts.flatMap(([name, text]) => (text === null ? [] : [[name, text]]));
}

/** Where it went and why, in the core's own sentence. */
function saidOf({ number, lanes: [first] }: Served, lane: ServedBy): string {
  const { node, decision } = lane;
  // Requests that wait for others come when these are done, which no two lanes agree on.
  const other = first !== undefined && (lane.blocks !== first.blocks
    || lane.input_tokens !== first.input_tokens) && node !== null && first.node !== null
    ? "Another request is the one of this number here. " : "";
  if (node === null) {
    return `Request ${format.integer(number)} was turned away${decision === null
      ? ": no node took requests." : `. ${decision.why}`}`;
  }
  return other + (decision?.why ?? `It went to node ${node}.`);
}

function besideOf({ decision, fetched, source, share_of_requests, share_of_work }: ServedBy)
  : string {
  const parts = [
    fetched > 0 ? `${format.plural(fetched, "block")} fetched from node ${source}` : "",
    decision !== null && decision.regret !== null && decision.regret > 0
      ? `regret ${component(decision.regret)} ${decision.columns.at(-1) ?? ""}` : "",
    `largest node so far: ${format.share(share_of_requests)} of requests, `
      + `${format.share(share_of_work)} of work`];
  const text = parts.filter((part) => part !== "").join(" · ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The last column is what was compared, as in the run's own record of it. */
function tableOf({ columns, values, matched, ttft_s, longest_match }: Decision,
  node: number | null): HTMLElement {
  const of = (i: number, k: number) => values[i * columns.length + k] ?? Number.NaN;
  // Some routers have these among what they compute.
  const isColumn = (values: number[]) => columns.some((_, k) =>
    values.every((value, i) => Object.is(value, of(i, k))));
  const told = isColumn(matched);
  const timed = ttft_s.length > 0 && !isColumn(ttft_s);
  const head = ["Node", ...(told ? [] : ["match"]), ...(timed ? ["TTFT"] : []), ...columns];
  return h("table", { class: "figures-table decision-table" },
    h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...matched.map((own, i) => h("tr", { "data-node": i,
      "aria-current": i === node ? "true" : null },
    h("th", { scope: "row" }, String(i), h("em", {}, " ←"),
      h("span", { class: "unseen" }, i === node ? "chosen" : "")),
    told ? null : h("td", { "data-column": "match", "data-value": own,
      class: own > 0 && own === longest_match ? "longest" : null }, format.integer(own)),
    timed ? h("td", { "data-column": "ttft", "data-value": ttft_s[i] ?? null },
      format.seconds(ttft_s[i] ?? Number.NaN)) : null,
    ...columns.map((name, k) => h("td", { "data-column": name, "data-value": of(i, k) },
      component(of(i, k))))))));
}
