/** A trace that somebody has opened runs with what was chosen before: with what, in one line above
 *  the picture, and the way to change it. */
import type { App } from "../app/app.ts";
import { UNLIMITED_BLOCKS } from "../engine/protocol.ts";
import { configOf } from "../state/lanes.ts";
import { chosenRow, settingOf } from "../state/setup.ts";
import type { State } from "../state/state.ts";
import * as format from "../text/format.ts";
import { h, part, setText } from "./dom.ts";

export class KeptPanel {
  readonly #host: HTMLElement;
  readonly #say = h("p", {});

  /** `change` brings the person to the settings. */
  constructor(app: App, root: HTMLElement, change: () => void) {
    this.#host = part(root, "kept");
    this.#host.append(this.#say, h("button", { type: "button", class: "small",
      "data-act": "change-kept", click: change }, "Change"),
    h("button", { type: "button", class: "small", "aria-label": "Dismiss",
      "data-act": "keep-kept", click: () => app.source.keptIsRead() }, "×"));
  }

  render(state: State): void {
    this.#host.hidden = !state.kept || state.source === null;
    if (!this.#host.hidden) setText(this.#say, sentence(state));
  }
}

/** Of the first lane; of others the routers, in which they mostly differ. */
function sentence(state: State): string {
  const { tables, setup } = state;
  if (tables === null) return "";
  const configs = [setup.config, ...setup.others].map((_, lane) => configOf(setup, lane));
  const [nodes, capacity] = ["nodes", "capacity_blocks"].map((name) => {
    const spec = tables.settings.find((it) => it.name === name);
    return spec === undefined ? 0 : settingOf(setup.config, spec);
  });
  const routers = [...new Set(configs.map((config) =>
    chosenRow(tables, "router", config)?.id ?? ""))];
  const cache = capacity === UNLIMITED_BLOCKS || capacity === "inf" ? "with unlimited caches"
    : `of ${typeof capacity === "number" ? format.plural(capacity, "block") : capacity}`;
  const clock = chosenRow(tables, "clock", setup.config)?.id ?? "";
  return `On the settings from before: ${format.plural(Number(nodes), "node")} ${cache}, ${
    routers.join(" and ")}, ${clock} clock.`;
}
