/**
 * `<kv-scope>`: a cluster that serves, as a figure in somebody else's page. docs/embedding.md says
 * what it takes and tells; this file is what a page loads. Reading order: attributes, view, told.
 */
import { pictureOf } from "../app/files.ts";
import { LiveApp, STILL_AT } from "../app/live.ts";
import { startPainter } from "../draw/easel/start.ts";
import { Studio } from "../draw/easel/studio.ts";
import { styleSheets } from "../draw/sheets.ts";
import { startLive } from "../engine/live.ts";
import type { Source } from "../engine/protocol.ts";
import { prefersReducedMotion, watchScheme } from "../shell/window.ts";
import { readAddress } from "../state/address.ts";
import { OBSERVED, OF_RUN, asked, homeOf, ofAttribute, type Asked, type Attribute, type Given }
  from "./attributes.ts";
import { NoTrace, fileOf, isTrace, type GivenTrace } from "./given.ts";
import { Seen } from "./seen.ts";
import { Teller, momentOf, type Events, type Moment } from "./told.ts";
import { FigureView } from "./view.ts";

export type { Events, Moment } from "./told.ts";
export type { GivenTrace } from "./given.ts";

const VERSION: string = import.meta.env["KVSCOPE_VERSION"] ?? "";

/** The page beside which this file is deployed, mostly; else the attribute `home` names one. */
const BESIDE = new URL(/* @vite-ignore */ "../", import.meta.url).href;

/** Whoever else is a figure on this page has its canvas painted there, too. */
const STUDIO = new Studio(startPainter, prefersReducedMotion());

/** A moment, its picture as a PNG, and the link that opens it. */
export interface Snapshot extends Moment {
  link: string;
  image: Blob | null;
}

export class KvScope extends HTMLElement {
  static readonly observedAttributes = OBSERVED;

  readonly #app = new LiveApp(startLive);
  readonly #teller: Teller;
  #view: FigureView | null = null;
  #asked: Asked;
  #seen: Seen | null = null;
  #scheme: (() => void) | null = null;
  /** "new" until somebody sees it. */
  #phase: "new" | "awake" | "asleep" = "new";
  /** A change that the run has not taken in yet. */
  #stale = false;
  /** Whether it plays once it runs, and from where: null is what the link says. */
  #plays: boolean | null = null;
  #from: number | null = null;
  #trace: GivenTrace | null = null;
  #file: File | null = null;
  #reading = new AbortController();

  constructor() {
    super();
    this.#teller = new Teller((type, detail) => this.#tell(type, detail), VERSION);
    this.#asked = asked({});
    this.attachShadow({ mode: "open" });
  }

  connectedCallback(): void {
    this.#open();
    this.#takeEarly();
    this.#seen = new Seen(this, (seen) => (seen ? this.#wake() : this.#sleep()));
    this.#scheme = watchScheme(() => this.#view?.recolour());
  }

  disconnectedCallback(): void {
    this.#seen?.close();
    this.#scheme?.();
    this.#sleep();
  }

  attributeChangedCallback(name: Attribute, before: string | null, now: string | null): void {
    if (before === now || this.#view === null) return;
    this.#asked = asked(this.#given());
    this.#show();
    if (name === "theme") this.#view.recolour();
    else if (name === "speed") this.#setSpeed(now);
    else if (name === "paused") (now === null ? this.play() : this.pause());
    else if (OF_RUN.some((one) => one === name)) this.#change();
  }

  /** The trace that it runs on in place of a workload; null takes it away again. */
  set trace(trace: GivenTrace | null) {
    if (trace !== null && !isTrace(trace)) {
      throw new TypeError("kv-scope: trace is a File, a Blob, an ArrayBuffer or a ReadableStream");
    }
    this.#trace = trace;
    this.#file = null;
    this.#reading.abort();
    this.#reading = new AbortController();
    if (trace === null) this.#change();
    else this.#take(trace, this.#reading.signal);
  }

  get trace(): GivenTrace | null {
    return this.#trace;
  }

  play(): void {
    this.#plays = true;
    if (this.#phase !== "new" && !this.#app.store.now.playing) this.#app.run.togglePlay();
  }

  pause(): void {
    this.#plays = false;
    if (this.#phase !== "new" && this.#app.store.now.playing) this.#app.run.togglePlay();
  }

  /** Goes to the moment after so many requests, and rests there. */
  seek(requests: number): void {
    if (!(requests >= 0)) throw new RangeError("kv-scope: a moment is a number of requests");
    const to = Math.round(requests);
    this.#plays = false;
    if (this.#stale || this.#app.store.now.source === null) this.#from = to;
    else this.#app.run.seek(to);
  }

  /** The moment that stands there now; null before the first request. */
  async snapshot(): Promise<Snapshot | null> {
    const moment = momentOf(this.#app.store.now);
    if (moment === null || this.#view === null) return null;
    const { pictures, look } = this.#view.picture();
    const image = pictures.length === 0 ? null : await pictureOf(pictures, look);
    return { ...moment, link: this.#view.link(), image };
  }

  /** A page may have set the property before this file was there to hear of it. */
  #takeEarly(): void {
    if (!Object.hasOwn(this, "trace")) return;
    const { trace } = this;
    Reflect.deleteProperty(this, "trace");
    this.trace = trace;
  }

  #take(trace: GivenTrace, signal: AbortSignal): void {
    fileOf(trace, signal, (read_bytes) =>
      this.#tell("progress", { read_bytes, total_bytes: null, done: false }))
      .then((file) => {
        if (signal.aborted) return;
        this.#file = file;
        this.#change();
      }, (error: unknown) => {
        if (!(error instanceof NoTrace)) throw error;
        if (!signal.aborted) this.#say(error.message);
      });
  }

  #open(): void {
    if (this.#view !== null) return;
    const shadow = this.shadowRoot!;
    shadow.adoptedStyleSheets = styleSheets();
    this.#asked = asked(this.#given());
    this.#view = new FigureView(this.#app, shadow, { studio: STUDIO,
      told: (state) => this.#teller.tell(state, performance.now()),
      took: (file) => {
        this.trace = file;
        this.play();
      } });
    this.#show();
  }

  #show(): void {
    this.#view?.show(this.#asked, homeOf(this.getAttribute("home"), document.baseURI, BESIDE));
  }

  #given(): Given {
    return Object.fromEntries(OBSERVED.map((name) => [name, this.getAttribute(name)]));
  }

  #wake(): void {
    const stale = this.#phase === "new" || this.#stale;
    this.#phase = "awake";
    if (stale) this.#begin();
    else this.#app.wake();
  }

  #sleep(): void {
    if (this.#phase !== "awake") return;
    this.#phase = "asleep";
    this.#app.sleep();
  }

  /** Another run, at once where somebody sees it. What changes together is one change. */
  #change(): void {
    if (this.#stale) return;
    this.#stale = true;
    queueMicrotask(() => {
      if (this.#phase === "awake" && this.#stale) this.#begin();
    });
  }

  #begin(): void {
    this.#stale = false;
    this.#app.begin(() => this.#restore());
  }

  /** There are tables: what is asked for is run. */
  #restore(): void {
    const { fragment, figure, unknown } = this.#asked;
    const source = this.#source();
    if (source === undefined) return;
    if (source === null) this.#app.source.restore(fragment);
    else this.#app.source.restoreOn(fragment, source);
    const { store, run } = this.#app;
    const told = store.now.notices.map((sentence) => ofAttribute(sentence, this.#asked));
    if (unknown.length + told.length > 0) store.set({ notices: [...unknown, ...told] });
    const moves = !STUDIO.reducedMotion && !this.hasAttribute("paused");
    const at = this.#from ?? (moves || figure !== null || store.now.seeking ? null : STILL_AT);
    if (at !== null) run.seek(at);
    store.set({ playing: this.#plays ?? moves });
    this.#from = null;
  }

  /** Whose requests: the host page's own, or null for a workload's; undefined where there are none
   *  yet, or none that can be. */
  #source(): Source | null | undefined {
    if (this.#file !== null) return { kind: "file", file: this.#file };
    if (this.#trace !== null) return undefined;
    const src = this.getAttribute("src");
    if (src === null) return null;
    const address = readAddress(src, document.baseURI);
    if ("refused" in address) {
      this.#say(address.refused);
      return undefined;
    }
    return { kind: "url", ...address };
  }

  #setSpeed(text: string | null): void {
    const speed = text === "max" ? Number.POSITIVE_INFINITY : Number(text);
    if (speed > 0) this.#app.run.setSpeed(speed);
  }

  /** Stands on the picture, and is told as an error. */
  #say(why: string): void {
    this.#app.store.set({ notices: [why] });
  }

  #tell<K extends keyof Events>(type: K, detail: Events[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

if (customElements.get("kv-scope") === undefined) customElements.define("kv-scope", KvScope);
