/** Lanes beside each other: adding one, leaving one out, and choosing whose details are shown. */
import type { CellConfig } from "../engine/protocol.ts";
import { MOST_LANES, asLanes, configOf, withCopy, withLane, withoutLane } from "../state/lanes.ts";
import { explicit } from "../state/setup.ts";
import type { Context } from "./context.ts";
import { ofPage, type RunActions } from "./run.ts";

/** What a lane is set beside first; the person changes it in the menu that comes up. */
const BESIDE = ["round_robin", "cache_aware", "least_loaded", "random"];

export class CompareActions {
  readonly #context: Context;
  readonly #run: RunActions;

  constructor(context: Context, run: RunActions) {
    this.#context = context;
    this.#run = run;
  }

  /** One lane more: what is selected, with another router. */
  add(): void {
    const { store } = this.#context;
    const { setup, tables } = store.now;
    if (tables === null || setup.others.length + 1 >= MOST_LANES) return;
    const lanes = [setup.config, ...setup.others.map((_, i) => configOf(setup, i + 1))];
    const taken = lanes.map(({ router }) => router?.id);
    const free = [...BESIDE, ...tables.routers.map(({ id }) => id)].find((id) =>
      !taken.includes(id) && tables.routers.some((row) => row.id === id));
    const next = withCopy(setup, store.now.selected, free ?? tables.routers[0]!.id);
    store.set({ setup: { ...next, view: "run" }, selected: next.others.length });
    this.#run.relay();
  }

  /** One lane more: what is selected, with no migration rule. What moving is worth is the
   *  difference to that, and not to what was before, when the caches were still filling. */
  addWithoutMoves(): void {
    const { store } = this.#context;
    const { setup, selected } = store.now;
    if (setup.others.length + 1 >= MOST_LANES) return;
    const lane = Math.min(selected, setup.others.length);
    const config = configOf(setup, lane);
    const router = withCopy(setup, lane, config.router?.id ?? "");
    const without = { ...config, migration: { id: "none" } };
    const next = withLane(router, router.others.length, without);
    store.set({ setup: { ...next, view: "run" }, selected: lane });
    this.#run.relay();
  }

  /** Runs that were made elsewhere become lanes; or what keeps them from it, as names of parts. */
  open(configs: readonly [CellConfig, ...CellConfig[]]): string[] {
    const { store } = this.#context;
    const [first, ...others] = configs.map(ofPage);
    const setup = asLanes(store.now.setup, [first!, ...others]);
    if (Array.isArray(setup)) return setup;
    store.set({ setup: { ...this.#run.sameTrace(setup), view: "run" }, selected: 0 });
    this.#run.restart();
    return [];
  }

  /** A run that was made elsewhere becomes one lane more, which is selected; or what keeps it from
   *  it. */
  join(config: CellConfig): string[] {
    const { store } = this.#context;
    const { setup, tables } = store.now;
    const lanes = [setup.config, ...setup.others].map((_, i) => configOf(setup, i));
    if (tables === null || lanes.length >= MOST_LANES) return [];
    const [first, ...others] = lanes.map((lane) => explicit(tables, lane));
    const differ = this.open([first!, ...others, config]);
    if (differ.length === 0) this.select(lanes.length);
    return differ;
  }

  remove(lane: number): void {
    const { store } = this.#context;
    const setup = withoutLane(store.now.setup, lane);
    store.set({ setup, selected: Math.min(store.now.selected, setup.others.length) });
    this.#run.relay();
  }

  /** Controls and details are those of this lane from now on. */
  select(lane: number): void {
    this.#context.store.set({ selected: lane });
  }
}
