/** The menu of what else there is to open. */
import later from "kvscope-wasm/later.json";
import type { WholeApp } from "../app/actions.ts";
import type { State } from "../state/state.ts";
import * as format from "../text/format.ts";
import { addressField } from "./address.ts";
import { h, part } from "./dom.ts";
import { place } from "./popover.ts";

export class SamplesMenu {
  readonly #app: WholeApp;
  readonly #menu: HTMLElement;
  readonly #address: HTMLElement;
  #menuFor = "";

  constructor(app: WholeApp, root: HTMLElement) {
    this.#app = app;
    this.#menu = part(root, "samples");
    this.#address = addressField(app, () => this.#menu.hidePopover());
    place(this.#menu, part(root, "trace-chip"));
  }

  render({ tables, setup }: State): void {
    const key = `${tables?.version ?? ""} ${setup.workload}`;
    if (tables === null || key === this.#menuFor) return;
    this.#menuFor = key;
    const { source } = this.#app;
    const workloads = tables.workloads.map((row) => this.#sample(row.title, row.summary,
      format.plural(row.default_requests, "request"), row.id === setup.workload,
      () => source.chooseWorkload(row.id)));
    const presets = later.presets.map((row) =>
      this.#sample(row.title, row.lesson, "", false, () => source.choosePreset(row)));
    this.#menu.replaceChildren(h("h2", {}, "Built-in workloads"), ...workloads,
      h("p", {}, "Or drop a trace anywhere on the page: JSON or CSV, as it is, gzipped or "
        + "zstd. It is read here, in your browser, and goes nowhere."),
      this.#address,
      ...(presets.length > 0 ? [h("h2", {}, "Lessons"), ...presets] : []));
  }

  #sample(title: string, say: string, count: string, chosen: boolean, act: () => void) {
    return h("button", {
      type: "button",
      class: "sample",
      "aria-current": chosen ? "true" : null,
      click: () => {
        this.#menu.hidePopover();
        act();
      },
    }, h("b", {}, title), h("small", { class: "count" }, count), h("small", {}, say));
  }
}
