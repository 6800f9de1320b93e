/** What if: the node that is looked at, and moments to keep. */
import { served } from "../state/run.ts";
import { runOf } from "../state/state.ts";
import { askRun, type Context } from "./context.ts";

/** Blocks offered to be dropped. */
const HOTTEST = 12;

export class WhatIfActions {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The node that is shown and can be done something to; null is none. */
  choose(node: number | null): void {
    this.#context.store.set({ node });
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
