/** What goes with a change that is taken back, held to what the core then accepts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../src/engine/protocol.ts";
import { goesWith } from "../src/state/perturbed.ts";
import { loadCore } from "./core.ts";

const { core } = await loadCore();
const tables = core.policies();
const NODES = 4;
const LISTS = 600;

function configOf(perturb: string[]): Config {
  return { nodes: NODES, capacity_blocks: 10, clock: { id: "timed" }, perturb };
}

function accepts(perturb: string[]): boolean {
  try {
    new core.Simulator(configOf(perturb)).free();
    return true;
  } catch (error) {
    assert.equal((error as { kind?: string }).kind, "config", String(error));
    return false;
  }
}

let state = 11;
function next(below: number): number {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) % below;
}

/** A list that the core accepts, grown by what may stand at its end or anywhere else. */
function listOf(length: number): string[] {
  const seconds = next(3);
  const list: string[] = [];
  for (let tries = 0; list.length < length && tries < 200; tries += 1) {
    const node = next(NODES + 2);
    const what = [`kill:${node}`, `drain:${node}`, `heal:${node}`, `slow:${node}:2`, "add:1",
      "rate:2"][next(6)]!;
    // Of one kind, of the other, or side by side.
    const unit = seconds === 2 ? ["", "s"][next(2)] : ["", "s"][seconds];
    const grown = list.toSpliced(next(list.length + 1), 0, `${what}@${1 + next(30)}${unit}`);
    if (accepts(grown)) list.splice(0, list.length, ...grown);
  }
  return list;
}

test("what is left after a change was taken back is accepted, and nothing goes needlessly", () => {
  let together = 0;
  for (let round = 0; round < LISTS; round += 1) {
    const list = listOf(2 + next(6));
    for (const place of list.keys()) {
      const too = goesWith(list, place, tables, configOf(list));
      const alone = list.filter((_, i) => i !== place);
      const left = list.filter((_, i) => i !== place && !too.includes(i));
      const said = `${list.join(" ")} without ${list[place]}, and ${too.join()}`;
      assert.ok(accepts(left), said);
      assert.equal(accepts(alone), too.length === 0, said);
      together += Number(too.length > 0);
    }
  }
  assert.ok(together > LISTS / 10, `only ${together} took something along`);
});
