/** A trace at an address. What is open stays until its first requests are there. */
import type { Spare } from "../engine/engine.ts";
import type { FromWorker, Job, Source } from "../engine/protocol.ts";
import { readAddress } from "../state/address.ts";
import { encode } from "../state/link.ts";
import type { Setup } from "../state/setup.ts";
import type { Context } from "./context.ts";
import type { RunActions } from "./run.ts";

const ASK_EVERY_MS = 100;

/** Why it is not opened, or "", and a link that opens it in another tab where this one cannot. */
export interface Opened { why: string; link: string }

interface Trial {
  job: Job;
  source: Source & { kind: "url" };
  trace: string;
  /** What it was begun with, as text. */
  begun: string;
  worker: Spare;
  end(opened: Opened): void;
}

export class AddressActions {
  readonly #context: Context;
  readonly #run: RunActions;
  #trial: Trial | null = null;

  constructor(context: Context, run: RunActions) {
    this.#context = context;
    this.#run = run;
    context.store.subscribe(({ source }, before) => {
      if (source !== before.source) this.#end("Something else was opened in the meantime.");
    });
  }

  /** Fetches a trace with a worker of its own, and lets it take the place of what runs once it has
   *  requests. */
  open(text: string): Promise<Opened> {
    this.giveUp();
    const { now } = this.#context.store;
    const address = readAddress(text, document.baseURI);
    if ("refused" in address) return Promise.resolve({ why: address.refused, link: "" });
    const { trace, url, name } = address;
    if (now.shut && new URL(url).origin !== new URL(document.baseURI).origin) {
      const link = encode(setupOf(now.setup, trace));
      return Promise.resolve({ link: new URL(link, document.baseURI).href,
        why: "This page has read a file, and from then on it fetches nothing from elsewhere. In a "
          + "tab of its own the address can be opened, and what runs here stays." });
    }
    return new Promise((end) => this.#begin({ kind: "url", url, name }, trace, end));
  }

  giveUp(): void {
    this.#end("It was given up; what was open is still there.");
  }

  /** Says why nothing was opened to somebody who no longer looks at the field. */
  tell(why: string): void {
    this.#context.store.set({ notices: [why] });
  }

  #begin(source: Source & { kind: "url" }, trace: string, end: Trial["end"]): void {
    const { engine, jobs } = this.#context;
    const job = jobs.begin("trial");
    const worker = engine.beside(job, (message) => {
      if (this.#trial?.job === job) this.#hear(this.#trial, message);
    });
    const start = this.#run.starting(job, source);
    this.#trial = { job, source, trace, begun: JSON.stringify(start.configs), worker, end };
    worker.send(start);
    this.#ask(job);
  }

  /** How far it is; nothing is served. */
  #ask(job: Job): void {
    this.#trial?.worker.send({ type: "advance", job, max_requests: 0, budget_ms: 0,
      series: false });
  }

  #hear(trial: Trial, message: FromWorker): void {
    switch (message.type) {
      case "crashed":
        return this.#end(`${trial.source.name} could not be opened: ${message.message}`);
      case "failed": {
        const { reasons, message: said } = message.failure;
        return this.#end(reasons.length > 0 ? reasons.map((one) => one.message).join(" ") : said);
      }
      case "frame": {
        const { report, load: { phase } } = message;
        const stopped = report?.stopped;
        if (stopped) return this.#end(`${trial.source.name} cannot be read as a trace: ${stopped}`);
        if (report !== null && report.requests > 0) return this.#take(trial);
        if (phase === "complete") return this.#end(`${trial.source.name} has no request in it.`);
        setTimeout(() => {
          if (this.#trial === trial) this.#ask(trial.job);
        }, ASK_EVERY_MS);
      }
    }
  }

  #take({ job, source, trace, begun, worker, end }: Trial): void {
    const { store, engine, jobs } = this.#context;
    this.#trial = null;
    worker.take();
    store.set({ setup: setupOf(store.now.setup, trace), opened: store.now.opened + 1, kept: true,
      notices: [], engine: "ready", crash: "" });
    jobs.adopt(job);
    const now = this.#run.begin(job, source);
    // What was chosen while it was waited for is run from its beginning.
    if (JSON.stringify(now.configs) !== begun) engine.send(now);
    end({ why: "", link: "" });
  }

  #end(why: string): void {
    const trial = this.#trial;
    if (trial === null) return;
    this.#trial = null;
    this.#context.jobs.end("trial");
    trial.worker.stop();
    trial.end({ why, link: "" });
  }
}

/** What is chosen, of the trace at this address. */
function setupOf(setup: Setup, trace: string): Setup {
  return { ...setup, workload: "", trace, file: null, moments: [] };
}
