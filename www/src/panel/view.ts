/** An app on its root element: the panels, and the loop that keeps them true. */
import type { App } from "../app/app.ts";
import type { Studio } from "../draw/easel/studio.ts";
import { startLoop } from "../draw/loop.ts";
import { Turns } from "../draw/turns.ts";
import { CHOICES, type TabName } from "../state/setup.ts";
import type { State } from "../state/state.ts";
import { LaneChips } from "./compare/chips.ts";
import { HeadlinePanel } from "./compare/headline.ts";
import { PolicyPanel } from "./controls/policy.ts";
import { MONITORING, CLUSTER, SettingsPanel, WorkloadPanel } from "./controls/settings.ts";
import { ControlsSheet } from "./controls/sheet.ts";
import { Curtain } from "./curtain.ts";
import { part } from "./dom.ts";
import { Header } from "./header.ts";
import { Nav } from "./nav.ts";
import type { RestOfView } from "./rest.ts";
import { alertsUp, badLines } from "./results/badges.ts";
import { LaterTab } from "./results/later.ts";
import { MigrationsPanel } from "./results/migrations.ts";
import { Tabs } from "./results/tabs.ts";
import { buildSkeleton } from "./skeleton.ts";
import { Stage } from "./stage.ts";
import { StripsPanel } from "./strips.ts";
import { Told } from "./told.ts";
import { Transport } from "./transport.ts";
import { Unloaded } from "./unloaded.ts";
import { WhatIfTab } from "./whatif/tab.ts";

interface Panel {
  render(state: State): void;
}

export class View {
  readonly root: HTMLElement;
  readonly #app: App;
  readonly #stage: Stage;
  readonly #strips: StripsPanel;
  readonly #sheet: ControlsSheet;
  readonly #veil: HTMLElement;
  readonly #file: HTMLInputElement;
  readonly #policies: readonly PolicyPanel[];
  /** Whether single keys do something; the help sheet has the switch. */
  keysOn = true;
  onKeysChange: (on: boolean) => void = () => undefined;
  #rest: RestOfView | null = null;

  constructor(app: App, root: HTMLElement, studio: Studio) {
    buildSkeleton(root);
    this.#app = app;
    this.root = root;
    this.#stage = new Stage(app, root, studio);
    this.#strips = new StripsPanel(app, root);
    this.#sheet = new ControlsSheet(root);
    this.#veil = part(root, "veil");
    this.#file = this.#fileInput();
    this.#policies = CHOICES.map((name) => new PolicyPanel(app, name));
    const later = [new LaterTab(app, "decision", "Why"), new LaterTab(app, "nodes", "Nodes"),
      new LaterTab(app, "alerts", "Alerts", alertsUp)];
    const last = [new LaterTab(app, "totals", "Sums"),
      new LaterTab(app, "trace", "Trace", badLines)];
    const whatIf = new WhatIfTab(app, root);
    const tabs = new Tabs(root, [new MigrationsPanel(app), ...later, whatIf, ...last], (tab) =>
      app.store.set({ setup: { ...app.store.now.setup, tab } }));
    app.rest.add(() => this.#complete([...later, ...last], (id) => tabs.openById(id)));
    const always = [new Curtain(root, () => app.rest.there), new Nav(app, root),
      new Header(app, root)];
    this.#run(always, [
      [new LaneChips(app, root), ...this.#controls(), new Unloaded(root)],
      [this.#stage],
      [this.#strips, new Transport(app, root), whatIf.bar],
      ...new HeadlinePanel(root).halves.map((half) => [half]),
      [{ render: (state) => this.#rest?.figures.render(state) }],
      [tabs],
    ]);
  }

  /** The panels that came with the rest of the page. */
  async #complete(tabs: LaterTab[], openTab: (id: TabName) => void): Promise<void> {
    const [{ RestOfView }, app] = await Promise.all([import("./rest.ts"), this.#app.whole()]);
    const rest = new RestOfView(app, this.root, {
      keysOn: this.keysOn,
      setKeys: (on) => this.onKeysChange(on),
      chooseFile: () => this.chooseFile(),
      showControls: () => this.#sheet.show(),
      openTab,
    });
    for (const tab of tabs) tab.fill(rest.tabs[tab.id]!);
    this.#strips.takeAlone(rest.oneLane);
    for (const panel of this.#policies) panel.takeAbout(rest.wordsAbout);
    this.#rest = rest;
    app.store.set({});
  }

  openHelp(): void {
    void this.#app.need(() => this.#rest?.help.open());
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
      ...this.#policies,
      new SettingsPanel(this.#app, MONITORING), new WorkloadPanel(this.#app)];
    part(this.root, "control-groups").append(...groups.map(({ element }) => element));
    return groups;
  }

  /** Asks, renders what changed, and rests when it can. Panels `ofRun` only while the run is
   *  in view, and by turns. */
  #run(panels: Panel[], ofRun: Panel[][]): void {
    const told = new Told();
    const isInView = ({ setup }: State) => setup.view === "run";
    const turns = new Turns<State>(ofRun.map((part, i) => (state) => {
      const rest = i === 0 ? this.#rest : null;
      for (const panel of i === 0 ? [...rest?.always ?? [], ...panels] : []) panel.render(state);
      if (!isInView(state)) return;
      for (const panel of [...rest?.ofRun ?? [], ...part]) panel.render(state);
    }));
    let shown: State | null = null;
    let lingered = false;
    const loop = startLoop((now_ms) => {
      const more = this.#app.tick(now_ms);
      const state = this.#app.store.now;
      const inView = isInView(state);
      const lingers = this.#rest?.loading.lingers ?? false;
      const over = lingered && !lingers;
      const rest = turns.take(state, over ? "at once" : told.due(state, now_ms));
      if (inView && state !== shown) this.#stage.follow(state);
      lingered = lingers;
      shown = state;
      const moving = inView && this.#strips.draw(rest);
      return moving || lingers || more || turns.behind || told.behind(state);
    });
    this.#app.store.subscribe(() => loop.wake());
  }
}
