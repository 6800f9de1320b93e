/** An app on its root element: the panels, and the loop that keeps them true. */
import type { App } from "../app/app.ts";
import { startLoop } from "../draw/loop.ts";
import { Turns } from "../draw/turns.ts";
import { CHOICES } from "../state/setup.ts";
import type { State } from "../state/state.ts";
import { LaneChips } from "./compare/chips.ts";
import { HeadlinePanel } from "./compare/headline.ts";
import { PolicyPanel } from "./controls/policy.ts";
import { MONITORING, CLUSTER, SettingsPanel, WorkloadPanel } from "./controls/settings.ts";
import { ControlsSheet } from "./controls/sheet.ts";
import { Curtain } from "./curtain.ts";
import { part } from "./dom.ts";
import { Header } from "./header.ts";
import { HelpSheet } from "./help.ts";
import { KeptPanel } from "./kept.ts";
import { LoadingPanel } from "./loading.ts";
import { Nav } from "./nav.ts";
import { NoticePanel } from "./notice.ts";
import { AlertsPanel } from "./results/alerts.ts";
import { DecisionPanel } from "./results/decision.ts";
import { FiguresPanel } from "./results/figures.ts";
import { MigrationsPanel } from "./results/migrations.ts";
import { NodesPanel } from "./results/nodes.ts";
import { Tabs } from "./results/tabs.ts";
import { TotalsPanel } from "./results/totals.ts";
import { TracePanel } from "./results/trace.ts";
import { ShareMenu } from "./share.ts";
import { buildSkeleton } from "./skeleton.ts";
import { Stage } from "./stage.ts";
import { StripsPanel } from "./strips.ts";
import { StudySheet } from "./study.ts";
import { Told } from "./told.ts";
import { Transport } from "./transport.ts";
import { WhatIfTab } from "./whatif/tab.ts";

interface Panel {
  render(state: State): void;
}

export interface ViewOptions {
  reducedMotion: boolean;
}

export class View {
  readonly help: HelpSheet;
  readonly root: HTMLElement;
  readonly #app: App;
  readonly #stage: Stage;
  readonly #strips: StripsPanel;
  readonly #sheet: ControlsSheet;
  readonly #veil: HTMLElement;
  readonly #file: HTMLInputElement;

  constructor(app: App, root: HTMLElement, options: ViewOptions) {
    buildSkeleton(root);
    this.#app = app;
    this.root = root;
    this.help = new HelpSheet(root);
    this.#stage = new Stage(app, root, options.reducedMotion);
    this.#strips = new StripsPanel(app, root);
    this.#sheet = new ControlsSheet(root);
    this.#veil = part(root, "veil");
    this.#file = this.#fileInput();
    const whatIf = new WhatIfTab(app, root);
    const tabs = new Tabs(root, [new MigrationsPanel(app), new DecisionPanel(app),
      new NodesPanel(app), new AlertsPanel(app), whatIf, new TotalsPanel(), new TracePanel(app)]);
    const loading = new LoadingPanel(app, root, () => tabs.openById("trace"));
    const always = [new Curtain(root), new Nav(app, root),
      new Header(app, root), new ShareMenu(app, root), new StudySheet(app, root), loading];
    const kept = new KeptPanel(app, root, () => this.#sheet.show());
    const played = [kept, new LaneChips(app, root), ...this.#controls(), this.#stage, this.#strips,
      new Transport(app, root), whatIf.bar, new NoticePanel(app, root, () => this.chooseFile())];
    const results = [new HeadlinePanel(app, root), new FiguresPanel(app, root), tabs];
    this.#run(always, [played, results], loading);
  }

  /** Colours have changed: what was drawn with them is drawn anew. */
  recolour(): void {
    this.#stage.theme();
    this.#strips.theme();
    this.#app.store.set({});
  }

  /** Whether the window is so narrow that the controls are a sheet. */
  setNarrow(narrow: boolean): void {
    this.#sheet.setNarrow(narrow);
  }

  /** Says that a file which is over the page may be dropped. */
  showVeil(on: boolean): void {
    this.#veil.hidden = !on;
  }

  chooseFile(): void {
    this.#file.click();
  }

  #fileInput(): HTMLInputElement {
    const input = part<HTMLInputElement>(this.root, "file");
    part(this.root, "open").addEventListener("click", () => this.chooseFile());
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file !== undefined) void this.#app.openFiles([file]);
      // The same file may be chosen again.
      input.value = "";
    });
    return input;
  }

  #controls(): Panel[] {
    const groups = [new SettingsPanel(this.#app, CLUSTER),
      ...CHOICES.map((name) => new PolicyPanel(this.#app, name)),
      new SettingsPanel(this.#app, MONITORING), new WorkloadPanel(this.#app)];
    part(this.root, "control-groups").append(...groups.map(({ element }) => element));
    return groups;
  }

  /** Asks, renders what changed, draws, and rests when it can. Panels `ofRun` only while the run is
   *  in view, and by turns. */
  #run(panels: Panel[], ofRun: Panel[][], loading: LoadingPanel): void {
    const told = new Told();
    const isInView = ({ setup }: State) => setup.view === "run";
    const turns = new Turns<State>(ofRun.map((part, i) => (state) => {
      for (const panel of i === 0 ? panels : []) panel.render(state);
      for (const panel of isInView(state) ? part : []) panel.render(state);
    }));
    let shown: State | null = null;
    let lingered = false;
    const loop = startLoop((now_ms) => {
      const more = this.#app.tick(now_ms);
      const state = this.#app.store.now;
      const inView = isInView(state);
      const { lingers } = loading;
      const over = lingered && !lingers;
      const rest = turns.take(state, over ? "at once" : told.due(state, now_ms));
      if (inView && state !== shown) this.#stage.follow(state);
      lingered = lingers;
      shown = state;
      const moving = inView
        && [this.#stage.draw(now_ms, rest), this.#strips.draw(rest)].some((on) => on);
      return moving || lingers || more || turns.behind || told.behind(state);
    });
    this.#app.store.subscribe(() => loop.wake());
  }
}
