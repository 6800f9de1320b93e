/** The page's end of the painter: one paints all canvases of a page. */
import type { Easel } from "./easel.ts";
import type { FromPainter, ToPainter } from "./messages.ts";

export class Studio {
  readonly reducedMotion: boolean;
  readonly #start: () => Worker;
  /** There is none before the first canvas. */
  #painter: Worker | null = null;
  /** By number, and held weakly: a figure goes off its page without a word, and may come back. */
  readonly #easels = new Map<number, WeakRef<Easel>>();
  readonly #lost = new FinalizationRegistry<number>((id) => this.close(id));
  #last = 0;

  constructor(start: () => Worker, reducedMotion: boolean) {
    this.#start = start;
    this.reducedMotion = reducedMotion;
  }

  /** The number of a new canvas. */
  add(easel: Easel): number {
    this.#last += 1;
    this.#easels.set(this.#last, new WeakRef(easel));
    this.#lost.register(easel, this.#last);
    return this.#last;
  }

  send(message: ToPainter, transfer: Transferable[] = []): void {
    this.#painter ??= this.#open();
    this.#painter.postMessage(message, transfer);
  }

  /** The canvas is off the page for good. */
  close(id: number): void {
    this.#easels.delete(id);
    this.send({ id, type: "close" });
  }

  #open(): Worker {
    const painter = this.#start();
    painter.onmessage = ({ data }: MessageEvent<FromPainter>) =>
      this.#easels.get(data.id)?.deref()?.hear(data);
    painter.onerror = ({ message: why }) => {
      for (const [id, easel] of this.#easels) easel.deref()?.hear({ id, type: "failed", why });
    };
    return painter;
  }
}
