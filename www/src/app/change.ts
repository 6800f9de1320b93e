/** Doing something to the cluster while it serves, and taking it back. */
import { goesWith, roomForNodes, withChange, withoutChange } from "../state/perturbed.ts";
import { served } from "../state/run.ts";
import { configNow, runOf } from "../state/state.ts";
import type { Context } from "./context.ts";
import type { RunActions } from "./run.ts";

export class ChangeActions {
  readonly #context: Context;
  readonly #run: RunActions;

  constructor(context: Context, run: RunActions) {
    this.#context = context;
    this.#run = run;
  }

  /** Does it before the next request is routed, which a run that rests then serves so that one sees
   *  it: `kill:3`. What is of a policy's parameter is done to the selected lane, all else to every
   *  lane. */
  do(what: string): void {
    const { setup, selected, ...state } = this.#context.store.now;
    const number = served(runOf({ ...state, selected })) + 1;
    const lane = what.startsWith("set:") ? selected : null;
    this.#run.redo(withChange(setup, what, number, lane), 1);
  }

  /** As if what stands there in the selected lane's list had never been done. */
  takeBack(index: number): void {
    const { setup, selected, tables } = this.#context.store.now;
    this.#run.redo(withoutChange(setup, index, selected, tables));
  }

  /** What `takeBack` also takes from the selected lane's list, as texts of the configuration. */
  alsoTaken(index: number): string[] {
    const { now } = this.#context.store;
    const config = configNow(now);
    const list = config.perturb ?? [];
    return goesWith(list, index, now.tables, config).map((place) => list[place] ?? "");
  }

  /** How many nodes more can join. */
  room(): number {
    const { setup, tables } = this.#context.store.now;
    return roomForNodes(setup, tables);
  }

  takeAllBack(): void {
    const { store } = this.#context;
    const { perturb: _, ...config } = store.now.setup.config;
    const others = store.now.setup.others.map(({ perturb: __, ...own }) => own);
    this.#run.redo({ config, others });
  }
}
