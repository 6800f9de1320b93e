/** The worker of the live view. */
import firstUrl from "kvscope-wasm/kvscope_first.wasm?url";
import wholeUrl from "kvscope-wasm/kvscope_whole.wasm?url";
import KvscopeWorker from "../worker/worker.ts?worker&inline";
import type { FromWorker, Job, ToWorker } from "./protocol.ts";
import { Core, begin } from "./start.ts";

const address = (url: string) => new URL(url, import.meta.url).href;

/** What the first view runs, and everything; the same where the core is in one piece. */
const first = new Core(address(firstUrl));
const whole = new Core(address(wholeUrl));

/** Workers that have the first part alone. */
const partly = new Set<Worker>();
let wanted = firstUrl === wholeUrl;

/** The whole core, for every worker there is and will be. */
export async function loadWhole(): Promise<void> {
  wanted = true;
  const module = await whole.get();
  for (const worker of partly) {
    worker.postMessage({ type: "whole", job: 0, whole: module } satisfies ToWorker);
  }
  partly.clear();
}

/**
 * Everything that this worker is made of is on the page before a trace is: its script is a text in
 * the page's own, started from a blob, and the core is compiled once and handed over. So a new
 * worker asks the network for nothing. From its blob it also inherits the page's content security
 * policy, and with it "no connections"; loaded from the network it would answer to headers that a
 * static host does not send.
 */
export function startLive(job: Job, hear: (message: FromWorker) => void): Worker {
  const worker = new KvscopeWorker({ name: "kvscope" });
  if (!wanted) partly.add(worker);
  return begin(worker, job, hear, async () => ({
    core: await first.get(),
    // What could not be loaded is tried again where it is needed.
    whole: wanted ? await whole.get().catch(() => null) : null,
    whole_url: address(wholeUrl),
  }));
}
