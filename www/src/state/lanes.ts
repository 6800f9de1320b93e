/** Lanes beside the first: what each has differently from it. All else they share. */
import type { Comparison, Config } from "../engine/protocol.ts";
import type { Setup } from "./setup.ts";

/** What a lane may have of its own: not the trace, the seed, the clock or the window. */
export const OWN = ["router", "migration", "eviction", "nodes", "capacity_blocks", "insertion",
  "perturb"] as const;
export type LaneChoice = Partial<Pick<Config, (typeof OWN)[number]>>;

/** Its policies are a lane's own from the beginning: changing those of the first leaves them. */
const COPIED = ["router", "migration", "eviction"] as const;

export const MOST_LANES = 4;

export function letterOf(lane: number): string {
  return String.fromCharCode("A".charCodeAt(0) + lane);
}

/** Of what was done to a cluster, as much stands in words; of more, how much it is. */
const MOST_DONE = 2;

/** What the core says of lanes, or of one, where more was done to them than one reads. One list may
 *  be the beginning of another. */
export function inShort(text: string, { differences }: Comparison): string {
  const done = differences.find(({ part }) => part === "perturbations")?.values ?? [];
  const longest = [...done].sort((one, other) => other.length - one.length);
  return longest.reduce((told, list) => {
    const count = list.split(", ").length;
    return count > MOST_DONE ? told.replace(list, () => `${count} perturbations`) : told;
  }, text);
}

/** What a lane runs. */
export function configOf(setup: Pick<Setup, "config" | "others">, lane: number): Config {
  return lane === 0 ? setup.config : { ...setup.config, ...setup.others[lane - 1] };
}

/** The setup where a lane runs this: what lanes share is changed for all. */
export function withLane(setup: Setup, lane: number, config: Config): Setup {
  if (lane === 0) return { ...setup, config };
  const own: LaneChoice = {};
  const shared: Config = { ...config };
  for (const name of OWN) {
    const value = config[name];
    const same = JSON.stringify(value) === JSON.stringify(setup.config[name]);
    if (value !== undefined && (!same || COPIED.some((one) => one === name))) {
      Object.assign(own, { [name]: value });
    }
    delete shared[name];
    if (setup.config[name] !== undefined) Object.assign(shared, { [name]: setup.config[name] });
  }
  const others = setup.others.map((other, i) => (i === lane - 1 ? own : other));
  return { ...setup, config: shared, others };
}

/** The setup with one lane more: a copy of one there is, but for the router. */
export function withCopy(setup: Setup, lane: number, router: string): Setup {
  const copy = { ...configOf(setup, lane), router: { id: router } };
  const more: Setup = { ...setup, others: [...setup.others, {}] };
  return withLane(more, more.others.length, copy);
}

/** The setup without a lane; where that is the first, the second takes its place. */
export function withoutLane(setup: Setup, lane: number): Setup {
  const at = Math.max(lane, 1);
  const others = setup.others.filter((_, i) => i !== at - 1);
  if (lane > 0) return { ...setup, others };
  // What the others did not say for themselves, they had from the first.
  const all = setup.others.map((_, i) => configOf(setup, i + 1));
  const next: Setup = { ...setup, config: all[0] ?? setup.config, others: others.map(() => ({})) };
  return all.slice(1).reduce((made: Setup, config, i) => withLane(made, i + 1, config), next);
}

/** Configurations as lanes side by side, or what they differ in that lanes must share. */
export function asLanes(setup: Setup, [first, ...others]: readonly [Config, ...Config[]])
  : Setup | string[] {
  const shared = (config: Config) => Object.entries(config).filter(([name]) =>
    !OWN.some((own) => own === name));
  const told = new Map(shared(first).map(([name, value]) => [name, JSON.stringify(value)]));
  const differ = others.flatMap((config) => {
    const names = new Set([...told.keys(), ...shared(config).map(([name]) => name)]);
    const now = new Map<string, unknown>(shared(config));
    return [...names].filter((name) => told.get(name) !== JSON.stringify(now.get(name)));
  });
  if (differ.length > 0) return [...new Set(differ)];
  const empty: Setup = { ...setup, config: first, others: others.map(() => ({})) };
  return others.reduce((made: Setup, config, i) => withLane(made, i + 1, config), empty);
}
