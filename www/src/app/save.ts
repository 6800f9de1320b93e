/** What leaves the page beside links: what others put into theirs, and the run as files. */
import type { Look } from "../draw/look.ts";
import { runOf } from "../state/state.ts";
import { askRun, type Context } from "./context.ts";
import { saveCsv, saveJson, savePicture, saveText, type Pictured } from "./files.ts";
import type { ShareActions } from "./share.ts";

export class SaveActions {
  readonly #context: Context;
  readonly #share: ShareActions;

  constructor(context: Context, share: ShareActions) {
    this.#context = context;
    this.#share = share;
    context.saved = (message) => (message.type === "summary" ? this.#summaryCame(message.summary)
      : this.#eventsCame(message.csv));
  }

  /** What one pastes into a page to have this run there: as an element, and as a frame. A trace of
   *  one's own stays here. */
  embed(): string {
    const link = this.#share.fragmentNow().slice(1).replaceAll("&", "&amp;");
    const at = (path: string) => new URL(path, document.baseURI).href.split("#")[0];
    return `<script type="module" src="${at("embed/kv-scope.js")}"></script>\n`
      + `<kv-scope config="${link}"></kv-scope>\n\n`
      + `<iframe src="${at("embed.html")}#${link}" title="kvscope" width="720" height="520"\n`
      + `  loading="lazy" style="border: 0"></iframe>\n`;
  }

  /** Saves the figures of the run so far, once the worker has told them. */
  saveSummary(): void {
    askRun(this.#context, { type: "summary" });
  }

  #summaryCame(summary: Record<string, unknown>): void {
    saveJson(summary);
  }

  /** Saves what happened to the lane that is shown, once the worker has told it. */
  saveEvents(): void {
    askRun(this.#context, { type: "events", lane: this.#context.store.now.selected });
  }

  /** Moments that were kept are the page's own, and stand last. */
  #eventsCame(csv: string): void {
    const { moments } = this.#context.store.now.setup;
    saveText("kvscope-events.csv", csv + moments.map((at) => `moment,,,${at},,,,\n`).join(""));
  }

  saveSeries(): void {
    const { now } = this.#context.store;
    const { series } = runOf(now);
    if (series !== null && now.tables !== null) saveCsv(series, now.tables.series);
  }

  savePicture(pictures: readonly Pictured[], look: Look): void {
    void savePicture(pictures, look);
  }
}
