/** The panels that the first view does without, and their style sheet. */
import "../style/rest.css";
import type { WholeApp } from "../app/actions.ts";
import { ONE_LANE } from "../draw/strips/kinds.ts";
import type { TabName } from "../state/setup.ts";
import type { State } from "../state/state.ts";
import { RepeatBlock } from "./compare/repeat.ts";
import { aboutPolicy } from "./controls/about.ts";
import { HelpSheet } from "./help.ts";
import { KeptPanel } from "./kept.ts";
import { LoadingPanel } from "./loading.ts";
import { NoticePanel } from "./notice.ts";
import { AlertsPanel } from "./results/alerts.ts";
import { DecisionPanel } from "./results/decision.ts";
import { FiguresPanel } from "./results/figures.ts";
import { NodesPanel } from "./results/nodes.ts";
import type { TabContent } from "./results/tabs.ts";
import { TotalsPanel } from "./results/totals.ts";
import { TracePanel } from "./results/trace.ts";
import { SamplesMenu } from "./samples.ts";
import { ShareMenu } from "./share.ts";
import { StudySheet } from "./study.ts";

interface Panel {
  render(state: State): void;
}

/** What these panels have to do with of the others. */
export interface Hooks {
  keysOn: boolean;
  setKeys(on: boolean): void;
  chooseFile(): void;
  showControls(): void;
  openTab(id: TabName): void;
}

export class RestOfView {
  readonly oneLane = ONE_LANE;
  readonly wordsAbout = aboutPolicy;
  readonly help: HelpSheet;
  readonly loading: LoadingPanel;
  readonly always: readonly Panel[];
  /** Only while the run is in view. */
  readonly ofRun: readonly Panel[];
  /** Of one lane; lanes beside each other have a table. */
  readonly figures: Panel;
  /** By the names of their tabs. */
  readonly tabs: Readonly<Record<string, TabContent>>;

  constructor(app: WholeApp, root: HTMLElement, hooks: Hooks) {
    this.help = new HelpSheet(root, hooks.keysOn, hooks.setKeys);
    this.loading = new LoadingPanel(app, root, () => hooks.openTab("trace"));
    this.always = [new SamplesMenu(app, root), new ShareMenu(app, root), new StudySheet(app, root),
      this.loading, new NoticePanel(app, root, hooks.chooseFile, true)];
    this.ofRun = [new KeptPanel(app, root, hooks.showControls), new RepeatBlock(app, root)];
    this.figures = new FiguresPanel(app, root);
    this.tabs = { decision: new DecisionPanel(app), nodes: new NodesPanel(app),
      alerts: new AlertsPanel(app), totals: new TotalsPanel(), trace: new TracePanel(app) };
  }
}
