/** Whether a figure can be seen: what nobody sees does not run, and keeps no worker. */

/** So near to the window it starts, so that it is there when it comes into view. */
const NEAR = "200px";
/** Somebody who scrolls past and back finds it as it was. */
const PATIENCE_MS = 600;

export class Seen {
  readonly #observer: IntersectionObserver;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #seen = false;

  constructor(element: Element, change: (seen: boolean) => void) {
    const tell = (seen: boolean): void => {
      if (seen === this.#seen) return;
      this.#seen = seen;
      change(seen);
    };
    this.#observer = new IntersectionObserver((entries) => {
      const near = entries.at(-1)?.isIntersecting ?? false;
      clearTimeout(this.#leaving);
      if (near) tell(true);
      else this.#leaving = setTimeout(() => tell(false), PATIENCE_MS);
    }, { rootMargin: NEAR });
    this.#observer.observe(element);
  }

  close(): void {
    clearTimeout(this.#leaving);
    this.#observer.disconnect();
  }
}
