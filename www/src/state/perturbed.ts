/**
 * What is done to the cluster, and when: texts of the configuration such as `kill:3@5000`. All
 * lanes have it done to them alike, unless it is of a policy's parameter, which is a lane's own.
 */
import type { Config, Tables } from "../engine/protocol.ts";
import { doneOf } from "../text/events.ts";
import { configOf, withLane } from "./lanes.ts";
import { numberSetting, type Setup } from "./setup.ts";

/** The setup in which `what` also happens before request `number`, on one lane or on all. */
export function withChange(setup: Setup, what: string, number: number, lane: number | null): Setup {
  const text = `${what}@${number}`;
  return eachList(setup, (list, at) => (lane === null || lane === at ? [...list, text] : list));
}

/** The setup without what stands there in the list of one lane, wherever else it stands, and
 *  without what goes with it. */
export function withoutChange(setup: Setup, index: number, lane: number, tables: Tables | null)
  : Setup {
  const gone = configOf(setup, lane).perturb?.[index];
  return eachList(setup, (list, at) => {
    const place = list.indexOf(gone ?? "");
    const too = goesWith(list, place, tables, configOf(setup, at));
    return list.filter((_, i) => i !== place && !too.includes(i));
  });
}

/** What of a list can only be done after what stands at a place of it, by their places: the heal of
 *  a node that is killed there. */
export function goesWith(
  list: readonly string[], place: number, tables: Tables | null, config: Config,
): number[] {
  const nodes = numberSetting(tables, config, "nodes");
  const before = undoable(list, nodes, null);
  return undoable(list, nodes, place).filter((one) => !before.includes(one));
}

/** How many nodes more can join every lane, what is to come included. */
export function roomForNodes(setup: Setup, tables: Tables | null): number {
  const most = tables?.settings.find(({ name }) => name === "nodes")?.max ?? 0;
  const counts = [setup.config, ...setup.others].map((_, lane) => {
    const config = configOf(setup, lane);
    const joining = (config.perturb ?? []).map((text) => takenApart(text))
      .map(({ kind, first }) => (kind === "add" ? first : 0));
    return joining.reduce((sum, more) => sum + more, numberSetting(tables, config, "nodes"));
  });
  return most - Math.max(...counts);
}

type NodeState = "alive" | "draining" | "dead";

/** In which states a node must be for it, and in which it is then. */
const STEPS: Record<string, [from: readonly NodeState[], to: NodeState | null]> = {
  kill: [["alive", "draining"], "dead"],
  drain: [["alive"], "draining"],
  heal: [["draining", "dead"], "alive"],
  slow: [["alive", "draining", "dead"], null],
};

/** The places of what cannot be done, were one of the list not there: it follows who is alive as
 *  the core does, by the moments where they are of one kind, and else as they stand. */
function undoable(list: readonly string[], nodes: number, without: number | null): number[] {
  const steps = list.map((text, place) => ({ place, ...takenApart(text) }))
    .filter(({ place }) => place !== without);
  const kinds = new Set(steps.map(({ seconds }) => seconds));
  if (kinds.size === 1) steps.sort((one, other) => one.moment - other.moment);
  const states = Array.from({ length: nodes }, (): NodeState => "alive");
  return steps.flatMap(({ place, kind, first }) => {
    if (kind === "add") {
      for (let i = 0; i < first; i += 1) states.push("alive");
      return [];
    }
    const step = STEPS[kind];
    if (step === undefined) return [];
    const [from, to] = step;
    const state = states[first];
    if (state === undefined || !from.includes(state)) return [place];
    states[first] = to ?? state;
    return [];
  });
}

function takenApart(text: string)
  : { kind: string; first: number; moment: number; seconds: boolean } {
  const { kind, first, when } = doneOf(text);
  return { kind, first, moment: Number.parseFloat(when), seconds: when.endsWith("s") };
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
