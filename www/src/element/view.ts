/** A figure on its shadow root: the page's own picture, strips and table, made compact. */
import type { Pictured } from "../app/files.ts";
import { leastHeight } from "../draw/cluster/layout.ts";
import { lookOf, type Look } from "../draw/look.ts";
import type { LiveApp } from "../app/live.ts";
import type { Studio } from "../draw/easel/studio.ts";
import { startLoop } from "../draw/loop.ts";
import { ONE_LANE } from "../draw/strips/kinds.ts";
import { Turns } from "../draw/turns.ts";
import { h, setAttribute } from "../panel/dom.ts";
import { NoticePanel } from "../panel/notice.ts";
import { Stage } from "../panel/stage.ts";
import { StripsPanel } from "../panel/strips.ts";
import { Told } from "../panel/told.ts";
import type { State } from "../state/state.ts";
import { isCompared, runOf, saidOf } from "../state/state.ts";
import type { Asked } from "./attributes.ts";
import { Controls } from "./controls.ts";
import { OwnHeight } from "./height.ts";
import { buildSkeleton, type Skeleton } from "./skeleton.ts";
import { Tables } from "./tables.ts";

interface Options {
  studio: Studio;
  /** Hears of every state that is drawn. */
  told(state: State): void;
  /** Takes a file that the reader chose. */
  took(file: File): void;
}

export class FigureView {
  readonly #app: LiveApp;
  readonly #parts: Skeleton;
  readonly #stage: Stage;
  readonly #strips: StripsPanel;
  readonly #tables: Tables;
  readonly #controls: Controls;
  readonly #notice: NoticePanel;
  readonly #open = h("a", { class: "open", part: "link", target: "_blank", rel: "noopener" },
    "Open", h("span", { class: "where" }, " in kvscope"));
  /** The page that "Open in kvscope" opens. */
  #home = "";
  #table = false;

  constructor(app: LiveApp, shadow: ShadowRoot, { studio, told, took }: Options) {
    this.#app = app;
    this.#parts = buildSkeleton();
    const { root, controls, table } = this.#parts;
    shadow.append(root);
    new OwnHeight(shadow, this.#parts.figure);
    this.#stage = new Stage(app, root, studio, leastHeight);
    this.#strips = new StripsPanel(app, root);
    this.#strips.takeAlone(ONE_LANE);
    this.#tables = new Tables(app, table);
    this.#notice = new NoticePanel(app, root, () => chooseFile(took));
    this.#controls = new Controls(app, controls, (on) => {
      this.#table = on;
      app.store.set({});
    });
    controls.append(this.#open);
    this.#run(told);
  }

  /** What the attributes say of how it looks. */
  show({ figure, picture, controls }: Asked, home: string): void {
    this.#home = home;
    const { root, sentence } = this.#parts;
    setAttribute(root, "data-view", picture);
    setAttribute(root, "aria-label", figure?.title ?? "A cluster that serves a trace");
    sentence.replaceChildren(...(figure === null ? []
      : [h("b", {}, figure.title), h("span", {}, figure.sentence)]));
    setAttribute(root, "data-told", figure === null ? null : "");
    this.#controls.choose(controls);
    setAttribute(this.#parts.controls, "data-count", String(controls.size));
    // The link is of the state, and drawn with it.
    this.#app.store.set({});
  }

  /** Colours have changed: what was drawn with them is drawn anew. */
  recolour(): void {
    this.#stage.theme();
    this.#strips.theme();
    this.#app.store.set({});
  }

  /** The canvases of the picture, without a word, and what they stand on. */
  picture(): { pictures: Pictured[]; look: Look } {
    const all = [...this.#parts.figure.querySelectorAll<HTMLCanvasElement>(".stage canvas")];
    return { pictures: all.filter((canvas) => canvas.offsetWidth > 0)
      .map((canvas) => ({ canvas, lines: [] })), look: lookOf(this.#parts.root) };
  }

  #run(tell: (state: State) => void): void {
    const told = new Told();
    const turns = new Turns<State>([(state) => this.#render(state)]);
    let shown: State | null = null;
    const loop = startLoop((now_ms) => {
      const more = this.#app.tick(now_ms);
      const state = this.#app.store.now;
      const rest = turns.take(state, told.due(state, now_ms));
      if (state !== shown) this.#stage.follow(state);
      if (state !== shown) tell(state);
      shown = state;
      const moving = this.#strips.draw(rest);
      return moving || more || turns.behind || told.behind(state);
    });
    this.#app.store.subscribe(() => loop.wake());
  }

  #render(state: State): void {
    const { root, fallback, figure, table } = this.#parts;
    const { frame, failure } = runOf(state);
    const stands = frame !== null || failure !== null || state.engine === "crashed"
      || state.awaited !== null || saidOf(state).length > 0;
    fallback.hidden = stands;
    setAttribute(root, "data-compared", isCompared(state) ? "" : null);
    figure.hidden = this.#table || !stands;
    table.hidden = !this.#table;
    this.#stage.render(state);
    this.#strips.render(state);
    this.#tables.render(state);
    this.#notice.render(state);
    this.#controls.render(state);
    setAttribute(this.#open, "href", this.link());
  }

  /** The page that `home` is, with what runs here, at the moment where it rests. */
  link(): string {
    return `${this.#home}${this.#app.share.fragmentNow()}`;
  }
}

/** A link may be of a file that only the reader has. */
function chooseFile(took: (file: File) => void): void {
  const input = h("input", { type: "file", change: () => {
    const file = input.files?.[0];
    if (file !== undefined) took(file);
  } });
  input.click();
}
