/** The strips below the cluster, redrawn when new columns came. */
import type { LiveApp } from "../app/live.ts";
import { part } from "./dom.ts";
import type { Membership } from "../draw/strips/members.ts";
import type { OneLane } from "../draw/strips/plots.ts";
import { Strips } from "../draw/strips/strips.ts";
import type { Config, Job, Perturbed, Series, Tables } from "../engine/protocol.ts";
import { chosenRow, numberSetting, paramOf, type Scope } from "../state/setup.ts";
import { wholeTrace, type State, type Whole } from "../state/state.ts";

const ALERT_SHARE = 0.7;

/** Who takes requests at the start, and what has happened to them. */
function membership(tables: Tables | null, config: Config, perturbed: Perturbed | null)
  : Membership {
  return { first: numberSetting(tables, config, "nodes"), changes: perturbed?.events ?? [] };
}

export class StripsPanel {
  readonly #host: HTMLElement;
  readonly #strips: Strips;
  #job: Job = -1;
  #drawn: Series | null = null;
  #whole: Whole | null = null;
  #scope: Scope | null = null;
  #again = 0;
  /** What has yet to be taken in. */
  #behind: State | null = null;
  /** The strips do not show yet all that was taken in. */
  #more = false;

  constructor(app: LiveApp, root: HTMLElement) {
    const host = part(root, "strips");
    this.#host = host;
    this.#strips = new Strips(host, { onCursor: () => undefined });
    new ResizeObserver(() => {
      this.#strips.resize();
      app.store.set({});
    }).observe(host);
  }

  /** From now on there are strips of one lane, too. */
  takeAlone(alone: OneLane): void {
    this.#strips.takeAlone(alone);
    this.#drawn = null;
  }

  /** The first columns make the strips' place, and others come with a step: they are taken in at
   *  once. While a run plays they wait for a frame that has room for them. */
  render(state: State): void {
    const { job } = state.lanes[0];
    if (job !== this.#job) {
      this.#job = job;
      this.#clear();
    }
    this.#behind = state;
    if (this.#drawn === null || !state.playing) this.#takeIn();
  }

  #takeIn(): void {
    const state = this.#behind;
    this.#behind = null;
    if (state === null) return;
    // Lanes stand beside the first; alone, it is the one.
    const run = state.lanes[0];
    const { tables } = state;
    const { config, series, frame, migrations } = run;
    const whole = wholeTrace(state);
    if (series === null) return;
    if (series.samples === 0) return this.#drawn === null ? undefined : this.#clear();
    const others = state.lanes.slice(1).flatMap(({ series, config, perturbed }) =>
      (series === null ? [] : [{ series, membership: membership(tables, config, perturbed) }]));
    if (others.length + 1 < state.lanes.length) return;
    const { scope } = state.setup;
    const again = Math.max(...state.lanes.map(({ perturbed }) => perturbed?.retried ?? 0));
    if (series === this.#drawn && whole?.requests === this.#whole?.requests
      && whole?.seconds === this.#whole?.seconds && scope === this.#scope
      && again === this.#again) return;
    this.#drawn = series;
    this.#again = again;
    this.#scope = scope;
    this.#whole = whole;
    const row = tables === null ? undefined : chosenRow(tables, "router", config);
    const spec = row?.params.find((p) => p.name === "threshold");
    this.#host.style.removeProperty("min-height");
    this.#strips.update(series, {
      nodes: series.nodes,
      window: numberSetting(tables, config, "window"),
      span: scope,
      membership: membership(tables, config, run.perturbed),
      threshold: spec ? Number(paramOf(config.router, spec)) : ALERT_SHARE,
      // Whose a mark is, nothing would say.
      migrations: others.length > 0 ? [] : migrations,
      others,
      timed: frame?.totals.ttft !== undefined,
      whole,
      again,
    });
    this.#more = true;
  }

  /** A run that went back to its beginning has nothing to show, nor has one that begins. Their room
   *  stays: the timeline above would move away from under the pointer. */
  #clear(): void {
    if (this.#drawn !== null) {
      const { height } = this.#host.getBoundingClientRect();
      this.#host.style.setProperty("min-height", `${height}px`);
    }
    this.#strips.reset();
    this.#drawn = null;
    this.#more = false;
  }

  /** Draws a part of what is new; true if there is more. Without `rest` it waits. */
  draw(rest: boolean): boolean {
    if (!rest) return this.#more || this.#behind !== null;
    if (this.#behind === null) this.#more = this.#strips.draw();
    else this.#takeIn();
    return this.#more;
  }

  theme(): void {
    this.#strips.theme();
  }
}
