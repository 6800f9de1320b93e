/** The views beside that of the run, which goes on behind them. */
import "../../style/views.css";
import type { App } from "../../app/app.ts";
import type { State } from "../../state/state.ts";
import { h } from "../dom.ts";
import { AdvicePanel } from "./advice.ts";
import { CurvePanel } from "./curve.ts";
import { LearnView } from "./learn.ts";
import { LimitsPanel } from "./limits.ts";
import { SweepPanel } from "./sweep.ts";
import { TraceView } from "./trace.ts";

export class Views {
  readonly #app: App;
  readonly #trace: TraceView;
  readonly #curve: CurvePanel;
  readonly #sweep: SweepPanel;
  readonly #limits: LimitsPanel;
  readonly #advice: AdvicePanel;
  readonly #learn: LearnView;
  readonly #plan: HTMLElement;
  #asked = "";

  /** Puts them behind `layout`, which is that of the run. */
  constructor(app: App, layout: HTMLElement) {
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
    layout.after(this.#plan, this.#trace.element, this.#learn.element);
  }

  render(state: State): void {
    const { view } = state.setup;
    this.#plan.hidden = view !== "plan";
    this.#trace.element.hidden = view !== "trace";
    this.#learn.element.hidden = view !== "learn";
    this.#ask(state);
    if (view === "plan") {
      this.#curve.render(state);
      this.#sweep.render(state);
      this.#limits.render(state);
      this.#advice.render(state);
    }
    if (view === "trace") this.#trace.render(state);
    if (view === "learn") this.#learn.render(state);
  }

  /** What a view is for is computed when it is opened, and again for another trace. */
  #ask({ setup, analysis }: State): void {
    const { view } = setup;
    if (view === "run" || view === "learn" || analysis.trace === "") return;
    const { insertion = "flat" } = setup.config;
    const what = view === "trace" ? "trace" : `plan ${insertion}`;
    const key = `${what} ${analysis.trace}`;
    if (key === this.#asked) return;
    this.#asked = key;
    const { facts, curve } = analysis;
    if (view === "trace" && facts.work.phase === "idle") void this.#app.analysis.facts();
    const drawn = curve.asked?.configs[0]?.["insertion"] ?? insertion;
    if (view === "plan" && (curve.work.phase === "idle" || drawn !== insertion)) {
      void this.#app.curve.start();
    }
  }
}
