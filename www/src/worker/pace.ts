/** How many requests one call of `step` may take, so that a frame's share of time is not passed. */

const LEAST = 1;
const MOST = 1 << 16;
/** A call aims at this share of the budget: enough calls to notice the end of it in time. */
const CALL_SHARE = 0.25;

export class StepSize {
  #size = 32;

  get size(): number {
    return this.#size;
  }

  /** Learns from one call: `served` requests took `ms`. */
  learn(served: number, ms: number, budget_ms: number): void {
    if (served === 0) return;
    const target_ms = budget_ms * CALL_SHARE;
    const wanted = ms > 0 ? (served * target_ms) / ms : served * 2;
    // At most double, at most halve: one slow call is often the machine's doing.
    const next = Math.min(Math.max(wanted, this.#size / 2), this.#size * 2);
    this.#size = Math.min(Math.max(Math.round(next), LEAST), MOST);
  }
}

/** Bytes a second over about the last second. */
export class Rate {
  #samples: { at_ms: number; bytes: number }[] = [];

  add(at_ms: number, bytes: number): void {
    this.#samples.push({ at_ms, bytes });
    while (this.#samples.length > 2 && at_ms - this.#samples[0]!.at_ms > 1000) {
      this.#samples.shift();
    }
  }

  /** 0 until two samples lie apart, and again once the last is a second old. */
  perSecond(now_ms: number): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || now_ms - last.at_ms > 1000) return 0;
    const elapsed_ms = now_ms - first.at_ms;
    return elapsed_ms > 0 ? ((last.bytes - first.bytes) * 1000) / elapsed_ms : 0;
  }
}
