/** The worker of the live view. */
import wasmUrl from "kvscope-wasm/kvscope_bg.wasm?url";
import KvscopeWorker from "../worker/worker.ts?worker&inline";
import type { FromWorker, Job } from "./protocol.ts";
import { Core, begin } from "./start.ts";

const core = new Core(new URL(wasmUrl, import.meta.url).href);

/**
 * Everything that this worker is made of is on the page before a trace is: its script is a text in
 * the page's own, started from a blob, and the core is compiled once and handed over. So a new
 * worker asks the network for nothing. From its blob it also inherits the page's content security
 * policy, and with it "no connections"; loaded from the network it would answer to headers that a
 * static host does not send.
 */
export function startLive(job: Job, hear: (message: FromWorker) => void): Worker {
  return begin(new KvscopeWorker({ name: "kvscope" }), core, job, hear);
}
