/** The timeline as a scrubber: press, drag, and keys, forwards and back. */
import { setAttribute } from "./dom.ts";

/** A mark that was pressed is left by more than this: a hand is never quite still. */
const STILL_PX = 4;
/** Page up and down go this part of the whole. */
const PAGE = 0.05;

export class Scrubber {
  readonly #bar: HTMLElement;
  readonly #seek: (to: number) => void;
  #at = 0;
  #whole = 1;
  #back = false;
  /** Where the keys have gone: presses may come faster than answers. */
  #wanted: number | null = null;
  /** Where a mark was pressed and is held; null is none. */
  #held: number | null = null;

  constructor(bar: HTMLElement, seek: (to: number) => void) {
    this.#bar = bar;
    this.#seek = seek;
    bar.addEventListener("pointerdown", (event) => {
      const at = (event.target as HTMLElement).dataset["at"];
      this.#held = at === undefined ? null : event.clientX;
      bar.setPointerCapture(event.pointerId);
      if (at === undefined) this.#point(event);
      else this.#go(Number(at));
    });
    bar.addEventListener("pointermove", (event) => {
      if (!bar.hasPointerCapture(event.pointerId)) return;
      if (this.#held !== null && Math.abs(event.clientX - this.#held) <= STILL_PX) return;
      this.#held = null;
      this.#point(event);
    });
    // With something selected on the page a press would begin to carry that, and take the pointer.
    bar.addEventListener("dragstart", (event) => event.preventDefault());
    bar.addEventListener("keydown", (event) => this.#key(event));
  }

  /** `back`: whether the trace is kept, so that one can go back. */
  update(at: number, whole: number, back: boolean): void {
    if (at === this.#wanted) this.#wanted = null;
    this.#at = at;
    this.#whole = whole;
    this.#back = back;
    setAttribute(this.#bar, "title", back ? "Press or drag: any moment of the run"
      : "Press ahead: forwards only, since this trace is too long to be kept");
  }

  #point({ clientX }: PointerEvent): void {
    const { left, width } = this.#bar.getBoundingClientRect();
    const share = width > 0 ? Math.min(Math.max((clientX - left) / width, 0), 1) : 0;
    this.#go(share * this.#whole);
  }

  #key(event: KeyboardEvent): void {
    const from = this.#wanted ?? this.#at;
    const page = PAGE * this.#whole;
    const to = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1,
      PageDown: from - page, PageUp: from + page, Home: 0, End: this.#whole }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#go(to);
  }

  #go(to: number): void {
    const whole = Math.round(Math.min(Math.max(to, 0), this.#whole));
    if (whole < this.#at && !this.#back) return;
    this.#wanted = whole;
    this.#seek(whole);
  }
}
