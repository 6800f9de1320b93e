/** The menu of what leaves the page: a link, and the run as files. */
import type { WholeApp } from "../app/actions.ts";
import type { Pictured } from "../app/files.ts";
import { lookOf } from "../draw/look.ts";
import { letterOf } from "../state/lanes.ts";
import { served } from "../state/run.ts";
import { isCompared, runOf, type State } from "../state/state.ts";
import { h, part, setText } from "./dom.ts";
import { place } from "./popover.ts";

/** How long the button says what has become of the link. */
const SAID_MS = 2500;

interface Entry {
  id: string;
  title: string;
  say: string;
  /** Where there are several lanes, it is of the selected one alone. */
  ofLane?: true;
  /** What else there is to say now, or "". */
  note?(state: State): string;
  act(menu: ShareMenu): void;
  /** Why the entry is closed now, or "". */
  missing(state: State): string;
}

const nothingYet = (count: number): string => (count === 0 ? "Nothing has been served yet." : "");

const ENTRIES: Entry[] = [
  {
    id: "copy-link", title: "Copy link",
    say: "Workload, seed, policies, parameters, speed and, paused, the moment; of a file its name "
      + "and size, never the trace.",
    act: (menu) => void menu.copy(menu.app.share.link(),
      "Link is in the address bar"),
    missing: () => "",
  },
  {
    id: "copy-embed", title: "Copy embed",
    say: "Both ways into a page of yours: a <kv-scope> element, and below it a frame.",
    note: ({ source }) => (source?.kind === "file"
      ? " Your file stays here: the figure asks its readers for it, or takes an address in src."
      : ""),
    act: (menu) => void menu.copy(menu.app.save.embed(), "Could not copy"),
    missing: () => "",
  },
  {
    id: "save-json", title: "Save summary (JSON)",
    say: "Every figure so far, as the command line prints it.",
    act: ({ app }) => app.save.saveSummary(),
    missing: (state) => (state.engine === "crashed"
      ? "The simulator has stopped, and with it went the sums." : nothingYet(served(runOf(state)))),
  },
  {
    id: "save-config", title: "Save configuration",
    say: "What runs, for kvscope run --config and for dropping it here again.", ofLane: true,
    act: ({ app }) => app.config.save(),
    missing: () => "",
  },
  {
    id: "save-csv", title: "Save series (CSV)",
    say: "The strips in numbers, one line a sample.",
    act: ({ app }) => app.save.saveSeries(),
    missing: (state) => nothingYet(runOf(state).series?.samples ?? 0),
  },
  {
    id: "save-png", title: "Save picture (PNG)",
    say: "The cluster as it stands.",
    act: (menu) => menu.savePicture(),
    missing: (state) => nothingYet(served(runOf(state))),
  },
];

export class ShareMenu {
  readonly app: WholeApp;
  readonly #root: HTMLElement;
  readonly #button: HTMLElement;
  readonly #entries: { button: HTMLButtonElement; of: HTMLElement; small: HTMLElement }[];
  #said: ReturnType<typeof setTimeout> | undefined;

  constructor(app: WholeApp, root: HTMLElement) {
    this.app = app;
    this.#root = root;
    this.#button = part(root, "share");
    const menu = part(root, "share-menu");
    this.#entries = ENTRIES.map(({ id, title, say, act }) => {
      const [of, small] = [h("span"), h("small", {}, say)];
      const button = h("button", { type: "button", class: "sample", "data-part": id, click: () => {
        menu.hidePopover();
        act(this);
      } }, h("b", {}, title, of), small);
      return { button, of, small };
    });
    menu.append(...this.#entries.map(({ button }) => button));
    place(menu, this.#button);
  }

  render(state: State): void {
    ENTRIES.forEach(({ say, ofLane, note, missing }, i) => {
      const { button, of, small } = this.#entries[i]!;
      setText(of, ofLane && isCompared(state) ? ` of ${letterOf(state.selected)}` : "");
      const why = missing(state);
      button.disabled = why !== "";
      setText(small, why === "" ? say + (note?.(state) ?? "") : why);
    });
  }

  async copy(text: string, failed: string): Promise<void> {
    const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
    setText(this.#button, copied ? "Copied" : failed);
    clearTimeout(this.#said);
    this.#said = setTimeout(() => setText(this.#button, "Share"), SAID_MS);
  }

  savePicture(): void {
    const caption = [textOf(part(this.#root, "caption"))];
    const lanes = [...part(this.#root, "multiples").children].map(pictured);
    const alone = { canvas: part<HTMLCanvasElement>(this.#root, "cluster"), lines: caption };
    const look = lookOf(part(this.#root, "stage"));
    this.app.save.savePicture(lanes.length > 0 ? lanes : [alone], look);
  }
}

/** A lane's picture, with its name and its figures. */
function pictured(lane: Element): Pictured {
  const figures = [...lane.querySelectorAll<HTMLElement>(".lane-figure")]
    .filter(({ hidden }) => !hidden)
    .map((figure) => [...figure.children].map(textOf).join(" "));
  return { canvas: lane.querySelector("canvas")!,
    lines: [textOf(lane.querySelector(".lane-head")!), figures.join(" · ")] };
}

function textOf(element: Element): string {
  return [...element.childNodes].map((node) => node.textContent ?? "")
    .filter((text) => text !== "").join(" ");
}
