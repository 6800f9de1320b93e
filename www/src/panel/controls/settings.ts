/** The cluster's settings: nodes and cache in sight, the others on demand. */
import type { App } from "../../app/app.ts";
import { h, setText } from "../dom.ts";
import { sizedOf } from "../../text/capacity.ts";
import * as format from "../../text/format.ts";
import { UNLIMITED_BLOCKS, type ParamSpec, type ParamValue, type Tables }
  from "../../engine/protocol.ts";
import { SEED, settingOf, withSetting } from "../../state/setup.ts";
import { blockSizeOf, blocksOf, type BlockSize } from "../../state/size.ts";
import { configNow, runOf, type State } from "../../state/state.ts";
import { typedCapacity, typedSeed, typedWhole } from "./typed.ts";
import { paramControl, type ParamControl, type Worded } from "./param.ts";
import { reasonFor } from "./reasons.ts";

/** Which settings stand in a group, and how many of them at once. */
export interface Group {
  title: string;
  inline: number;
  has(spec: ParamSpec): boolean;
}

/** Of other roles than these is what stands elsewhere: how the trace is read, with the trace. */
export const CLUSTER: Group = { title: "Cluster", inline: 2,
  has: ({ name, role }) => name !== "seed" && role !== "reading" && role !== "monitoring" };
export const MONITORING: Group = { title: "Monitoring", inline: 1,
  has: ({ role }) => role === "monitoring" };

export class SettingsPanel {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #group: Group;
  #specs: ParamSpec[] = [];
  #controls: ParamControl[] = [];

  constructor(app: App, group: Group) {
    this.#app = app;
    this.#group = group;
    this.element = h("section", { class: "group" }, h("h2", {}, group.title));
  }

  render(state: State): void {
    const { tables } = state;
    const { failure } = runOf(state);
    if (tables === null) return;
    if (this.#controls.length === 0) this.#build(tables);
    const config = configNow(state);
    this.#specs.forEach((spec, i) => {
      const value = settingOf(config, spec);
      const note = isCapacity(spec) ? sizeNote(value, blockSizeOf(state, config)) : undefined;
      this.#controls[i]!.update(value, reasonFor(failure, spec.name), config, note);
    });
  }

  #build(tables: Tables): void {
    const { inline } = this.#group;
    this.#specs = tables.settings.filter(this.#group.has);
    const { store } = this.#app;
    const block = () => blockSizeOf(store.now, configNow(store.now));
    const worded: Worded = { read: (text) => typedCapacity(block(), text),
      amountOf: (value) => blocksOf(value, block()) };
    this.#controls = this.#specs.map((spec) => paramControl(spec, (value) => {
      this.#app.run.configure(withSetting(configNow(store.now), spec, value));
    }, isCapacity(spec) ? worded : {}));
    const elements = this.#controls.map((control) => control.element);
    this.element.append(...elements.slice(0, inline));
    const line = h("summary", {}, `${elements.length - inline} more`);
    this.element.append(h("details", { class: "more" }, line, ...elements.slice(inline)));
  }
}

/** What a node holds may be said in other units than blocks; other numbers of blocks may not. */
function isCapacity({ units }: ParamSpec): boolean {
  return units !== undefined;
}

/** What a capacity comes to, in what it is not said in; "" is not known yet. Exported for tests. */
export function sizeNote(value: ParamValue, block: BlockSize | null): string {
  const blocks = blocksOf(value, block);
  if (blocks === null || blocks < 1) return "";
  if (blocks >= UNLIMITED_BLOCKS) return "unlimited";
  const own = sizedOf(String(value));
  const parts = [own === null ? "" : format.plural(blocks, "block"),
    block === null || (own !== null && own.bytes !== null) ? ""
      : format.bytes(blocks * block.bytes)].filter((part) => part !== "");
  return parts.length === 0 ? "" : `${parts.join(", ")} a node`;
}

/** Which built-in workload plays, how long it is, and the one seed of everything. */
export class WorkloadPanel {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #body = h("div", { class: "params" });
  readonly #say = h("p", { class: "summary" });
  #requests: ParamControl | null = null;
  #requestsFor = "";
  readonly #seed: ParamControl;

  constructor(app: App) {
    this.#app = app;
    this.#seed = paramControl(SEED, (value) => {
      app.run.configure(withSetting(app.run.config(), SEED, value));
    }, { read: typedSeed });
    const fresh = h("button", { type: "button", class: "small", "data-part": "new-seed",
      click: () => app.run.newSeed() }, "New seed");
    this.#body.append(this.#seed.element, fresh);
    this.element = h("section", { class: "group" }, h("h2", {}, "Repeat"), this.#body, this.#say);
  }

  render(state: State): void {
    const { tables, setup, source } = state;
    const { failure } = runOf(state);
    if (tables === null) return;
    const { config } = setup;
    this.#seed.update(settingOf(config, SEED), reasonFor(failure, "seed"), config);
    const row = tables.workloads.find((w) => w.id === setup.workload);
    if (row === undefined) this.#requests?.element.remove();
    else if (this.#requestsFor !== row.id) this.#buildRequests(row.default_requests);
    this.#requestsFor = row?.id ?? "";
    this.#requests?.update(setup.requests ?? row?.default_requests ?? 0, "", config);
    const workload = source?.kind === "workload";
    const drawn = setup.workloadSeed === null
      ? "The same seed gives the same requests and the same run."
      : `The requests are those of seed ${setup.workloadSeed}; another seed draws others.`;
    setText(this.#say, workload ? drawn : "The same trace and seed give the same run.");
  }

  #buildRequests(usual: number): void {
    this.#requests?.element.remove();
    const spec: ParamSpec = {
      name: "requests", label: "Requests", unit: "", kind: "integer", default: usual, log: true,
      min: 1, max: 1_000_000, help: "How many requests the built-in workload makes.",
    };
    this.#requests = paramControl(spec, (value) => {
      this.#app.run.setRequests(value === usual ? null : Number(value));
    }, { read: (text) => typedWhole(spec, text) });
    this.#body.append(this.#requests.element);
  }
}
