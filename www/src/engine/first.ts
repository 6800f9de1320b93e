/** The worker of the first view, which plays what is built in and reads no trace. */
import FirstWorker from "../worker/first.ts?worker&inline";
import { core } from "./core.ts";
import { begin, type Start } from "./start.ts";

export const startFirst: Start = (job, hear) =>
  begin(new FirstWorker({ name: "kvscope" }), core, job, hear);
