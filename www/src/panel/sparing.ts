/** For pictures that are dear and change often: how often they are drawn while more is to come. */

/** It rests so many times as long as a drawing took: drawings take a fifth of the page's time. */
const REST = 4;

export class Sparing {
  readonly #again: () => void;
  readonly #now_ms: () => number;
  readonly #after: (act: () => void, ms: number) => void;
  #rests = false;
  #missed = false;

  /** `again` is called where a drawing was left out, once it may be made up for. */
  constructor(again: () => void, now_ms = () => performance.now(),
    after: (act: () => void, ms: number) => void = (act, ms) => void setTimeout(act, ms)) {
    this.#again = again;
    this.#now_ms = now_ms;
    this.#after = after;
  }

  /** Draws, unless the last drawing was a moment ago. Layout and paint, which come after it, are
   *  a part of what a drawing takes. */
  draw(act: () => void): void {
    this.#missed = this.#rests;
    if (this.#rests) return;
    this.#rests = true;
    const begun_ms = this.#now_ms();
    act();
    // The next task begins when the frame that is being made has been painted.
    this.#after(() => this.#after(() => this.#rested(), REST * (this.#now_ms() - begun_ms)), 0);
  }

  #rested(): void {
    this.#rests = false;
    if (this.#missed) this.#again();
  }
}
