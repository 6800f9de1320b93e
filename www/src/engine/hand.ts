/** A worker of the pool, which is spoken to before it is there. */
import type { Hand } from "./pool.ts";
import type { FromWorker } from "./protocol.ts";

export function startHand(hear: (message: FromWorker) => void): Hand {
  let wanted = true;
  const started = import("./answers.ts").then(({ startAnswers }) =>
    wanted ? startAnswers(hear) : null);
  // Whoever waits hears of it here, and what is said to nobody is no second failure.
  started.catch((error: unknown) => hear({ type: "crashed", job: 0,
    message: `what answers could not be loaded: ${error instanceof Error ? error.message : ""}; `
      + "loading the page again may help" }));
  const tell = (act: (worker: Worker) => void) =>
    void started.then((worker) => worker !== null && act(worker), () => undefined);
  return {
    send: (message) => tell((worker) => worker.postMessage(message)),
    stop: () => {
      wanted = false;
      tell((worker) => worker.terminate());
    },
  };
}
