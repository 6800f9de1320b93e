/** The bar at the top: what is open, what else there is, theme, link. */
import type { App } from "../app/app.ts";
import { byId, h, setAttribute, setText } from "./dom.ts";
import { saveCsv, savePicture } from "../app/files.ts";
import type { StudyRow } from "../engine/protocol.ts";
import * as format from "../text/format.ts";
import { sourceName, totalRequests, type State, type Theme } from "../state/state.ts";

const THEMES: Theme[] = ["system", "light", "dark"];
const STORED = "kvscope-theme";

interface Share {
  id: string;
  title: string;
  say: string;
  /** Why the entry is closed now, or "". */
  missing(state: State): string;
}

const SHARES: Share[] = [
  {
    id: "copy-link", title: "Copy link",
    say: "Workload, seed, policies, parameters and speed; never the trace.",
    missing: () => "",
  },
  {
    id: "save-json", title: "Save summary (JSON)",
    say: "Every figure so far, as the command line prints it.",
    missing: ({ engine, frame }) => (engine === "crashed"
      ? "The simulator has stopped, and with it went the sums." : nothingYet(frame?.requests)),
  },
  {
    id: "save-csv", title: "Save series (CSV)",
    say: "The strips in numbers, one line a sample.",
    missing: ({ series }) => nothingYet(series?.samples),
  },
  {
    id: "save-png", title: "Save picture (PNG)",
    say: "The cluster as it stands.",
    missing: ({ frame }) => nothingYet(frame?.requests),
  },
];

export class Header {
  readonly #app: App;
  readonly #onStudy: (row: StudyRow) => void;
  readonly #name = byId("trace-name");
  readonly #facts = byId("trace-facts");
  readonly #menu = byId("samples");
  readonly #theme = byId("theme");
  readonly #share = byId("share");
  readonly #shareMenu = byId("share-menu");
  readonly #shares: { button: HTMLButtonElement; small: HTMLElement }[] = [];
  #menuFor = "";
  #shared: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App, onTheme: () => void, onStudy: (row: StudyRow) => void) {
    this.#app = app;
    this.#onStudy = onStudy;
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
    SHARES.forEach(({ say, missing }, i) => {
      const { button, small } = this.#shares[i]!;
      const why = missing(state);
      button.disabled = why !== "";
      setText(small, why === "" ? say : why);
    });
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
      h("h2", {}, "Published figures"),
      ...tables.studies.map((row) =>
        this.#sample(row.title, row.summary, "", false, () => this.#onStudy(row))),
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
    const acts: Record<string, () => void> = {
      "copy-link": () => void this.#copyLink(),
      "save-json": () => this.#app.saveSummary(),
      "save-csv": () => {
        const { series, tables } = this.#app.store.now;
        if (series !== null && tables !== null) saveCsv(series, tables.series);
      },
      "save-png": () => savePicture(byId<HTMLCanvasElement>("cluster"),
        getComputedStyle(byId("stage")).backgroundColor),
    };
    for (const { id, title, say } of SHARES) {
      const small = h("small", {}, say);
      const button = h("button", { type: "button", class: "sample", id, click: () => {
        this.#shareMenu.hidePopover();
        acts[id]?.();
      } }, h("b", {}, title), small);
      this.#shares.push({ button, small });
      this.#shareMenu.append(button);
    }
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

function nothingYet(count: number | undefined): string {
  return (count ?? 0) === 0 ? "Nothing has been served yet." : "";
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
