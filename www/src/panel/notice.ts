/** What stands in the way, in plain words, over the stage: a crash, an error, a partial link. */
import type { App } from "../app.ts";
import { byId, h } from "../dom.ts";
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
      state.notices]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    const card = this.#card(state);
    this.#host.hidden = card === null;
    this.#host.replaceChildren(...(card === null ? [] : [card]));
  }

  #card({ engine, crash, failure, notices }: State): HTMLElement | null {
    if (engine === "crashed") {
      return h("div", { class: "card bad", role: "alert", "data-notice": "crashed" },
        h("h2", {}, "The simulator stopped"),
        h("p", {}, "Something inside it broke, and this page is fine. Restart begins the same "
          + "run again with fresh memory. If it stops again, this sentence helps whoever mends it:"),
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
    if (notices.length === 0) return null;
    return h("div", { class: "card", role: "status", "data-notice": "link" },
      ...notices.map((text) => h("p", {}, text)),
      h("button", { type: "button", class: "small", click: () => this.#app.dismissNotices() },
        "Dismiss"));
  }
}
