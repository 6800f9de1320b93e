/** What leaves the page: links, and the run as files. */
import { encode } from "../state/link.ts";
import { runOf } from "../state/state.ts";
import { askRun, type Context } from "./context.ts";
import { saveCsv, saveJson, savePicture } from "./files.ts";

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

  saveSeries(): void {
    const { now } = this.#context.store;
    const { series } = runOf(now);
    if (series !== null && now.tables !== null) saveCsv(series, now.tables.series);
  }

  savePicture(canvases: HTMLCanvasElement[], ground: string): void {
    savePicture(canvases, ground);
  }
}
