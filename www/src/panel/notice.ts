/** What stands in the way, in plain words, over the stage: a crash, an error, a partial link. */
import type { App } from "../app.ts";
import { byId, h } from "../dom.ts";
import * as format from "../format.ts";
import type { State } from "../state.ts";

export class NoticePanel {
  readonly #app: App;
  readonly #host = byId("notice");
  #drawn = "";

  constructor(app: App) {
    this.#app = app;
  }

  render(state: State): void {
    const key = JSON.stringify([state.engine === "crashed", state.crash, state.failure,
      state.notices, nothingFound(state)]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    const card = this.#card(state);
    this.#host.hidden = card === null;
    this.#host.replaceChildren(...(card === null ? [] : [card]));
  }

  #card(state: State): HTMLElement | null {
    const { engine, crash, failure, notices } = state;
    if (engine === "crashed") {
      return h("div", { class: "card bad", role: "alert", "data-notice": "crashed" },
        h("h2", {}, "The simulator stopped"),
        h("p", {}, "Something inside it broke; this page is fine. Restart begins the same run "
          + "again with fresh memory. If it stops again, this helps whoever mends it:"),
        h("code", {}, crash || "no message"),
        h("button", { type: "button", class: "primary", id: "recover",
          click: () => this.#app.restart() }, "Restart"));
    }
    if (failure !== null) {
      const reasons = failure.reasons.map((r) => h("li", {}, r.message));
      return h("div", { class: "card bad", role: "alert", "data-notice": failure.kind },
        h("h2", {}, failure.kind === "config" ? "This configuration cannot run"
          : "The trace could not be read to its end"),
        reasons.length > 0 ? h("ul", {}, ...reasons) : h("p", {}, failure.message));
    }
    const bad = nothingFound(state);
    if (bad !== null) {
      return h("div", { class: "card bad", role: "alert", "data-notice": "nothing" },
        h("h2", {}, "No request was found in this file"),
        h("p", {}, `${bad === 0 ? "It has no lines with anything in them" : `None of its `
          + `${format.plural(bad, "line")} could be read as a request`}. A trace has one JSON `
          + "object a line, with a time, a prompt length and the hash ids of its blocks. The tab "
          + "Trace lists what stood in the way."));
    }
    if (notices.length === 0) return null;
    return h("div", { class: "card", role: "status", "data-notice": "link" },
      ...notices.map((text) => h("p", {}, text)),
      h("button", { type: "button", class: "small", click: () => this.#app.dismissNotices() },
        "Dismiss"));
  }
}

/** Bad lines of a trace that gave no request at all, or null where that is not so. */
function nothingFound({ frame, report, load }: State): number | null {
  const read = load?.phase === "complete" || load?.phase === "stopped";
  return read && frame?.done && frame.requests === 0 ? (report?.bad_lines_total ?? 0) : null;
}
