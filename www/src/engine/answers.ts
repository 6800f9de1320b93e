/**
 * Workers that answer for a whole trace. This file is fetched when one is started for the first
 * time, and with it their script and their core: no view needs them before somebody asks. They are
 * files of the page, asked for by name and with nothing of the trace, and stay for all that follow.
 */
import wasmUrl from "kvscope-answers/kvscope_bg.wasm?url";
import AnswersWorker from "../worker/answers.ts?worker&inline";
import type { FromWorker } from "./protocol.ts";
import { Core, begin } from "./start.ts";

const url = new URL(wasmUrl, import.meta.url).href;
const core = new Core(url);

export function startAnswers(hear: (message: FromWorker) => void): Worker {
  return begin(new AnswersWorker({ name: "kvscope-pool" }), 0, hear, async () =>
    ({ core: await core.get(), whole: null, whole_url: url }));
}
