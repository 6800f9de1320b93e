/** Puts the parts together. Reading order: app, player, worker/worker, panel. */
import "./style/page.css";
import { App } from "./app/app.ts";
import { byId } from "./panel/dom.ts";
import { startLoop } from "./draw/loop.ts";
import { DecisionPanel } from "./panel/results/decision.ts";
import { acceptTraces } from "./shell/drop.ts";
import { FiguresPanel } from "./panel/results/figures.ts";
import { Header } from "./panel/header.ts";
import { StudySheet } from "./panel/study.ts";
import { listenForKeys } from "./shell/keys.ts";
import { LoadingPanel } from "./panel/loading.ts";
import { MigrationsPanel } from "./panel/results/migrations.ts";
import { NodesPanel } from "./panel/results/nodes.ts";
import { NoticePanel } from "./panel/notice.ts";
import { PolicyPanel } from "./panel/controls/policy.ts";
import { SettingsPanel, WorkloadPanel } from "./panel/controls/settings.ts";
import { controlsSheet } from "./panel/controls/sheet.ts";
import { Stage } from "./panel/stage.ts";
import { StripsPanel } from "./panel/strips.ts";
import { Tabs } from "./panel/results/tabs.ts";
import { TotalsPanel } from "./panel/results/totals.ts";
import { TracePanel } from "./panel/results/trace.ts";
import { Transport } from "./panel/transport.ts";
import { CHOICES } from "./state/setup.ts";
import type { State } from "./state/state.ts";

const app = new App();
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

const stage = new Stage(app, reduced.matches);
const strips = new StripsPanel(app);
const tabs = new Tabs([
  new MigrationsPanel(),
  new DecisionPanel(app),
  new NodesPanel(),
  new TotalsPanel(),
  new TracePanel(),
]);
const recolour = () => {
  stage.theme();
  strips.theme();
  app.store.set({});
};
const settings = new SettingsPanel(app);
const policies = CHOICES.map((name) => new PolicyPanel(app, name));
const workload = new WorkloadPanel(app);
byId("control-groups").append(
  settings.element,
  ...policies.map((panel) => panel.element),
  workload.element,
);
const loading = new LoadingPanel(app, () => tabs.openById("trace"));
const study = new StudySheet(app);
const panels: { render(state: State): void }[] = [
  new Header(app, recolour, (row) => study.open(row)),
  settings,
  ...policies,
  workload,
  stage,
  strips,
  new Transport(app),
  new FiguresPanel(),
  tabs,
  loading,
  new NoticePanel(app),
  study,
];

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
acceptTraces(app);
listenForKeys(app);
controlsSheet();

let shown: State | null = null;
const loop = startLoop((now_ms) => {
  app.player.ask(now_ms, app.store.now);
  const state = app.store.now;
  if (state !== shown || loading.lingers) {
    shown = state;
    for (const panel of panels) panel.render(state);
  }
  const moving = stage.draw(now_ms);
  return moving || loading.lingers || app.player.wants(app.store.now);
});
app.store.subscribe(() => loop.wake());
addEventListener("hashchange", () => app.restore(location.hash));
app.start();
