import assert from "node:assert/strict";
import { test } from "node:test";
import { reasonFor } from "../src/panel/controls/reasons.ts";
import type { Config, ParamSpec, ParamValue, TableRow, Tables } from "../src/engine/protocol.ts";
import { keptFrom, unmetNeed, withNeeds, withRow, type Switched } from "../src/state/needs.ts";
import { OPENING, applies, chosenRow, explicit, foresightOf, groupsOf, withChoice, withParam,
  withSetting, type Setup } from "../src/state/setup.ts";
import { tables } from "./tables.ts";

const scored = tables.routers[1]!;
const [weight, , , floor, soft] = scored.params;

test("only what differs from a default is written down", () => {
  const config = withParam({}, "router", scored, weight!, 3);
  assert.deepEqual(config.router, { id: "scored", params: { weight: 3 } });
  assert.deepEqual(withParam(config, "router", scored, weight!, 10).router, { id: "scored" });
});

test("another row begins with its own defaults", () => {
  const config = withParam({}, "router", scored, weight!, 3);
  assert.deepEqual(withChoice(config, "router", "plain").router, { id: "plain" });
});

test("the seed stays text, which holds a u64", () => {
  const seed = tables.settings.find((s) => s.name === "seed")!;
  assert.equal(withSetting({}, seed, "18446744073709551615").seed, "18446744073709551615");
});

test("a table's first row is what is meant when nothing is said", () => {
  assert.equal(chosenRow(tables, "eviction", {})?.id, "fifo");
});

test("a parameter applies while another has the value it waits for", () => {
  const router = (params: Record<string, ParamValue>) => ({ router: { id: "scored", params } });
  const speaks = (spec: ParamSpec, config: Config) => applies(tables, config, "router", spec);
  assert.equal(speaks(floor!, router({ match: "prefix" })), false);
  assert.equal(speaks(floor!, router({ match: "any" })), true);
  assert.equal(speaks(weight!, {}), true);
  // What waits for a parameter that has no say has none either.
  assert.equal(speaks(soft!, router({ floor: 0.5 })), false);
  assert.equal(speaks(soft!, router({ floor: 0.5, match: "any" })), true);
});

test("what has no say is not sent, since the core refuses it", () => {
  const params = { floor: 0.5, soft: true, weight: 3, every: 7 };
  const config = { router: { id: "scored", params }, migration: { id: "none" } };
  assert.deepEqual(explicit(tables, config).router, { id: "scored", params: { weight: 3 } });
  const own = { router: { id: "scored", params: { every: 7 } } };
  assert.deepEqual(explicit(tables, own).router, { id: "scored", params: { every: 7 } });
});

test("a row that needs time says so under the logical clock, and choosing it switches that", () => {
  const row = tables.routers[2]!;
  assert.match(unmetNeed(row, {}), /timed clock/);
  assert.equal(unmetNeed(row, { clock: { id: "timed" } }), "");
  const { config, switched } = withNeeds(row, { nodes: 3, clock: { id: "logical" } });
  assert.deepEqual(config, { nodes: 3, clock: { id: "timed" } });
  assert.match(switched, /clock was switched to timed/);
  assert.equal(withNeeds(row, config).switched, "");
});

test("a row that needs the future switches the timed clock to the logical one", () => {
  const row = { ...tables.evictions[0]!, id: "seer", title: "Seer", needs: ["future", "flat"] };
  assert.equal(unmetNeed(row, {}), "");
  assert.match(unmetNeed(row, { clock: { id: "timed" } }), /needs the logical clock/);
  const { config, switched } = withNeeds(row, { clock: { id: "timed" }, insertion: "tree" });
  assert.deepEqual(config, { clock: { id: "logical" }, insertion: "flat" });
  assert.match(switched, /clock was switched to logical, and insertion was switched to flat/);
});

test("what was switched for a row is as it was once another takes its place", () => {
  const clock = { id: "timed", params: { rate: 2 } };
  const blind = tables.evictions[0]!;
  const seer = { ...blind, id: "all-seer", title: "Seer", needs: ["future", "tree"] };
  const more: Tables = { ...tables, evictions: [...tables.evictions, seer] };
  const choose = (config: Config, row: TableRow, last: Switched | null = null, others = {}) =>
    withRow(more, { ...OPENING, config, others: [others] }, 0, "eviction", row, last);
  const before: Config = { nodes: 3, clock, eviction: { id: blind.id } };
  const first = choose(before, seer);
  assert.deepEqual(first.config, { nodes: 3, clock: { id: "logical" }, insertion: "tree",
    eviction: { id: "all-seer" } });
  const last = { name: "eviction", lane: 0, opened: 0, ...first.switched! } as const;
  const back = choose({ ...first.config, nodes: 4 }, blind, last);
  assert.deepEqual(back.config, { ...before, nodes: 4 });
  assert.equal(back.said, "The clock is timed again and insertion is flat again.");
  assert.equal(back.switched, null);
  // Somebody has chosen the clock since, or something beside needs what was switched.
  const own = choose({ ...first.config, clock }, blind, last);
  assert.deepEqual([own.config.insertion, own.said], ["tree", ""]);
  const needed = choose(first.config, blind, last, { eviction: { id: "all-seer" } });
  assert.deepEqual([needed.config.clock, needed.said], [{ id: "logical" }, ""]);
});

test("a row is kept from being chosen where something else would have to go", () => {
  const seer = { ...tables.evictions[0]!, id: "seer", title: "Seer", needs: ["future"] };
  const choices = [["prefix", []], ["any", ["timed_clock"]]] as [string, string[]][];
  const match = { ...scored.params[1]!,
    choices: choices.map(([id, needs]) => ({ id, label: id, needs })) };
  const asks = { ...scored, id: "asks", params: [match] };
  const own = { ...tables, evictions: [...tables.evictions, seer],
    routers: [...tables.routers, asks],
    perturbations: [{ id: "slow", form: "", summary: "", needs_time: true }] };
  const timed = { clock: { id: "timed" } };
  const kept = (config: Config, others: Setup["others"] = []) =>
    keptFrom(own, { ...OPENING, config: { ...timed, ...config }, others }, 0, "eviction", seer);
  assert.equal(kept({}), "", "nothing else needs the timed clock");
  assert.equal(kept({ router: { id: "needs-time" } }), "needs-time needs the timed clock");
  assert.equal(kept({ clock: { id: "logical" }, router: { id: "needs-time" } }), "");
  assert.equal(kept({}, [{ router: { id: "needs-time" } }]),
    "needs-time in B needs the timed clock");
  assert.equal(kept({ router: { id: "asks", params: { match: "any" } } }),
    "scored by any needs the timed clock");
  assert.equal(kept({ router: { id: "asks" } }), "");
  assert.equal(kept({ perturb: ["slow:1:4@90"] }), "“Node 1 is 4 × as slow” needs the timed clock");
  const router = own.routers.find(({ id }) => id === "needs-time")!;
  const logical = { ...OPENING, config: { eviction: { id: "seer" } } };
  assert.equal(keptFrom(own, logical, 0, "router", router), "Seer needs the logical clock");
});

test("menus stand in the tables' groups, in their order, without those that nobody is in", () => {
  const rows = [["men", "cook"], ["gods", "thunder"], [undefined, "own"], ["men", "plough"]]
    .map(([origin, id]) => ({ ...scored, id: id!, ...(origin ? { origin } : {}) }));
  const groups = groupsOf(tables, rows).map(([title, of]) => [title, of.map(({ id }) => id)]);
  assert.deepEqual(groups, [["Of gods", ["thunder"]], ["Of men", ["cook", "plough"]]]);
});

test("what a row and its choices know of the future is told, and of others nothing", () => {
  const seer = tables.routers[3]!;
  assert.equal(foresightOf(seer, undefined), "the next move");
  const choice = { id: "seer", params: { ends: "true" } };
  assert.equal(foresightOf(seer, choice), "the next move and how it ends");
  assert.equal(foresightOf(scored, { id: "scored" }), "");
});

test("what the core says finds its control", () => {
  const said = (path: string) => ({
    kind: "config" as const,
    message: "",
    reasons: [{ path, value: "7", expected: "less", message: "no" }],
  });
  assert.equal(reasonFor(said("router.params.weight"), "router", "weight"),
    "Expected less; found 7.");
  assert.equal(reasonFor(said("router.weight"), "router", "weight"), "Expected less; found 7.");
  assert.equal(reasonFor(said("router.id"), "router", "id"), "Expected less; found 7.");
  assert.equal(reasonFor(said("settings.nodes"), "nodes"), "Expected less; found 7.");
  assert.equal(reasonFor(said("nodes"), "router", "weight"), "");
});
