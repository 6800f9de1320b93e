/** Alerts and changes of the router's weights, as the core has raised and made them. */
import type { WholeApp } from "../../app/actions.ts";
import type { Alert, Monitoring, Tuned } from "../../engine/protocol.ts";
import { runOf, type State } from "../../state/state.ts";
import * as format from "../../text/format.ts";
import { alertWords, reasonWords } from "../../text/monitoring.ts";
import { h, setText } from "../dom.ts";
import type { TabContent } from "./tabs.ts";

const SHOWN = 200;

export class AlertsPanel implements TabContent {
  readonly element: HTMLElement;
  readonly #app: WholeApp;
  readonly #now = h("p", { class: "say", "data-part": "window-now" });
  readonly #alerts = h("ol", { class: "rows", "data-list": "alerts" });
  readonly #changes = h("ol", { class: "rows", "data-list": "tuned" });
  readonly #tuning = h("h3", {}, "Changes of weights");
  readonly #save: HTMLButtonElement;
  #drawn: Monitoring | null = null;
  #ended = false;

  constructor(app: WholeApp) {
    this.#app = app;
    this.#save = h("button", { type: "button", class: "button", "data-part": "save-events",
      title: "Alerts, changes of weights, migrations, what was done and moments kept, a line each",
      click: () => app.save.saveEvents() }, "CSV of what happened");
    this.element = h("div", {}, this.#now, this.#save, this.#alerts, this.#tuning, this.#changes);
  }

  render(state: State): void {
    const { monitoring, frame } = runOf(state);
    setText(this.#now, sayNow(monitoring));
    // With a worker that has stopped went what it knew.
    this.#save.disabled = (frame?.requests ?? 0) === 0 || state.engine === "crashed";
    const ended = frame?.done === true;
    if (monitoring === this.#drawn && ended === this.#ended) return;
    this.#drawn = monitoring;
    this.#ended = ended;
    const { alerts = [], tuned = [] } = monitoring ?? {};
    const latest = <T>(all: T[]) => all.slice(-SHOWN).reverse();
    this.#alerts.replaceChildren(...latest(alerts).map((alert) => this.#alert(alert)));
    this.#tuning.hidden = tuned.length === 0;
    this.#changes.replaceChildren(...latest(tuned).map((change) => this.#change(change)));
  }

  #alert(alert: Alert): HTMLElement {
    const { raised, cleared } = alert;
    return h("li", { "data-up": cleared === null ? "yes" : "no" },
      h("b", {}, alertWords(alert)),
      h("small", {}, "raised after request ", this.#to(raised)),
      cleared === null ? h("small", {}, this.#ended ? "not cleared by the end" : "not cleared yet")
        : h("small", {}, "cleared after request ", this.#to(cleared)));
  }

  #change(tuned: Tuned): HTMLElement {
    return h("li", {},
      ...tuned.changes.map(({ name, old, new: now }) =>
        h("b", {}, `${name} ${format.value(old)} → ${format.value(now)}`)),
      h("small", {}, "from request ", this.#to(tuned.request)),
      h("small", {}, `${reasonWords(tuned.reason)}: hits ${format.share(tuned.hit_rate)}, most on `
        + `one node ${format.share(tuned.concentration)}`));
  }

  /** A request's number that one can go to. */
  #to(request: number): HTMLElement {
    return h("button", { type: "button", class: "link", click: () => this.#app.run.seek(request) },
      format.integer(request));
  }
}

function sayNow(monitoring: Monitoring | null): string {
  if (monitoring === null || monitoring.hit_rate === null) {
    return "Alerts are judged after every detection window; none has ended yet.";
  }
  const { hit_rate, concentration, hot_blocks, hottest_share, alerts } = monitoring;
  const hot = hot_blocks === null || hottest_share === null ? ""
    : ` ${format.plural(hot_blocks, "block")} hot, the hottest in ${format.share(hottest_share)} `
      + "of its requests.";
  return `The latest detection window: hits ${format.share(hit_rate)}, most of the work on one `
    + `node ${format.share(concentration ?? 0)}.${hot}`
    + (alerts.length === 0 ? " No alert so far." : "");
}
