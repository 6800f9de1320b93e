/** Which states panels of words and figures take in: not every one that a run plays
 *  through, nor every one on the way to an answer. */
import type { Due } from "../draw/turns.ts";
import { wentOn, type State } from "../state/state.ts";

/** Nobody reads faster, and every change of a figure lays the page out. */
const EVERY_MS = 220;

export class Told {
  #state: State | null = null;
  #at_ms = -Infinity;

  /** Whether this state is to be taken in now; it counts as told then. What somebody did is seen at
   *  once and as a whole. */
  due(state: State, now_ms: number): Due {
    if (state === this.#state) return false;
    const goesOn = wentOn(this.#state, state);
    if (goesOn && now_ms - this.#at_ms < EVERY_MS) return false;
    this.#state = state;
    this.#at_ms = now_ms;
    return goesOn ? "by turns" : "at once";
  }

  /** Whether this state has yet to be told. */
  behind(state: State): boolean {
    return state !== this.#state;
  }
}
