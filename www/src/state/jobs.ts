/** What is asked of the worker and waited for. Whose number is not here has been given up. */
import type { Job } from "../engine/protocol.ts";
import { ASKINGS, type Asking } from "./analysis.ts";

/** One of each kind at a time: the next takes its place. */
export type JobKind = "core" | "run" | "trial" | "seed" | "pack" | "thin" | "configuration"
  | Asking;

/** What other workers are asked: the crash of the live view's is no concern of theirs. */
const ELSEWHERE: readonly JobKind[] = ["trial", "pack", "thin", "configuration", ...ASKINGS];

export class Jobs {
  #last: Job = 0;
  readonly #awaited = new Map<JobKind, Job>();

  /** A number that nothing had before; earlier work of this kind is given up. */
  begin(kind: JobKind): Job {
    this.#last += 1;
    this.#awaited.set(kind, this.#last);
    return this.#last;
  }

  /** What an answer of this number is about, or null where nobody waits for it. */
  kindOf(job: Job): JobKind | null {
    for (const [kind, awaited] of this.#awaited) if (awaited === job) return kind;
    return null;
  }

  /** The number that is waited for, or null. */
  jobOf(kind: JobKind): Job | null {
    return this.#awaited.get(kind) ?? null;
  }

  /** What was tried is the run from now on. */
  adopt(job: Job): void {
    this.#awaited.delete("trial");
    this.#awaited.set("run", job);
  }

  /** Its answer is complete, or will not come. */
  end(kind: JobKind): void {
    this.#awaited.delete(kind);
  }

  /** The worker of the live view is gone, and everything that was asked of it. */
  forget(): void {
    for (const kind of [...this.#awaited.keys()]) {
      if (!ELSEWHERE.includes(kind)) this.#awaited.delete(kind);
    }
  }
}
