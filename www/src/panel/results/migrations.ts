/** Every migration of the run, the latest first. */
import type { App } from "../../app/app.ts";
import { h, setText } from "../dom.ts";
import * as format from "../../text/format.ts";
import type { Migration } from "../../engine/protocol.ts";
import { MOST_LANES } from "../../state/lanes.ts";
import { runOf, type State } from "../../state/state.ts";
import type { TabPanel } from "./tabs.ts";

const SHOWN = 200;

export class MigrationsPanel implements TabPanel {
  readonly id = "migrations";
  readonly title = "Moves";
  readonly element: HTMLElement;
  readonly #list = h("ol", { class: "rows", "data-list": "migrations" });
  readonly #say = h("p", { class: "say" });
  readonly #beside: HTMLButtonElement;
  #drawn: Migration[] | null = null;

  constructor(app: App) {
    this.#beside = h("button", { type: "button", class: "small", "data-act": "without-moves",
      title: "What moving is worth is the difference to the same run without it",
      click: () => app.compare.addWithoutMoves() }, "Beside the same run without moves");
    this.element = h("div", {}, this.#beside, this.#list, this.#say);
  }

  badge(state: State): string {
    const count = runOf(state).frame?.totals.migrations ?? 0;
    return count === 0 ? "" : format.compact(count);
  }

  render(state: State): void {
    const { migrations, frame, config } = runOf(state);
    this.#beside.hidden = migrations.length === 0 || config.migration?.id === "none"
      || state.setup.others.length + 1 >= MOST_LANES;
    if (migrations === this.#drawn) return;
    this.#drawn = migrations;
    const shown = migrations.slice(-SHOWN).reverse();
    this.#list.replaceChildren(...shown.map(line));
    const total = frame?.totals.migrations ?? migrations.length;
    setText(this.#say, total === 0
      ? "Nothing has moved. Some routers move or copy blocks off a crowded node; what they do is "
        + "listed here."
      : total > shown.length ? `The latest ${SHOWN} of ${format.integer(total)}.` : "");
  }
}

function line(m: Migration): HTMLElement {
  const verb = m.kind === "copy" ? "copied" : "moved";
  const skipped = m.chosen - m.moved;
  const title = `${format.integer(m.chosen)} blocks chosen, ${format.integer(m.moved)} ${verb}`
    + (skipped > 0 ? `, ${format.integer(skipped)} already there` : "");
  return h("li", { title },
    h("b", {}, `${m.source} → ${m.target}`),
    h("b", {}, format.plural(m.moved, "block")),
    h("small", {}, `request ${format.integer(m.request)}`),
    h("small", {}, `held ${format.percent(m.share_before, 1, 0)} of all blocks`),
  );
}
