/** A worker of the pool: answers for a whole trace, with a core that the live view goes without. */
import { initSync } from "kvscope-answers/kvscope.js";
import type { Asked, PackedSample } from "../engine/protocol.ts";
import { Desk } from "./desk.ts";
import { failed, scope, serve, type Order } from "./serve.ts";

let desk: Desk;

serve(({ core }) => {
  const { memory } = initSync({ module: core });
  desk = new Desk(memory);
  return memory;
}, handle);

function handle(message: Order): void {
  if (message.type === "hold") desk.hold(message.packed);
  else if (message.type === "hold_sample") desk.holdSample(message.sample);
  else if ("task" in message) void answer(message);
}

/** A question about a whole trace: one answer, or why there is none. */
async function answer(asked: Asked): Promise<void> {
  const { job, task } = asked;
  try {
    const answer = await desk.answer(asked, (done, of) =>
      scope.postMessage({ type: "progress", job, task, done, of }));
    // A packed trace moves instead of being copied.
    const moved = answer instanceof ArrayBuffer ? [answer]
      : asked.type === "thin" ? [(answer as PackedSample).packed] : [];
    scope.postMessage({ type: "answer", job, task, answer }, moved);
  } catch (error) {
    failed(job, error, task);
  }
}
