/** The cluster's frame: its sentence, the picture of the run, or of every lane, the empty state. */
import type { LiveApp } from "../app/live.ts";
import * as format from "../text/format.ts";
import { preferredHeight } from "../draw/cluster/layout.ts";
import type { Studio } from "../draw/easel/studio.ts";
import { UNLIMITED_BLOCKS, type Frame } from "../engine/protocol.ts";
import { asksFirst, chosenRow, numberSetting } from "../state/setup.ts";
import { isCompared, runOf, sourceName, type State } from "../state/state.ts";
import { Multiples } from "./compare/multiples.ts";
import { part, setText } from "./dom.ts";
import { Picture, type HeightFor } from "./picture.ts";

/** Many nodes want more height than the window gives, and the page then scrolls. A window a little
 *  too low is no reason to, and for clusters beside each other a little more is none. */
const alone: HeightFor = (width, places) => 0.9 * preferredHeight(width, places);
const beside: HeightFor = (width, places) =>
  Math.max(200, 0.8 * preferredHeight(width, places));

export class Stage {
  readonly #picture: Picture;
  readonly #multiples: Multiples;
  readonly #box: HTMLElement;
  readonly #caption: HTMLElement;
  readonly #empty: HTMLElement;
  #compared = false;
  #height = 0;

  /** `least` is the height of a picture where that of a page is too much. */
  constructor(app: LiveApp, root: HTMLElement, studio: Studio, least?: HeightFor) {
    this.#box = part(root, "cluster-box");
    this.#caption = part(root, "caption");
    this.#empty = part(root, "empty");
    const spoken = part(root, "spoken");
    const options = { studio, heightFor: least ?? alone, onResize: () => app.store.set({}),
      onSay: (text: string) => setText(spoken, text),
      onChoose: (node: number | null) => app.whatIf.choose(node),
      onFail: (why: string) => app.store.set({ unpainted: unpainted(why) }) };
    this.#picture = new Picture(part(root, "cluster"), part(root, "tip"), options);
    this.#multiples = new Multiples(app, part(root, "multiples"),
      { ...options, heightFor: least ?? beside });
  }

  render(state: State): void {
    setText(this.#caption, captionOf(state));
    const run = runOf(state);
    const { frame } = run;
    this.#compared = isCompared(state);
    this.#multiples.render(state);
    part(this.#box, "cluster").hidden = this.#compared;
    this.#empty.hidden = frame !== null || run.failure !== null || state.engine === "crashed"
      || state.awaited !== null;
    this.#picture.choose(state.node);
    if (this.#compared) this.#fit(0);
    this.follow(state);
  }

  /** The pictures alone take in what is new of the run. */
  follow(state: State): void {
    if (this.#compared) return this.#multiples.follow(state);
    this.#picture.render(runOf(state), state);
    // Also without a new frame: the width may be another, as when a view before it was closed.
    const height = this.#picture.height();
    if (height !== null) this.#fit(height);
  }

  theme(): void {
    this.#picture.theme();
    this.#multiples.theme();
  }

  #fit(height: number): void {
    if (height === this.#height) return;
    this.#height = height;
    this.#box.style.setProperty("min-height", height > 0 ? `${height}px` : "");
  }
}

/** What is there without a picture, and what gives it back. */
function unpainted(why: string): string {
  return `The picture of the cluster cannot be drawn (${why || "its worker did not start"}). The `
    + "run goes on, and its figures, strips and tables are right; load the page again for the "
    + "picture.";
}

/** The configuration as a sentence; what several lanes differ in stands with their figures. */
function captionOf(state: State): string {
  const { tables } = state;
  const { config, frame, failure } = runOf(state);
  if (tables === null) return "Starting the simulator…";
  if (state.awaited !== null) return "Everything is chosen; the trace is missing";
  const nodes = numberSetting(tables, config, "nodes");
  const verb = failure?.kind === "config" ? "cannot serve" : "serve";
  if (asksFirst(state.setup)) {
    // Its words are held to the figures by test/first.test.ts.
    return "Which router should your cluster run? Same requests, same seed, two routers. Their hit "
      + "rates lie a few points apart, but A leaves six nodes idle while the others queue: look at "
      + "the times to first token.";
  }
  if (isCompared(state)) {
    return `${format.plural(state.lanes.length, "cluster")} ${verb} ${sourceName(state)} side by `
      + "side, request by request";
  }
  const router = chosenRow(tables, "router", config)?.title ?? "";
  const eviction = chosenRow(tables, "eviction", config)?.title ?? "";
  return `${format.plural(nodes, "prefill node")}${roomOf(frame)} ${verb} ${sourceName(state)}, `
    + `routed by ${router}, evicting by ${eviction}`;
}

/** The room of a node, which is known in blocks once the core has a block size. */
function roomOf(frame: Frame | null): string {
  if (frame === null) return "";
  const { capacity_blocks } = frame;
  return capacity_blocks >= UNLIMITED_BLOCKS
    ? " without a limit" : ` of ${format.integer(capacity_blocks)} blocks`;
}
