/**
 * The core of the live view, compiled once and handed over to every worker. It comes in two parts
 * (xtask/src/split): the first has what the first view runs, the whole has everything.
 */
import firstUrl from "kvscope-wasm/kvscope_first.wasm?url";
import wholeUrl from "kvscope-wasm/kvscope_whole.wasm?url";
import type { Job, ToWorker } from "./protocol.ts";
import { Core, begin, type Hear } from "./start.ts";

const address = (url: string) => new URL(url, import.meta.url).href;

/** The same file where the core is in one piece. */
const first = new Core(address(firstUrl));
const whole = new Core(address(wholeUrl));
let wanted = firstUrl === wholeUrl;

/** Workers that have the first part alone. */
const partly = new Set<Worker>();

/** The whole core, for every worker there is and will be. */
export async function loadWhole(): Promise<void> {
  wanted = true;
  const module = await whole.get();
  for (const worker of partly) {
    worker.postMessage({ type: "whole", job: 0, whole: module } satisfies ToWorker);
  }
  partly.clear();
}

/** Starts a worker of the live view with as much of the core as is wanted by now. */
export function beginLive(worker: Worker, job: Job, hear: Hear): Worker {
  if (!wanted) partly.add(worker);
  return begin(worker, job, hear, async () => ({
    core: await first.get(),
    // What could not be had is tried again where it is needed.
    whole: wanted ? await whole.get().catch(() => null) : null,
    whole_url: address(wholeUrl),
  }));
}
