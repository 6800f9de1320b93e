/** The worker of the live view, which reads traces. */
import KvscopeWorker from "../worker/worker.ts?worker&inline";
import { beginLive } from "./core.ts";
import type { Start } from "./start.ts";

/**
 * Everything that this worker is made of is on the page before a trace is: its script is a text in
 * the page's own, started from a blob, and the core is compiled once and handed over. So a new
 * worker asks the network for nothing. From its blob it also inherits the page's content security
 * policy, and with it "no connections"; loaded from the network it would answer to headers that a
 * static host does not send.
 */
export const startLive: Start = (job, hear) =>
  beginLive(new KvscopeWorker({ name: "kvscope" }), job, hear);
