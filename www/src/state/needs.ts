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
