/** The bar at the top: what is open, what else there is, and the theme. */
import type { App } from "../app/app.ts";
import { sourceName, totalRequests, type State, type Theme } from "../state/state.ts";
import * as format from "../text/format.ts";
import { addressField } from "./address.ts";
import { h, part, setAttribute, setText } from "./dom.ts";
import { place } from "./popover.ts";

const THEMES: Theme[] = ["system", "light", "dark"];

export class Header {
  readonly #app: App;
  readonly #name: HTMLElement;
  readonly #facts: HTMLElement;
  readonly #menu: HTMLElement;
  readonly #address: HTMLElement;
  readonly #theme: HTMLElement;
  #menuFor = "";

  constructor(app: App, root: HTMLElement) {
    this.#app = app;
    this.#name = part(root, "trace-name");
    this.#facts = part(root, "trace-facts");
    this.#menu = part(root, "samples");
    this.#address = addressField(app, () => this.#menu.hidePopover());
    this.#theme = part(root, "theme");
    this.#theme.addEventListener("click", () => {
      const at = THEMES.indexOf(app.store.now.theme);
      app.setTheme(THEMES[(at + 1) % THEMES.length]!);
    });
    place(this.#menu, part(root, "trace-chip"));
  }

  render(state: State): void {
    setText(this.#name, sourceName(state) || "kvscope");
    setText(this.#facts, factsOf(state));
    setAttribute(this.#theme, "data-theme-choice", state.theme);
    const label = `Theme: ${state.theme === "system" ? "as the system" : state.theme}`;
    setAttribute(this.#theme, "aria-label", label);
    setAttribute(this.#theme, "title", label);
    this.#buildMenu(state);
  }

  #buildMenu({ tables, setup }: State): void {
    const key = `${tables?.version ?? ""} ${setup.workload}`;
    if (tables === null || key === this.#menuFor) return;
    this.#menuFor = key;
    const { source } = this.#app;
    const workloads = tables.workloads.map((row) => this.#sample(row.title, row.summary,
      format.plural(row.default_requests, "request"), row.id === setup.workload,
      () => source.chooseWorkload(row.id)));
    const presets = tables.presets.map((row) =>
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

function factsOf(state: State): string {
  const total = totalRequests(state);
  const requests = total === null ? ""
    : `${total.exact ? "" : "about "}${format.plural(total.requests, "request")}`;
  const kind = state.source?.kind === "workload" ? "built in" : "your trace";
  return state.source === null ? "" : [kind, requests].filter((fact) => fact !== "").join(" · ");
}
