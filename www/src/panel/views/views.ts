/** The views beside that of the run, which goes on behind them. */
import "../../style/views.css";
import type { WholeApp } from "../../app/actions.ts";
import { configsOf } from "../../state/requests.ts";
import type { State } from "../../state/state.ts";
import { h } from "../dom.ts";
import { AdvicePanel } from "./advice.ts";
import { CurvePanel } from "./curve.ts";
import { LearnView } from "./learn.ts";
import { LedgerView } from "./ledger.ts";
import { LimitsPanel } from "./limits.ts";
import { RequestsView } from "./requests.ts";
import { SweepPanel } from "./sweep.ts";
import { TraceView } from "./trace.ts";

export class Views {
  readonly #app: WholeApp;
  readonly #trace: TraceView;
  readonly #curve: CurvePanel;
  readonly #sweep: SweepPanel;
  readonly #limits: LimitsPanel;
  readonly #advice: AdvicePanel;
  readonly #learn: LearnView;
  readonly #plan: HTMLElement;
  readonly #requests: RequestsView;
  readonly #ledger: LedgerView;
  #asked = "";

  /** Puts them behind `layout`, which is that of the run. */
  constructor(app: WholeApp, layout: HTMLElement) {
    this.#app = app;
    this.#trace = new TraceView(app);
    this.#curve = new CurvePanel(app);
    this.#sweep = new SweepPanel(app);
    this.#limits = new LimitsPanel(app);
    this.#advice = new AdvicePanel(app);
    this.#learn = new LearnView(app);
    this.#plan = h("main", { class: "view", "data-view": "plan", tabindex: -1,
      "aria-label": "How much cache, which policy" }, this.#curve.element, this.#sweep.element,
    this.#limits.element, this.#advice.element);
    this.#requests = new RequestsView(app);
    this.#ledger = new LedgerView(app);
    const all = [this.#plan, this.#requests.element, this.#trace.element, this.#learn.element,
      this.#ledger.element];
    // Which one is open, the first picture says.
    for (const view of all) view.hidden = true;
    layout.after(...all);
  }

  render(state: State): void {
    const { view } = state.setup;
    this.#plan.hidden = view !== "plan";
    this.#trace.element.hidden = view !== "trace";
    this.#requests.element.hidden = view !== "requests";
    this.#ledger.element.hidden = view !== "ledger";
    this.#learn.element.hidden = view !== "learn";
    this.#ask(state);
    if (view === "plan") {
      this.#curve.render(state);
      this.#sweep.render(state);
      this.#limits.render(state);
      this.#advice.render(state);
    }
    if (view === "trace") this.#trace.render(state);
    if (view === "requests") this.#requests.render(state);
    if (view === "ledger") this.#ledger.render(state);
    if (view === "learn") this.#learn.render(state);
  }

  /** What a view is for is computed when it is opened, and again for another trace. */
  #ask(state: State): void {
    const { setup, analysis } = state;
    const { view } = setup;
    const asksNothing = view === "run" || view === "learn" || view === "ledger";
    if (asksNothing || analysis.trace === "") return;
    const { insertion = "flat" } = setup.config;
    const what = view === "trace" ? "trace" : view === "plan" ? `plan ${insertion}`
      : `requests ${state.lanes[0].job} ${JSON.stringify(configsOf(state))}`;
    const key = `${what} ${analysis.trace}`;
    if (key === this.#asked) return;
    this.#asked = key;
    const { facts, curve } = analysis;
    if (view === "requests") void this.#app.requests.open();
    if (view === "trace" && facts.work.phase === "idle") void this.#app.analysis.facts();
    const drawn = curve.asked?.configs[0]?.["insertion"] ?? insertion;
    if (view === "plan" && (curve.work.phase === "idle" || drawn !== insertion)) {
      void this.#app.curve.start();
    }
  }
}
