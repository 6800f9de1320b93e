/**
 * What is done to the cluster, and when: texts of the configuration such as `kill:3@5000`. All
 * lanes have it done to them alike, unless it is of a policy's parameter, which is a lane's own.
 */
import type { Config } from "../engine/protocol.ts";
import { configOf, withLane } from "./lanes.ts";
import type { Setup } from "./setup.ts";

/** The setup in which `what` also happens before request `number`, on one lane or on all. */
export function withChange(setup: Setup, what: string, number: number, lane: number | null): Setup {
  const text = `${what}@${number}`;
  return eachList(setup, (list, at) => (lane === null || lane === at ? [...list, text] : list));
}

/** The setup without what stands there in the list of one lane, wherever else it stands. */
export function withoutChange(setup: Setup, index: number, lane: number): Setup {
  const gone = configOf(setup, lane).perturb?.[index];
  return eachList(setup, (list) => {
    const at = list.indexOf(gone ?? "");
    return list.filter((_, i) => i !== at);
  });
}

function eachList(setup: Setup, change: (list: string[], lane: number) => string[]): Setup {
  const lists = [setup.config, ...setup.others].map((_, lane) =>
    change(configOf(setup, lane).perturb ?? [], lane));
  const first: Config = { ...setup.config };
  const [of_first = []] = lists;
  if (of_first.length > 0) first.perturb = of_first;
  else delete first.perturb;
  return setup.others.reduce((made: Setup, _, i) => {
    const perturb = lists[i + 1] ?? [];
    const same = JSON.stringify(perturb) === JSON.stringify(of_first);
    const config: Config = { ...configOf(setup, i + 1), perturb };
    if (same && first.perturb === undefined) delete config.perturb;
    return withLane(made, i + 1, config);
  }, { ...setup, config: first });
}
