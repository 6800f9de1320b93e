/** The bar at the top: what is open, what else there is, theme, link. */
import type { App } from "../app.ts";
import { byId, h, setAttribute, setText } from "../dom.ts";
import { saveCsv, savePicture } from "../export.ts";
import * as format from "../format.ts";
import { sourceName, totalRequests, type State, type Theme } from "../state.ts";

const THEMES: Theme[] = ["system", "light", "dark"];
const STORED = "kvscope-theme";

export class Header {
  readonly #app: App;
  readonly #onFigure5: () => void;
  readonly #name = byId("trace-name");
  readonly #facts = byId("trace-facts");
  readonly #menu = byId("samples");
  readonly #theme = byId("theme");
  readonly #share = byId("share");
  readonly #shareMenu = byId("share-menu");
  #menuFor = "";
  #shared: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App, onTheme: () => void, onFigure5: () => void) {
    this.#app = app;
    this.#onFigure5 = onFigure5;
    this.#buildShare();
    this.#theme.addEventListener("click", () => {
      const next = THEMES[(THEMES.indexOf(app.store.now.theme) + 1) % THEMES.length]!;
      app.setTheme(next);
      applyTheme(next);
      onTheme();
    });
    const stored = THEMES.find((theme) => theme === localStorage.getItem(STORED)) ?? "system";
    app.setTheme(stored);
    applyTheme(stored);
    this.#placeMenu();
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
    const workloads = tables.workloads.map((row) => this.#sample(row.title, row.summary,
      format.plural(row.default_requests, "request"), row.id === setup.workload,
      () => this.#app.chooseWorkload(row.id)));
    const presets = (tables.presets ?? []).map((row) =>
      this.#sample(row.title, row.lesson, "", false, () => this.#app.choosePreset(row)));
    this.#menu.replaceChildren(h("h2", {}, "Built-in workloads"), ...workloads,
      h("p", {}, "Or drop a trace anywhere on the page: JSON lines, as they are or gzipped. It "
        + "is read here, in your browser, and goes nowhere."),
      h("h2", {}, "A published figure"),
      this.#sample("Mooncake FAST'25, Figure 5", "Four schedulers on the open trace, beside the "
        + "paper's means.", "", false, this.#onFigure5),
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

  #placeMenu(): void {
    place(this.#menu, byId("trace-chip"));
    place(this.#shareMenu, this.#share);
  }

  #buildShare(): void {
    const item = (id: string, title: string, say: string, act: () => void) =>
      h("button", { type: "button", class: "sample", id, click: () => {
        this.#shareMenu.hidePopover();
        act();
      } }, h("b", {}, title), h("small", {}, say));
    this.#shareMenu.append(
      item("copy-link", "Copy link", "Workload, seed, policies, parameters and speed; never the "
        + "trace.", () => void this.#copyLink()),
      item("save-json", "Save summary (JSON)", "Every figure so far, as the command line prints "
        + "it.", () => this.#app.saveSummary()),
      item("save-csv", "Save series (CSV)", "The strips in numbers, one line a sample.", () => {
        const { series, tables } = this.#app.store.now;
        if (series !== null && tables !== null) saveCsv(series, tables.series);
      }),
      item("save-png", "Save picture (PNG)", "The cluster as it stands.", () =>
        savePicture(byId<HTMLCanvasElement>("cluster"),
          getComputedStyle(byId("stage")).backgroundColor)),
    );
  }

  async #copyLink(): Promise<void> {
    const link = new URL(this.#app.link(), location.href).href;
    history.replaceState(null, "", link);
    const copied = await navigator.clipboard.writeText(link).then(() => true, () => false);
    setText(this.#share, copied ? "Link copied" : "Link is in the address bar");
    clearTimeout(this.#shared);
    this.#shared = setTimeout(() => setText(this.#share, "Share"), 2500);
  }
}

/** Under the button that opens it, inside the window. */
function place(menu: HTMLElement, opener: HTMLElement): void {
  menu.addEventListener("toggle", () => {
    const box = opener.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8));
    menu.style.setProperty("left", `${left}px`);
    menu.style.setProperty("top", `${box.bottom + 6}px`);
  });
}

function applyTheme(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset["theme"];
    localStorage.removeItem(STORED);
  } else {
    document.documentElement.dataset["theme"] = theme;
    localStorage.setItem(STORED, theme);
  }
}

function factsOf(state: State): string {
  const total = totalRequests(state);
  const requests = total === null ? ""
    : `${total.exact ? "" : "about "}${format.plural(total.requests, "request")}`;
  const kind = state.source?.kind === "workload" ? "built in" : "your trace";
  return state.source === null ? "" : [kind, requests].filter((part) => part !== "").join(" · ");
}
