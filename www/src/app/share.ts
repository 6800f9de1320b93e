/** Links to what runs here. */
import { encode } from "../state/link.ts";
import { runOf } from "../state/state.ts";
import type { Context } from "./context.ts";

export class ShareActions {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Everything that makes the run, as the fragment of an address. */
  fragment(): string {
    const { setup, selected } = this.#context.store.now;
    return encode(setup, { at: null, lane: selected });
  }

  /** The same with the moment, where the run rests or has ended. */
  fragmentNow(): string {
    const { setup, playing, selected } = this.#context.store.now;
    const { frame } = runOf(this.#context.store.now);
    const rests = frame !== null && (frame.done || !playing);
    return encode(setup, { at: rests ? frame.requests : null, lane: selected });
  }

  link(): string {
    return new URL(this.fragmentNow(), document.baseURI).href;
  }
}
