/**
 * Workers that answer questions about a whole trace while the live view goes on: as many as the
 * machine has cores, but one while a run needs it. Each is given the packed trace once. What a
 * worker was busy with when it died is asked again elsewhere, twice at most, and then given up by
 * name.
 */
import type { Answers, Asked, Failure, FromWorker, Job, PackedSample, Question, ToWorker }
  from "./protocol.ts";

/** A worker, as far as the pool has to do with it. */
export interface Hand {
  send(message: ToWorker): void;
  stop(): void;
}

export type StartHand = (hear: (message: FromWorker) => void) => Hand;

/** How often a question may be asked: once, and twice more after its worker died. */
const MOST_TRIES = 3;

/** Questions that say what answers so far amount to, or that somebody turns pages by: they are
 *  wanted while further ones wait. */
const SOON: readonly Question["type"][] = ["amount", "prices", "document", "curves", "next",
  "advice", "beside", "configuration", "requests"];

/** Questions that need no trace, or read it themselves. */
const WITHOUT: readonly Question["type"][] = ["pack", "thin", "configuration", "requests"];

/** Why there is no answer. `cancelled` is nobody's fault. */
export class NoAnswer extends Error {
  readonly failure: Failure;
  readonly cancelled: boolean;

  constructor(message: string, failure: Failure | null = null, cancelled = false) {
    super(message);
    this.failure = failure ?? { kind: "state", message, reasons: [] };
    this.cancelled = cancelled;
  }
}

type Progress = (done: number, of: number) => void;

interface Errand {
  asked: Asked;
  tries: number;
  progress: Progress;
  resolve(answer: Answers[keyof Answers]): void;
  reject(why: NoAnswer): void;
}

interface Place {
  hand: Hand;
  /** Whether it was given the trace there is. */
  holds: boolean;
  /** The sample that it was given. */
  sample: PackedSample | null;
  errand: Errand | null;
}

export class Pool {
  readonly #start: StartHand;
  /** How many workers may be busy. */
  readonly #size: () => number;
  #places: Place[] = [];
  #queue: Errand[] = [];
  #packed: ArrayBuffer | null = null;
  #sample: PackedSample | null = null;
  #task = 0;
  /** Whose question was handed out last, and those that have only questions that wait. */
  #last: Job | null = null;
  #waiting: readonly Job[] = [];
  /** Hears of a job that waits, with those that keep the workers busy; with none, that it waits no
   *  longer. */
  onWait: (job: Job, behind: Job[]) => void = () => undefined;

  constructor(start: StartHand, size: () => number) {
    this.#start = start;
    this.#size = size;
  }

  /** The trace that questions are about from now on. */
  hold(packed: ArrayBuffer): void {
    this.#packed = packed;
    for (const place of this.#places) place.holds = false;
  }

  /** The sample that estimates are made from, from now on. */
  holdSample(sample: PackedSample): void {
    this.#sample = sample;
  }

  /** Gives up everything, the trace included: a worker's memory never shrinks, so that another
   *  trace has workers of its own. */
  forget(): void {
    this.#packed = null;
    this.#sample = null;
    const open = [...this.#queue, ...this.#places.flatMap(({ errand }) => errand ?? [])];
    this.#queue = [];
    this.#waiting = [];
    for (const { hand } of this.#places) hand.stop();
    this.#places = [];
    for (const errand of open) errand.reject(new NoAnswer("another trace was opened", null, true));
  }

  /** Asks for one answer. Questions of a job wait for their turn in the order they came, and jobs
   *  take turns: who asks one thing does not wait for all of somebody's hundred. */
  ask<K extends keyof Answers>(
    question: Question & { type: K },
    progress: Progress = () => undefined,
  ): Promise<Answers[K]> {
    this.#task += 1;
    const asked = { ...question, task: this.#task } as Asked;
    return new Promise((resolve, reject) => {
      const done = resolve as (answer: Answers[keyof Answers]) => void;
      const errand = { asked, tries: 0, progress, resolve: done, reject };
      if (SOON.includes(asked.type)) this.#queue.unshift(errand);
      else this.#queue.push(errand);
      this.#hand();
    });
  }

  /** Gives a job up: what waits is forgotten, and workers that are busy with it are stopped. */
  cancel(job: Job): void {
    const mine = ({ asked }: Errand) => asked.job === job;
    const open = this.#queue.filter(mine);
    this.#queue = this.#queue.filter((errand) => !mine(errand));
    for (const place of this.#places) {
      if (place.errand === null || !mine(place.errand)) continue;
      open.push(place.errand);
      this.#remove(place);
    }
    for (const errand of open) errand.reject(new NoAnswer("cancelled", null, true));
    this.#hand();
  }

  /** Hands waiting questions to workers that are free, and starts workers while there may be. */
  #hand(): void {
    while (this.#queue.length > 0) {
      const free = this.#places.filter(({ errand }) => errand === null);
      if (this.#size() <= this.#places.length - free.length) break;
      this.#give(free[0] ?? this.#open(), this.#next());
    }
    this.#tell();
  }

  /** Takes the next question: what is wanted soon, or of another job than the last. */
  #next(): Errand {
    const isNext = ({ asked }: Errand) => SOON.includes(asked.type) || asked.job !== this.#last;
    const at = Math.max(this.#queue.findIndex(isNext), 0);
    const [errand] = this.#queue.splice(at, 1);
    this.#last = errand!.asked.job;
    return errand!;
  }

  /** Says who has begun to wait, and who has ceased to. */
  #tell(): void {
    const busy = [...new Set(this.#places.flatMap(({ errand }) => errand?.asked.job ?? []))];
    const queued = [...new Set(this.#queue.map(({ asked }) => asked.job))];
    const before = this.#waiting;
    this.#waiting = queued.filter((job) => !busy.includes(job));
    for (const job of before) if (!this.#waiting.includes(job)) this.onWait(job, []);
    for (const job of this.#waiting) if (!before.includes(job)) this.onWait(job, busy);
  }

  #open(): Place {
    const place: Place = { hand: this.#start((message) => this.#hear(place, message)),
      holds: false, sample: null, errand: null };
    this.#places.push(place);
    return place;
  }

  #give(place: Place, errand: Errand): void {
    const { asked } = errand;
    errand.tries += 1;
    place.errand = errand;
    const { job } = asked;
    const ofSample = "sampled" in asked && asked.sampled;
    if (ofSample && place.sample !== this.#sample && this.#sample !== null) {
      place.sample = this.#sample;
      place.hand.send({ type: "hold_sample", job, sample: this.#sample });
    }
    const reads = WITHOUT.includes(asked.type);
    if (!reads && !ofSample && !place.holds && this.#packed !== null) {
      place.holds = true;
      place.hand.send({ type: "hold", job, packed: this.#packed });
    }
    place.hand.send(asked);
  }

  #hear(place: Place, message: FromWorker): void {
    const { errand } = place;
    if (!this.#places.includes(place)) return;
    if (message.type === "crashed") return this.#died(place, message.message);
    // Whatever carries another number is of something that was given up.
    if (errand === null || !("task" in message) || message.task !== errand.asked.task) return;
    switch (message.type) {
      case "progress":
        return errand.progress(message.done, message.of);
      case "answer":
        place.errand = null;
        errand.resolve(message.answer);
        return this.#hand();
      case "failed":
        place.errand = null;
        errand.reject(new NoAnswer(message.failure.message, message.failure));
        return this.#hand();
    }
  }

  #died(place: Place, message: string): void {
    const { errand } = place;
    this.#remove(place);
    if (errand !== null && errand.tries < MOST_TRIES) this.#queue.unshift(errand);
    else errand?.reject(new NoAnswer(`${MOST_TRIES} workers in a row stopped at ${
      nameOf(errand.asked)}. The last one said: ${message}`));
    this.#hand();
  }

  #remove(place: Place): void {
    place.hand.stop();
    this.#places = this.#places.filter((other) => other !== place);
  }
}

function nameOf(asked: Asked): string {
  const which = "number" in asked ? ` ${asked.number}` : "";
  switch (asked.type) {
    case "cell":
      return `cell${which}`;
    case "repeat":
      return `a lane with seed + ${asked.by}`;
    case "study_cell":
      return `run${which} of ${asked.id}`;
    case "pack":
    case "thin":
      return "reading the whole trace";
    case "measure":
      return `the curve's run at ${asked.capacity} blocks`;
    case "advice_unit":
      return `run${which} of the advice`;
    default:
      return `its part “${asked.type.replace("_", " ")}”${which}`;
  }
}

/** Of so many cores, one is left for the page and its live view while that goes on. */
export function poolSize(cores: number | undefined, goesOn: boolean): number {
  return Math.max(1, (cores ?? 2) - (goesOn ? 1 : 0));
}
