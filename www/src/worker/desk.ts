/** A worker of the pool at work: one packed trace, and the questions about it. */
import { Analysis, Sampled, Sampler, Simulator, amount, beside, configuration, prices }
  from "kvscope-answers/kvscope.js";
import type { Answers, Grid, PackedSample, Question } from "../engine/protocol.ts";
import { drain } from "./drain.ts";
import { openTrace } from "./source.ts";
import { Run, withBudget } from "./run.ts";
import { Walk } from "./walk.ts";

type Progress = (done: number, of: number) => void;

/** Requests looked at between two words about progress. */
const STRIDE = 16_384;
/** Block references of a sample at most: of a longer one the rate is halved. */
const MOST_SAMPLED = 20_000_000;

export class Desk {
  readonly #memory: WebAssembly.Memory;
  #analysis: Analysis | null = null;
  #sampled: Sampled | null = null;
  /** Requests one by one, of these lanes: pages are turned. */
  #walk: { of: string; at: Walk } | null = null;
  /** The grid whose cells are known. */
  #grid = "";

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  hold(packed: ArrayBuffer): void {
    this.#analysis?.free();
    this.#analysis = null;
    this.#grid = "";
    this.#analysis = new Analysis(new Uint8Array(packed));
  }

  holdSample({ packed, whole }: PackedSample): void {
    this.#sampled?.free();
    this.#sampled = null;
    this.#sampled = new Sampled(new Uint8Array(packed), whole);
  }

  async answer(question: Question, progress: Progress): Promise<Answers[keyof Answers]> {
    switch (question.type) {
      case "pack":
        return this.#pack(question);
      case "thin":
        return this.#thin(question, progress);
      case "facts":
        return this.#facts(progress);
      case "curve":
        return this.#curve(question, progress);
      case "cells":
        return this.#cells(question.grid);
      case "cell":
        return this.#gridded(question.grid).run_cell(question.number);
      case "amount":
        return amount(question.rows, question.one, question.other);
      case "document":
        return this.#held().document(question.grid, question.rows);
      case "most_rate":
        return this.#gridded(question.grid).most_rate(question.number, heard(progress));
      case "least_nodes":
        return this.#gridded(question.grid).least_nodes(question.number, heard(progress));
      case "prices":
        return prices(question.sizes, question.node, question.gib);
      case "curves":
        return this.#drawn(question).curves(question.asked, question.answers);
      case "next":
        return this.#drawn(question).next(question.asked, question.line, question.answers);
      case "measure":
        return this.#drawn(question).measure(question.asked, question.line, question.capacity);
      case "advice":
        this.#collect(() => undefined);
        return this.#held().advice(question.asked, question.answers);
      case "advice_unit":
        return this.#held().advice_unit(question.asked, question.number);
      case "decisions":
        return this.#decisions(question, progress);
      case "requests":
        return this.#requests(question, progress);
      case "study_cells":
        return this.#held().study_cells(question.id, question.seeds);
      case "study_cell":
        return this.#held().study_cell(question.id, question.seeds, question.number);
      case "study":
        return this.#held().study(question.id, question.seeds, question.summaries);
      case "repeat":
        return this.#held().repeat(question.config, question.by);
      case "beside":
        return beside(question.configs, question.runs);
      case "configuration":
        return configuration(question.file);
    }
  }

  /** Reads the source to its end, which is served by nobody, and packs it. */
  async #pack({ config, source }: Question & { type: "pack" }): Promise<ArrayBuffer> {
    const run = new Run(new Simulator(config), this.#memory, openTrace,
      Number.POSITIVE_INFINITY);
    try {
      run.keep();
      await run.feed(source);
      return run.pack().buffer;
    } finally {
      run.free();
    }
  }

  /** Reads the source to its end and keeps a share of its blocks. */
  async #thin({ config, source, rate }: Question & { type: "thin" }, progress: Progress)
    : Promise<PackedSample> {
    const sampler = new Sampler(config, rate, MOST_SAMPLED);
    try {
      await drain(source, sampler, this.#memory, progress);
      const { packed, whole } = sampler.sample();
      return { packed: packed.buffer, whole };
    } finally {
      sampler.free();
    }
  }

  /** What curves are of. */
  #drawn({ sampled }: { sampled: boolean }): Pick<Analysis, "curves" | "next" | "measure"> {
    if (!sampled) return this.#held();
    if (this.#sampled === null) throw new Error("an estimate was asked for before the sample");
    return this.#sampled;
  }

  #facts(progress: Progress): Answers["facts"] {
    this.#collect(progress);
    return this.#held().facts();
  }

  #collect(progress: Progress): void {
    const analysis = this.#held();
    this.#through(progress, (n) => analysis.collect(n));
  }

  #decisions({ config, wanted, count }: Question & { type: "decisions" }, progress: Progress)
    : Answers["decisions"] {
    const analysis = this.#held();
    analysis.find(config, wanted, count);
    const of = analysis.requests();
    let served = 0;
    while (analysis.look(STRIDE)) {
      served += STRIDE;
      progress(served, of);
    }
    return analysis.found();
  }

  /** A trace that is not kept is read again for what lies before. */
  async #requests(question: Question & { type: "requests" }, progress: Progress)
    : Promise<Answers["requests"]> {
    const { configs, source, from, count } = question;
    const of = JSON.stringify(configs);
    if (this.#walk?.of !== of || !this.#walk.at.reaches(from)) {
      this.#walk?.at.free();
      this.#walk = null;
      const lanes = configs.map(withBudget);
      const sim = new Simulator(lanes.length === 1 ? lanes[0]! : lanes);
      this.#walk = { of, at: new Walk(sim, this.#memory, source) };
    }
    return this.#walk.at.requests(from, count, progress);
  }

  #curve({ insertion, count }: Question & { type: "curve" }, progress: Progress): Answers["curve"] {
    const analysis = this.#held();
    this.#through(progress, (n) => analysis.reuse(insertion, n));
    return analysis.lru(insertion, count);
  }

  #through(progress: Progress, step: (n: number) => number): void {
    const of = this.#held().requests();
    for (let left = step(STRIDE); left > 0; left = step(STRIDE)) progress(of - left, of);
  }

  #cells(grid: Grid): Answers["cells"] {
    this.#grid = "";
    const cells = this.#held().cells(grid);
    this.#grid = JSON.stringify(grid);
    return cells;
  }

  /** The trace, with the cells of this grid known. */
  #gridded(grid: Grid): Analysis {
    if (this.#grid !== JSON.stringify(grid)) this.#cells(grid);
    return this.#held();
  }

  #held(): Analysis {
    if (this.#analysis === null) throw new Error("a question about a trace came before the trace");
    return this.#analysis;
  }
}

/** Of a search it is not known how many runs it takes. */
function heard(progress: Progress): (runs: number) => void {
  return (runs) => progress(runs, 0);
}
