/** What a policy needs of the rest of the configuration, and what keeps it from being so. */
import type { Config, TableRow, Tables } from "../engine/protocol.ts";
import { doneOf, eventWords } from "../text/events.ts";
import { configOf, letterOf, withLane } from "./lanes.ts";
import { CHOICES, applies, chosenRow, paramOf, settingOf, withChoice, type ChoiceName, type Setup }
  from "./setup.ts";

interface Condition {
  sentence: string;
  met(config: Config): boolean;
  /** What meets it, and what that is called. */
  meeting: Partial<Config>;
  switched: string;
}

/** What a need asks of the rest of the configuration. Needs not named here ask nothing of it. */
const CONDITIONS: Record<string, Condition> = {
  timed_clock: { sentence: "needs the timed clock", met: ({ clock }) => clock?.id === "timed",
    meeting: { clock: { id: "timed" } }, switched: "the clock was switched to timed" },
  future: { sentence: "needs the logical clock",
    met: ({ clock }) => (clock?.id ?? "logical") === "logical",
    meeting: { clock: { id: "logical" } }, switched: "the clock was switched to logical" },
  flat: { sentence: "needs flat insertion", met: (c) => (c.insertion ?? "flat") === "flat",
    meeting: { insertion: "flat" }, switched: "insertion was switched to flat" },
  tree: { sentence: "needs tree insertion", met: (c) => c.insertion === "tree",
    meeting: { insertion: "tree" }, switched: "insertion was switched to tree" },
};

function unmetConditions({ needs }: { needs: string[] }, config: Config): Condition[] {
  return needs.flatMap((need) => CONDITIONS[need] ?? []).filter((c) => !c.met(config));
}

/** Why something cannot run with the rest of the configuration, or "". */
export function unmetNeed(row: { needs: string[] }, config: Config): string {
  return unmetConditions(row, config)[0]?.sentence ?? "";
}

/** The configuration with what a row needs, and what had to be switched for it, or "". */
export function withNeeds(
  row: { title: string; needs: string[] }, config: Config,
): { config: Config; switched: string } {
  const unmet = unmetConditions(row, config);
  const met = unmet.reduce((made: Config, { meeting }) => ({ ...made, ...meeting }), config);
  const which = unmet.map(({ switched }) => switched).join(", and ");
  const why = unmet.map(({ sentence }) => sentence).join(" and ");
  return { config: met, switched: which === "" ? "" : `${row.title} ${why}: ${which}.` };
}

/** What was switched for the sake of a row of a menu, as it was before and as it was made. */
export interface Switched {
  name: ChoiceName;
  lane: number;
  opened: number;
  before: Partial<Config>;
  made: Partial<Config>;
}

/** All that needs switch: what each is called, and what it is. */
const SWITCHES = {
  clock: ["the clock", ({ clock }: Config) => clock?.id ?? "logical"],
  insertion: ["insertion", (config: Config) => String(config.insertion ?? "flat")],
} as const;
const SWITCHED = Object.keys(SWITCHES) as (keyof typeof SWITCHES)[];

/** What of one configuration is not as in another, of all that needs switch. */
function switchedFrom(one: Config, other: Config): Partial<Config> {
  return Object.fromEntries(SWITCHED.filter((key) => !isSame(one[key], other[key]))
    .map((key) => [key, one[key]]));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The configuration as it was but for what was switched, where all of that is still as it was
 *  made; else null. */
function switchedBack(config: Config, { before, made }: Switched): Config | null {
  const stands = SWITCHED.every((key) => !(key in made) || isSame(config[key], made[key]));
  if (!stands) return null;
  const back = { ...config, ...before };
  for (const key of SWITCHED) if (back[key] === undefined) delete back[key];
  return back;
}

export interface Chosen {
  config: Config;
  /** What was switched with it, as a sentence, or "". */
  said: string;
  switched: Omit<Switched, "name" | "lane" | "opened"> | null;
}

/** A lane's configuration with a row chosen in a menu and with what that needs; what was switched
 *  for the row before it is as it was, unless something else needs it by now. */
export function withRow(tables: Tables, setup: Setup, lane: number, name: ChoiceName,
  row: TableRow, last: Switched | null): Chosen {
  const now = configOf(setup, lane);
  const back = last === null ? null : switchedBack(now, last);
  const undone = back === null ? null : chosenOn(back, name, row);
  if (back === null || undone === null || !runs(tables, withLane(setup, lane, undone.config))) {
    return chosenOn(now, name, row);
  }
  const said = [againWords(now, back, undone.config), undone.said];
  return { ...undone, said: said.filter((sentence) => sentence !== "").join(" ") };
}

function chosenOn(base: Config, name: ChoiceName, row: TableRow): Chosen {
  const chosen = withChoice(base, name, row.id);
  const { config, switched: said } = withNeeds(row, chosen);
  const switched = said === "" ? null
    : { before: switchedFrom(chosen, config), made: switchedFrom(config, chosen) };
  return { config, said, switched };
}

/** What is as it was before it was switched, as a sentence, or "". */
function againWords(now: Config, back: Config, config: Config): string {
  const words = SWITCHED
    .filter((key) => !isSame(back[key], now[key]) && isSame(back[key], config[key]))
    .map((key) => `${SWITCHES[key][0]} is ${SWITCHES[key][1](config)} again`).join(" and ");
  return words === "" ? "" : `${words[0]!.toUpperCase()}${words.slice(1)}.`;
}

/** Whether all lanes have what they need. */
function runs(tables: Tables, setup: Setup): boolean {
  return [setup.config, ...setup.others].every((_, lane) => {
    const config = configOf(setup, lane);
    return needing(tables, config).every((one) => unmetNeed(one, config) === "");
  });
}

/** Why a row cannot be chosen although what it needs could be switched: something else, here or in
 *  a lane beside, needs what is so now. As a sentence, or "". */
export function keptFrom(
  tables: Tables, setup: Setup, lane: number, name: ChoiceName, row: TableRow,
): string {
  const chosen = withChoice(configOf(setup, lane), name, row.id);
  if (unmetNeed(row, chosen) === "") return "";
  const next = withLane(setup, lane, withNeeds(row, chosen).config);
  const broken = [setup.config, ...setup.others].flatMap((_, at) => {
    const before = configOf(setup, at);
    const now = configOf(next, at);
    const where = at === lane ? "" : ` in ${letterOf(at)}`;
    return needing(tables, now).filter((one) => unmetNeed(one, now) !== ""
      && unmetNeed(one, before) === "").map((one) => `${one.title}${where} ${unmetNeed(one, now)}`);
  });
  return broken[0] ?? "";
}

interface Needing {
  title: string;
  needs: string[];
}

/** All that is chosen, and may need something. */
function needing(tables: Tables, config: Config): Needing[] {
  const policies = CHOICES.flatMap((name): Needing[] => {
    const row = chosenRow(tables, name, config);
    if (row === undefined) return [];
    const params = row.params.filter((spec) => applies(tables, config, name, spec));
    return [row, ...params.flatMap((spec) =>
      chosenAmong(spec.choices, paramOf(config[name], spec), row.title))];
  });
  const settings = tables.settings.flatMap((spec) =>
    chosenAmong(spec.choices, settingOf(config, spec), spec.label));
  const timed = tables.perturbations.filter((row) => row.needs_time).map(({ id }) => id);
  const done = (config.perturb ?? []).filter((text) => timed.includes(doneOf(text).kind))
    .map((text): Needing => ({ title: `“${eventWords(text).said}”`, needs: ["timed_clock"] }));
  return [...policies, ...settings, ...done];
}

function chosenAmong(
  choices: { id: string; label: string; needs: string[] }[] | undefined, id: unknown, of: string,
): Needing[] {
  return (choices ?? []).filter((choice) => choice.id === id)
    .map(({ label, needs }) => ({ title: `${of} by ${label}`, needs }));
}
