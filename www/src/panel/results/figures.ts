/** The headline figures: never a number alone, always beside its ceiling or its fair share. */
import type { App } from "../../app/app.ts";
import { h, part, setAttribute, setFigure, setText } from "../dom.ts";
import * as format from "../../text/format.ts";
import { aliveNodes } from "../../draw/cluster/view.ts";
import type { Totals } from "../../engine/protocol.ts";
import { hasBlocks, resultsName, runOf, type State } from "../../state/state.ts";
import type { Scope } from "../../state/setup.ts";
import { bytesOfBlock } from "../../state/size.ts";
import { TtftSpread } from "./ttft.ts";
import { watchSentence } from "./watch.ts";

const SCOPES: Record<Scope, string> = { window: "last 1,000", run: "whole run" };

interface Tile {
  element: HTMLElement;
  figure: HTMLElement;
  small: HTMLElement;
}

export class FiguresPanel {
  readonly #hit = tile("Token hit rate", "hit_rate", "Prompt tokens found in cache on the chosen "
    + "node, over all prompt tokens.");
  readonly #share = tile("Top share of work", "largest_share", "The busiest node's part of the "
    + "tokens that had to be computed.");
  readonly #evicted = tile("Evictions", "evictions_short", "Blocks pushed out for want of room.");
  readonly #moved = tile("Migrated blocks", "migrated_short",
    "Blocks moved or copied between nodes.");
  readonly #ttft = tile("TTFT p99", "ttft_p99", "Time to first token: 99 of 100 requests wait "
    + "no longer.");
  readonly #inside = tile("Inside the SLO", "inside_slo", "Requests whose first token came in "
    + "time.");
  readonly #spread = new TtftSpread();
  readonly #bar = h("i", {});
  readonly #mark = h("u", {});
  readonly #ceiling = h("p", { class: "ceiling" });
  readonly #heading: HTMLElement;
  readonly #watch: HTMLElement;
  readonly #scopes: [Scope, HTMLButtonElement][];
  readonly #strong = h("b", {});
  readonly #rest = h("span", {});

  constructor(app: App, root: HTMLElement) {
    this.#heading = part(root, "so-far");
    this.#scopes = (["window", "run"] as const).map((scope) => [scope, h("button", {
      type: "button", "data-scope": scope, click: () => app.setScope(scope) }, SCOPES[scope])]);
    part(root, "scope").append(...this.#scopes.map(([, button]) => button));
    this.#watch = part(root, "watch");
    const meter = h("div", { class: "meter", "aria-hidden": "true" }, this.#bar, this.#mark);
    part(root, "figures").append(
      this.#ttft.element, this.#inside.element, this.#hit.element, this.#share.element,
      h("div", { class: "wide" }, meter, this.#ceiling), this.#spread.element,
      this.#evicted.element, this.#moved.element,
    );
    this.#watch.append(this.#strong, " ", this.#rest);
  }

  render(state: State): void {
    const sentence = watchSentence(state);
    this.#watch.hidden = sentence === null;
    if (sentence !== null) {
      setText(this.#strong, sentence.strong);
      setText(this.#rest, sentence.rest);
      setAttribute(this.#watch, "data-tone", sentence.tone);
    }
    const { frame, config } = runOf(state);
    const last = frame?.totals.window.requests ?? 0;
    for (const [scope, button] of this.#scopes) {
      setAttribute(button, "aria-pressed", String(scope === state.setup.scope));
      if (scope === "window" && last > 0) setText(button, `last ${format.integer(last)}`);
    }
    setText(this.#heading, resultsName(state));
    if (frame === null || frame.requests === 0) {
      this.#blank();
      return;
    }
    const { totals } = frame;
    const { scope } = state.setup;
    this.#hitRate(totals, hasBlocks(state), scope);
    this.#balance(totals, aliveNodes(frame), scope);
    setFigure(this.#evicted.figure, format.compact(totals.evictions), totals.evictions);
    setText(this.#evicted.small, totals.evictions === 0 ? "none so far"
      : `${leastOf(totals)}${format.compact(totals.rewanted)} wanted again`);
    const { migrated_blocks, migrations } = totals;
    setFigure(this.#moved.figure, format.compact(migrated_blocks), migrated_blocks);
    const each = bytesOfBlock(state, config);
    const weight = each === null || migrated_blocks === 0 ? ""
      : ` · ${format.bytes(migrated_blocks * each)}`;
    setText(this.#moved.small, `${format.plural(migrations, "move")}${weight}`);
    this.#timed(totals);
  }

  /** No run has figures yet, and those of the run before are not this one's. */
  #blank(): void {
    for (const { figure, small } of [this.#hit, this.#share, this.#evicted, this.#moved,
      this.#ttft, this.#inside]) {
      setFigure(figure, "–", "");
      setFigure(small, "", "");
    }
    this.#bar.style.setProperty("width", "0");
    this.#mark.hidden = true;
    setText(this.#ceiling, "");
    this.#spread.render(undefined);
  }

  #hitRate(totals: Totals, known: boolean, scope: Scope): void {
    const { ceiling_tokens, window } = totals;
    const [of, beside] = scope === "window" ? [window, totals] : [totals, window];
    const { hit_tokens, input_tokens } = totals;
    if (!known) {
      setFigure(this.#hit.figure, "–", "");
      setText(this.#hit.small, "no block ids");
      this.#bar.style.setProperty("width", "0");
      this.#mark.hidden = true;
      setText(this.#ceiling, "");
      return;
    }
    setFigure(this.#hit.figure, format.percent(of.hit_tokens, of.input_tokens),
      `${of.hit_tokens}/${of.input_tokens}`);
    const what = scope === "window" ? "whole run" : `last ${format.integer(window.requests)}`;
    setText(this.#hit.small, `${what}: ${format.percent(beside.hit_tokens, beside.input_tokens)}`);
    const share = (n: number) => (input_tokens > 0 ? n / input_tokens : 0);
    this.#bar.style.setProperty("width", `${100 * share(hit_tokens)}%`);
    this.#mark.hidden = false;
    this.#mark.style.setProperty("left", `${100 * share(ceiling_tokens)}%`);
    const left = 100 * (share(ceiling_tokens) - share(hit_tokens));
    const ceiling = leastOf(totals) + format.percent(ceiling_tokens, input_tokens);
    const whole = scope === "window" ? " of the whole run" : "";
    setText(this.#ceiling, `Ceiling${whole}, infinite cache: ${ceiling}`
      + ` · ${left.toFixed(1)} points left`);
  }

  #balance({ balance, window_balance }: Totals, nodes: number, scope: Scope): void {
    if (nodes === 0) {
      setFigure(this.#share.figure, format.NOTHING, "");
      setText(this.#share.small, "no node takes requests");
      return;
    }
    const { work } = scope === "window" ? window_balance : balance;
    const { largest_share, largest_node, max_over_mean } = work;
    const one = max_over_mean > 0 ? 1 : 0;
    setFigure(this.#share.figure, format.percent(largest_share, one), one > 0 ? largest_share : "");
    setText(this.#share.small, `node ${largest_node} · fair ${format.percent(1, nodes)}`);
  }

  #timed({ ttft, rejected }: Totals): void {
    this.#ttft.element.hidden = ttft === undefined;
    this.#inside.element.hidden = ttft === undefined;
    this.#spread.render(ttft);
    if (ttft === undefined) return;
    if (ttft.completed === 0) {
      for (const { figure, small } of [this.#ttft, this.#inside]) {
        setFigure(figure, format.NOTHING, "");
        setFigure(small, "none served", "");
      }
      return;
    }
    setFigure(this.#ttft.figure, format.seconds(ttft.p99_s), ttft.p99_s);
    setFigure(this.#ttft.small, `mean ${format.seconds(ttft.mean_s)}`, ttft.mean_s);
    setFigure(this.#inside.figure, format.percent(ttft.inside_slo, ttft.completed),
      ttft.inside_slo);
    const served = rejected > 0 ? ", of those served" : "";
    setText(this.#inside.small, `of ${format.value(ttft.slo_s)} s${served}`);
  }
}

function tile(label: string, figure: string, title: string): Tile {
  const number = h("b", { "data-figure": figure, "data-value": "" }, "–");
  const small = h("small", { "data-figure": `${figure}_beside` });
  const element = h("div", { class: "tile", title }, h("span", {}, label), number, small);
  return { element, figure: number, small };
}

/** Before what is at least so, once names of blocks were forgotten. */
function leastOf({ names_known_to }: Totals): string {
  return names_known_to === undefined ? "" : "≥ ";
}
