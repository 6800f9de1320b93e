/**
 * Frames are shared out while a run plays: words and figures come a part a frame, each in a frame
 * in which nothing else is done that can wait; that has the frames between.
 */

/** Whether there is something new, and whether it may come part by part. */
export type Due = false | "by turns" | "at once";

export class Turns<S> {
  readonly #parts: readonly ((now: S) => void)[];
  /** The part whose turn it is, and how many do not show what is new yet. */
  #next = 0;
  #left = 0;
  #filled = false;

  constructor(parts: readonly ((now: S) => void)[]) {
    this.#parts = parts;
  }

  /** One frame. Returns whether there is room in it for what can wait, which never waits twice
   *  running: however slow the machine is, it comes to be drawn. */
  take(now: S, due: Due): boolean {
    if (due !== false) this.#left = this.#parts.length;
    if (due === "at once") this.#next = 0;
    const waited = this.#filled;
    const parts = due === "at once" ? this.#left : Math.min(this.#left, waited ? 0 : 1);
    for (let k = 0; k < parts; k += 1) {
      this.#parts[this.#next]?.(now);
      this.#next = (this.#next + 1) % this.#parts.length;
    }
    this.#left -= parts;
    this.#filled = parts > 0 && !waited;
    return !this.#filled;
  }

  /** Whether some part does not show yet what is new. */
  get behind(): boolean {
    return this.#left > 0;
  }
}
