/**
 * How high a narrow figure is. In a wide column it has the height that the style sheet says; in a
 * narrow one nothing stands beside anything else, and it becomes as high as what stands in it. A
 * height that the host page gives it goes before both, and what does not fit is then scrolled.
 */

/** Wider than this the style sheet (figure.css) sets things beside each other. */
const NARROW_PX = 479;

export class OwnHeight {
  readonly #host: HTMLElement;
  readonly #body: HTMLElement;
  readonly #sheet = new CSSStyleSheet();

  constructor(shadow: ShadowRoot, body: HTMLElement) {
    this.#host = shadow.host as HTMLElement;
    this.#body = body;
    shadow.adoptedStyleSheets.push(this.#sheet);
    const sizes = new ResizeObserver(() => this.#fit());
    for (const element of [this.#host, ...body.children]) sizes.observe(element);
  }

  /** Without a height of its own first, or it could only grow. The selector goes before those of
   *  the style sheet that name an attribute. */
  #fit(): void {
    this.#sheet.replaceSync("");
    const hidden = this.#body.scrollHeight - this.#body.clientHeight;
    if (this.#host.clientWidth > NARROW_PX || hidden <= 0) return;
    const height = this.#host.offsetHeight + hidden;
    this.#sheet.replaceSync(`:host(:not([hidden])) { height: ${height}px; }`);
  }
}
