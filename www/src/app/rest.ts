/**
 * What the first view does without: parts that are fetched all at once, at the first sign that
 * somebody is there, so that no press of a button waits for one.
 */

/** Fetches a part and puts it to its use. */
export type Load = () => Promise<void>;

interface Part {
  load: Load;
  /** Its way here; null before it is asked for, and after it could not be had. */
  coming: Promise<void> | null;
}

export class Rest {
  readonly #parts: Part[] = [];
  #there = false;

  /** One part more, before any is asked for. */
  add(load: Load): void {
    this.#parts.push({ load, coming: null });
  }

  /** Whether all of it is on the page. */
  get there(): boolean {
    return this.#there;
  }

  /** Fetches what is neither there nor on its way. Parts that could not be had are tried again by
   *  whoever asks next. */
  async get(): Promise<void> {
    await Promise.all(this.#parts.map((part) => {
      part.coming ??= part.load().catch((error: unknown) => {
        part.coming = null;
        throw error;
      });
      return part.coming;
    }));
    this.#there = true;
  }
}
