/** What if: doing something to the cluster while it serves, taking it back, and moments to keep. */
import { served } from "../state/run.ts";
import { withChange, withoutChange } from "../state/perturbed.ts";
import { runOf } from "../state/state.ts";
import { askRun, type Context } from "./context.ts";
import type { RunActions } from "./run.ts";

/** Blocks offered to be dropped. */
const HOTTEST = 12;

export class WhatIfActions {
  readonly #context: Context;
  readonly #run: RunActions;

  constructor(context: Context, run: RunActions) {
    this.#context = context;
    this.#run = run;
  }

  /** The node that is shown and can be done something to; null is none. */
  choose(node: number | null): void {
    this.#context.store.set({ node });
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
    const { setup, selected } = this.#context.store.now;
    this.#run.redo(withoutChange(setup, index, selected));
  }

  takeAllBack(): void {
    const { store } = this.#context;
    const { perturb: _, ...config } = store.now.setup.config;
    const others = store.now.setup.others.map(({ perturb: __, ...own }) => own);
    this.#run.redo({ config, others });
  }

  /** Asks which blocks are used most; the answer comes into the state. */
  askHottest(): void {
    const { selected } = this.#context.store.now;
    askRun(this.#context, { type: "hottest", lane: selected, most: HOTTEST });
  }

  /** Keeps the present moment, or lets go of it. */
  toggleMoment(): void {
    const at = served(runOf(this.#context.store.now));
    if (at > 0) this.#setMoments((moments) => (moments.includes(at)
      ? moments.filter((one) => one !== at) : [...moments, at].sort((a, b) => a - b)));
  }

  forgetMoment(at: number): void {
    this.#setMoments((moments) => moments.filter((one) => one !== at));
  }

  #setMoments(change: (moments: readonly number[]) => readonly number[]): void {
    const { store } = this.#context;
    const { setup } = store.now;
    store.set({ setup: { ...setup, moments: change(setup.moments) } });
  }
}
