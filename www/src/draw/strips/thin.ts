/**
 * A line with more points than there are pixels: of the points in one column of pixels it is enough
 * to go to the first, the highest, the lowest and the last, and the picture is the same.
 */
export class ThinLine {
  readonly #to: (x: number, y: number) => void;
  /** The column of pixels that is gathered; NaN before the first. */
  #x = NaN;
  #first = 0;
  #least = 0;
  #most = 0;
  #last = 0;

  constructor(to: (x: number, y: number) => void) {
    this.#to = to;
  }

  /** The next point, on whole pixels. */
  add(x: number, y: number): void {
    if (x === this.#x) {
      this.#least = Math.min(this.#least, y);
      this.#most = Math.max(this.#most, y);
      this.#last = y;
      return;
    }
    this.end();
    this.#x = x;
    this.#first = this.#least = this.#most = this.#last = y;
  }

  /** No point follows. */
  end(): void {
    if (Number.isNaN(this.#x)) return;
    this.#to(this.#x, this.#first);
    if (this.#least < Math.min(this.#first, this.#last)) this.#to(this.#x, this.#least);
    if (this.#most > Math.max(this.#first, this.#last)) this.#to(this.#x, this.#most);
    if (this.#last !== this.#first || this.#least !== this.#most) this.#to(this.#x, this.#last);
    this.#x = NaN;
  }
}
