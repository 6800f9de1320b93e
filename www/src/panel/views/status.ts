/** How a question stands, in one line: what is being done, how far it is, and what to do next. */
import { isBusy, type Work } from "../../state/analysis.ts";
import * as format from "../../text/format.ts";
import { h, setAttribute, setText } from "../dom.ts";

export interface StatusWords {
  /** What there is of, counted: requests, runs. */
  unit: string;
  many?: string;
  /** What going on is called after it was cancelled. */
  again: string;
  act(): void;
  cancel(): void;
}

export class Status {
  readonly element: HTMLElement;
  readonly #words: StatusWords;
  readonly #say = h("span", { role: "status" });
  readonly #bar = h("progress", { "aria-label": "How far it is" });
  readonly #why = h("ul", { class: "reasons" });
  readonly #cancel: HTMLButtonElement;
  readonly #again: HTMLButtonElement;

  constructor(words: StatusWords) {
    this.#words = words;
    this.#cancel = h("button", { type: "button", class: "button", "data-act": "cancel",
      click: () => words.cancel() }, "Cancel");
    this.#again = h("button", { type: "button", class: "button", "data-act": "again",
      click: () => words.act() }, words.again);
    this.element = h("div", { class: "status" }, this.#say, this.#bar, this.#cancel, this.#why,
      this.#again);
  }

  /** `result` says what is there once it is done; `took_s` how long it took where the link was
   *  made that asks for it. */
  render(work: Work, result: string, took_s?: number): void {
    setAttribute(this.element, "data-phase", work.phase);
    setText(this.#say, this.#sentence(work, result, took_s));
    this.#bar.hidden = !isBusy(work);
    if (work.of > 0) {
      this.#bar.max = work.of;
      this.#bar.value = work.done;
    } else {
      this.#bar.removeAttribute("value");
    }
    this.#cancel.hidden = !isBusy(work);
    setText(this.#again, work.phase === "failed" ? "Try again" : this.#words.again);
    this.#again.hidden = work.phase !== "cancelled" && work.phase !== "failed";
    const told = [...this.#why.children].map((item) => item.textContent);
    const why = work.phase === "failed" ? work.why : [];
    if (told.join("\n") !== why.join("\n")) {
      this.#why.replaceChildren(...why.map((reason) => h("li", { class: "bad" }, reason)));
    }
  }

  #sentence(work: Work, result: string, took_s?: number): string {
    const far = work.of === 0 ? ""
      : ` ${format.integer(work.done)} of ${format.plural(work.of, this.#words.unit,
        this.#words.many)}.`;
    if (isBusy(work) && work.behind !== "") {
      return `Waiting for a free worker behind ${work.behind}.`;
    }
    switch (work.phase) {
      case "idle":
        return took_s === undefined ? ""
          : `The answer took ${format.seconds(took_s)} where this link was made.`;
      case "reading":
        return "Reading the whole trace, apart from the run…";
      case "running":
        return `Working.${far}`;
      case "done":
        return `${result} It took ${format.seconds(work.took_ms / 1000)}.`;
      case "cancelled":
        return `Cancelled.${far} What was found so far stays.`;
      case "failed":
        return work.why.length < 2 ? "This could not be done:"
          : `This could not be done, for ${format.plural(work.why.length, "reason")}:`;
    }
  }
}
