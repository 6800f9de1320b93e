/** The page's end of a canvas that the painter paints. */
import type { Drawn } from "../cluster/view.ts";
import { readTheme } from "../palette.ts";
import type { FromPainter, Shown, ToPainter } from "./messages.ts";
import type { Studio } from "./studio.ts";

type WithoutId<M> = M extends ToPainter ? Omit<M, "id"> : never;

/** More pixels than two a CSS pixel are not told apart. */
const MOST_DPR = 2;

export class Easel {
  readonly #canvas: HTMLCanvasElement;
  readonly #studio: Studio;
  readonly #id: number;
  /** Gets what the painter says of the canvas. */
  readonly hear: (message: FromPainter) => void;
  #chosen = -1;

  constructor(canvas: HTMLCanvasElement, studio: Studio, hear: (message: FromPainter) => void) {
    this.#canvas = canvas;
    this.hear = hear;
    this.#studio = studio;
    this.#id = studio.add(this);
    const handed = canvas.transferControlToOffscreen();
    studio.send({ id: this.#id, type: "open", canvas: handed, theme: readTheme(canvas),
      reducedMotion: studio.reducedMotion }, [handed]);
    const point = ({ clientX, clientY }: PointerEvent) => {
      const { left, top } = canvas.getBoundingClientRect();
      this.#send({ type: "point", at: { x: clientX - left, y: clientY - top } });
    };
    const leave = () => this.#send({ type: "point", at: null });
    canvas.addEventListener("pointermove", point);
    canvas.addEventListener("pointerdown", point);
    canvas.addEventListener("pointerleave", leave);
    canvas.addEventListener("blur", leave);
  }

  /** The canvas has its size of now, or is not `seen`. */
  resize(seen: boolean): void {
    const { width, height } = this.#canvas.getBoundingClientRect();
    const dpr = Math.max(1, Math.min(MOST_DPR, devicePixelRatio || 1));
    const pixels = (length: number) => Math.max(1, Math.round(length * dpr));
    this.#send({ type: "size",
      size: seen ? { width: pixels(width), height: pixels(height), dpr } : null });
  }

  /** A frame; null is the one before, shown in another way. */
  show(frame: Drawn | null, shown: Shown): void {
    this.#send({ type: "show", frame, shown });
  }

  /** Reads the colours again. */
  recolour(): void {
    this.#send({ type: "theme", theme: readTheme(this.#canvas) });
  }

  /** Moves the reading to another node, for arrow keys. */
  step(by: number): void {
    this.#send({ type: "step", by });
  }

  /** Asks which node is read: somebody chooses it. */
  pick(): void {
    this.#send({ type: "pick" });
  }

  /** Marks a node that was chosen; -1 is none. */
  choose(node: number): void {
    if (node === this.#chosen) return;
    this.#chosen = node;
    this.#send({ type: "choose", node });
  }

  /** Forgets the run. */
  reset(): void {
    this.#send({ type: "reset" });
  }

  /** The canvas goes off the page for good. */
  close(): void {
    this.#studio.close(this.#id);
  }

  #send(message: WithoutId<ToPainter>): void {
    this.#studio.send({ id: this.#id, ...message });
  }
}
