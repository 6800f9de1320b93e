/** Which view is open, and the views beside that of the run. The run goes on behind them. */
import type { App } from "../../app/app.ts";
import { VIEWS, type ViewName } from "../../state/setup.ts";
import type { State } from "../../state/state.ts";
import { h, part, setAttribute } from "../dom.ts";
import { AdvicePanel } from "./advice.ts";
import { CurvePanel } from "./curve.ts";
import { LimitsPanel } from "./limits.ts";
import { SweepPanel } from "./sweep.ts";
import { TraceView } from "./trace.ts";

const TITLES: Record<ViewName, [title: string, answers: string]> = {
  run: ["Run", "What happens"],
  plan: ["Plan", "How much cache, which policy"],
  trace: ["Trace", "What is in the trace"],
};

export class Views {
  readonly #app: App;
  readonly #layout: HTMLElement;
  readonly #buttons: [ViewName, HTMLButtonElement][];
  readonly #trace: TraceView;
  readonly #curve: CurvePanel;
  readonly #sweep: SweepPanel;
  readonly #limits: LimitsPanel;
  readonly #advice: AdvicePanel;
  readonly #plan: HTMLElement;
  #asked = "";

  constructor(app: App, root: HTMLElement) {
    this.#app = app;
    this.#layout = part(root, "layout");
    this.#trace = new TraceView(app);
    this.#curve = new CurvePanel(app);
    this.#sweep = new SweepPanel(app);
    this.#limits = new LimitsPanel(app);
    this.#advice = new AdvicePanel(app);
    this.#plan = h("main", { class: "view", "data-view": "plan", tabindex: -1,
      "aria-label": "How much cache, which policy" }, this.#curve.element, this.#sweep.element,
    this.#limits.element, this.#advice.element);
    this.#layout.after(this.#plan, this.#trace.element);
    this.#buttons = VIEWS.map((name) => [name, h("button", { type: "button", "data-view-of": name,
      title: TITLES[name][1], click: () => app.open(name) }, TITLES[name][0])]);
    part(root, "views").append(...this.#buttons.map(([, button]) => button));
  }

  render(state: State): void {
    const { view } = state.setup;
    for (const [name, button] of this.#buttons) {
      setAttribute(button, "aria-current", name === view ? "page" : null);
    }
    this.#layout.hidden = view !== "run";
    this.#plan.hidden = view !== "plan";
    this.#trace.element.hidden = view !== "trace";
    this.#ask(state);
    if (view === "plan") {
      this.#curve.render(state);
      this.#sweep.render(state);
      this.#limits.render(state);
      this.#advice.render(state);
    }
    if (view === "trace") this.#trace.render(state);
  }

  /** What a view is for is computed when it is opened, and again for another trace. */
  #ask({ setup, analysis }: State): void {
    const { view } = setup;
    if (view === "run" || analysis.trace === "") return;
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
