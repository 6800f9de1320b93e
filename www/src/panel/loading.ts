/** How far reading has come: bytes, rate, time left, rows and bad rows, and a way to stop it. */
import type { App } from "../app/app.ts";
import { h, part, setAttribute, setText } from "./dom.ts";
import * as format from "../text/format.ts";
import type { RunState } from "../state/run.ts";
import { isOwnTrace, runOf, type State } from "../state/state.ts";

/** Said aloud at most this often. */
const SPEAK_EVERY_MS = 3000;
/** The line stays this long after the last byte. */
const LINGER_MS = 6000;

export class LoadingPanel {
  readonly #host: HTMLElement;
  readonly #text = h("span", { class: "loading-text", "data-figure": "loading" });
  readonly #bad = h("button", { type: "button", class: "link", hidden: true });
  readonly #fill = h("i", {});
  readonly #stop: HTMLButtonElement;
  readonly #spoken: HTMLElement;
  #spoken_ms = 0;
  #spokenText = "";
  #ended_ms: number | null = null;

  constructor(app: App, root: HTMLElement, openTrace: () => void) {
    this.#host = part(root, "loading");
    this.#spoken = part(root, "spoken");
    this.#stop = h("button", { type: "button", class: "small", "data-part": "stop-reading",
      title: "Read no further; the figures then cover the part that was read",
      click: () => app.run.stopReading() }, "Stop reading");
    this.#bad.addEventListener("click", openTrace);
    this.#host.append(h("div", { class: "loading-bar" }, this.#fill), this.#text, this.#bad,
      this.#stop);
  }

  render(state: State): void {
    const { source } = state;
    const { load, report } = runOf(state);
    if (!isOwnTrace(source) || load === null || report === null) {
      this.#host.hidden = true;
      this.#ended_ms = null;
      return;
    }
    const reading = load.phase === "reading" || load.phase === "held";
    const now_ms = performance.now();
    if (reading) this.#ended_ms = null;
    else this.#ended_ms ??= now_ms;
    const bad = report.bad_lines_total;
    const stays = reading || load.phase === "stopped" || bad > 0;
    this.#host.hidden = !stays && now_ms - (this.#ended_ms ?? now_ms) > LINGER_MS;
    this.#stop.hidden = !reading;
    const text = describe(runOf(state));
    setText(this.#text, text);
    this.#bad.hidden = bad === 0;
    setText(this.#bad, format.plural(bad, "bad line"));
    setAttribute(this.#bad, "data-figure", "bad_lines");
    setAttribute(this.#bad, "data-value", String(bad));
    const share = load.total_bytes ? load.read_bytes / load.total_bytes : reading ? 0 : 1;
    this.#fill.style.setProperty("width", `${100 * share}%`);
    setAttribute(this.#host, "data-phase", load.phase);
    this.#speak(now_ms, reading, bad === 0 ? text : `${text}, ${format.plural(bad, "bad line")}`);
  }

  /** Whether the line is only waiting to go away. */
  get lingers(): boolean {
    return this.#ended_ms !== null && !this.#host.hidden
      && performance.now() - this.#ended_ms <= LINGER_MS;
  }

  #speak(now_ms: number, reading: boolean, text: string): void {
    if (text === this.#spokenText) return;
    if (reading && now_ms - this.#spoken_ms < SPEAK_EVERY_MS) return;
    this.#spoken_ms = now_ms;
    this.#spokenText = text;
    setText(this.#spoken, text);
  }
}

/** One line, complete: "1.24 of 2.89 GiB · 310 MiB/s · 6 s left · 4.21 M rows". */
function describe({ load, report }: RunState): string {
  if (load === null || report === null) return "";
  const rows = `${format.compact(report.requests)} rows`;
  const size = format.bytes(load.read_bytes);
  if (load.phase === "complete") return `Read ${size} · ${rows}`;
  if (load.phase === "stopped") {
    const of = load.total_bytes === null ? "" : ` of ${format.bytes(load.total_bytes)}`;
    return `Stopped after ${size}${of} · the figures cover these ${rows}`;
  }
  if (load.read_bytes === 0) return "Waiting for its first bytes";
  const parts = [load.total_bytes === null ? size : `${size} of ${format.bytes(load.total_bytes)}`];
  if (load.phase === "held") parts.push("reads on as the cluster serves");
  else if (load.bytes_per_s > 0) {
    parts.push(`${(load.bytes_per_s / 1e6).toFixed(load.bytes_per_s < 1e7 ? 1 : 0)} MB/s`);
    if (load.total_bytes !== null) {
      const left_s = (load.total_bytes - load.read_bytes) / load.bytes_per_s;
      parts.push(`${format.duration(left_s)} left`);
    }
  }
  parts.push(rows);
  return parts.join(" · ");
}
