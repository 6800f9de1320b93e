/** What leaves the page: links, and the run as files. */
import { encode } from "../state/link.ts";
import { runOf } from "../state/state.ts";
import { askRun, type Context } from "./context.ts";
import { saveCsv, saveJson, savePicture, saveText } from "./files.ts";

export class ShareActions {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Everything that makes the run, as the fragment of an address. */
  fragment(): string {
    return encode(this.#context.store.now.setup);
  }

  /** The same with the moment, where the run rests at one on its way. */
  link(): string {
    const { now } = this.#context.store;
    const { frame } = runOf(now);
    const rests = frame !== null && !now.playing && !frame.done && frame.requests > 0;
    const fragment = encode(now.setup, rests ? frame.requests : null);
    return new URL(fragment, document.baseURI).href;
  }

  /** Saves the figures of the run so far, once the worker has told them. */
  saveSummary(): void {
    askRun(this.#context, { type: "summary" });
  }

  summaryCame(summary: Record<string, unknown>): void {
    saveJson(summary);
  }

  /** Saves what happened to the lane that is shown, once the worker has told it. */
  saveEvents(): void {
    askRun(this.#context, { type: "events", lane: this.#context.store.now.selected });
  }

  /** Moments that were kept are the page's own, and stand last. */
  eventsCame(csv: string): void {
    const { moments } = this.#context.store.now.setup;
    saveText("kvscope-events.csv", csv + moments.map((at) => `moment,,,${at},,,,\n`).join(""));
  }

  saveSeries(): void {
    const { now } = this.#context.store;
    const { series } = runOf(now);
    if (series !== null && now.tables !== null) saveCsv(series, now.tables.series);
  }

  savePicture(canvases: HTMLCanvasElement[], ground: string): void {
    savePicture(canvases, ground);
  }
}
