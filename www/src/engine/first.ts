/** The worker of the first view, which plays what is built in and reads no trace. */
import FirstWorker from "../worker/first.ts?worker&inline";
import { beginLive } from "./core.ts";
import type { Start } from "./start.ts";

export const startFirst: Start = (job, hear) =>
  beginLive(new FirstWorker({ name: "kvscope" }), job, hear);
