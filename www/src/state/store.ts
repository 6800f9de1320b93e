/** One value, one way to change it, and listeners told after each change. */
export class Store<T extends object> {
  #value: T;
  readonly #listeners = new Set<(now: T, before: T) => void>();

  constructor(initial: T) {
    this.#value = initial;
  }

  get now(): T {
    return this.#value;
  }

  /** Replaces the named fields. Listeners hear of it at once, in the order they came. */
  set(patch: Partial<T>): void {
    const before = this.#value;
    this.#value = { ...before, ...patch };
    for (const listener of this.#listeners) listener(this.#value, before);
  }

  subscribe(listener: (now: T, before: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
