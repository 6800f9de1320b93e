/** What can be done to the cluster as a whole: nodes, arrivals, a hot block, a parameter. */
import type { WholeApp } from "../../app/actions.ts";
import type { ParamSpec, ParamValue } from "../../engine/protocol.ts";
import { chosenRow, paramOf } from "../../state/setup.ts";
import { configNow, runOf, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { typedWhole } from "../controls/typed.ts";
import { h, refuse, setAttribute, setText, uniqueId } from "../dom.ts";
import { offer } from "./offer.ts";

/** A policy's parameter that may change while it runs. */
interface Live {
  /** As `set` writes it. */
  name: string;
  label: string;
  spec: ParamSpec;
  now: ParamValue;
}

export class ClusterForms {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #id = uniqueId("join");
  readonly #more = numberBox("add-nodes", { min: 1, step: 1, value: 1,
    "aria-describedby": this.#id });
  readonly #refused = h("p", { class: "error", id: this.#id, role: "alert", hidden: true });
  readonly #rate = numberBox("rate-factor", { min: 0.01, max: 1000, step: "any", value: 2 });
  readonly #block = h("select", { "data-part": "hot-block", "aria-label": "Block" });
  readonly #param = h("select", { "data-part": "live-param", "aria-label": "Parameter",
    change: () => this.#showValue() });
  readonly #value = h("input", { class: "value-box", "data-part": "live-value", type: "text",
    "aria-label": "Value from here on" });
  readonly #acts: HTMLButtonElement[];
  readonly #none = h("p", { class: "say" });
  #live: Live[] = [];
  #drawn = "";
  #blocks: unknown = null;

  constructor(app: WholeApp) {
    this.#app = app;
    const { change } = app;
    const act = (id: string, label: string, does: () => void): HTMLButtonElement =>
      h("button", { type: "submit", class: "small", "data-act": id, click: (event) => {
        event.preventDefault();
        does();
      } }, label);
    const add = act("add", "Add", () => this.#join());
    const rate = act("rate", "Set", () => change.do(`rate:${Number(this.#rate.value)}`));
    const drop = act("forget", "Drop everywhere", () => change.do(`forget:${this.#block.value}`));
    const set = act("set", "From here on", () => this.#set());
    this.#acts = [add, rate, drop, set];
    this.element = h("div", { class: "what-if-forms" },
      line("Nodes join", this.#more, add), this.#refused,
      line("Arrivals ×", this.#rate, rate),
      line("Hot block", this.#block, drop),
      line("Parameter", this.#param, this.#value, set), this.#none);
  }

  render(state: State): void {
    const { frame } = runOf(state);
    const rests = state.seeking || frame === null || frame.done;
    for (const act of this.#acts) {
      const id = act.dataset["act"] ?? "";
      offer(state, id, act, rests || (id === "forget" && state.hottest.length === 0));
    }
    offer(state, "rate", this.#rate, rests);
    setAttribute(this.#more, "max", String(this.#app.change.room()));
    this.#fillBlocks(state);
    this.#fillParams(state);
  }

  /** As many as there is room for, or a word beside the field. */
  #join(): void {
    const most = this.#app.change.room();
    const typed = typedWhole({ unit: "", min: 1, max: most }, this.#more.value);
    const problem = most < 1 ? "There are as many nodes as there can be."
      : "problem" in typed ? typed.problem : "";
    refuse(this.#more, this.#refused, problem);
    if (problem === "" && "value" in typed) this.#app.change.do(`add:${String(typed.value)}`);
  }

  #fillBlocks(state: State): void {
    const { hottest } = state;
    if (hottest === this.#blocks) return;
    this.#blocks = hottest;
    const requests = runOf(state).frame?.totals.window.requests ?? 0;
    const chosen = this.#block.value;
    this.#block.replaceChildren(...hottest.map((hot) => h("option", { value: hot.block },
      `block ${hot.block}: in ${format.percent(hot.requests, requests, 0)}, on ${
        format.plural(hot.holders, "node")}`)));
    if (hottest.some(({ block }) => String(block) === chosen)) this.#block.value = chosen;
  }

  #fillParams(state: State): void {
    this.#live = liveParams(state);
    const key = this.#live.map(({ name }) => name).join();
    const none = this.#live.length === 0;
    this.#param.parentElement!.hidden = none;
    this.#none.hidden = !none;
    setText(this.#none, "No parameter of this router or migration rule may change while it runs.");
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#param.replaceChildren(...this.#live.map(({ name, label }) =>
      h("option", { value: name }, label)));
    this.#showValue();
  }

  #showValue(): void {
    const live = this.#live.find(({ name }) => name === this.#param.value);
    if (live !== undefined) this.#value.value = String(live.now);
  }

  #set(): void {
    const text = this.#value.value.trim();
    if (text !== "") this.#app.change.do(`set:${this.#param.value}=${text}`);
  }
}

/** Those of the router, and of a migration rule with parameters of its own. */
function liveParams(state: State): Live[] {
  const { tables } = state;
  if (tables === null) return [];
  const config = configNow(state);
  return (["router", "migration"] as const).flatMap((part) => {
    const row = chosenRow(tables, part, config);
    return (row?.params ?? []).filter(({ live }) => live === true).map((spec) => ({
      name: `${part}.${spec.name}`, label: `${part}: ${spec.label}`, spec,
      now: lastSet(config.perturb, `${part}.${spec.name}`) ?? paramOf(config[part], spec) }));
  });
}

/** The value that a parameter was given last. */
function lastSet(perturb: string[] | undefined, name: string): string | undefined {
  const head = `set:${name}=`;
  return perturb?.filter((text) => text.startsWith(head)).at(-1)?.slice(head.length).split("@")[0];
}

function numberBox(part: string, range: Record<string, string | number>): HTMLInputElement {
  return h("input", { type: "number", "data-part": part, ...range });
}

function line(label: string, ...controls: HTMLElement[]): HTMLElement {
  const form = h("form", { class: "what-if-line", submit: (event) => event.preventDefault() },
    h("span", {}, label), ...controls);
  for (const control of controls.slice(0, 1)) {
    if (!control.hasAttribute("aria-label")) control.setAttribute("aria-label", label);
  }
  return form;
}
