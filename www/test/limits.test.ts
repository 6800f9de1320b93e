import assert from "node:assert/strict";
import { test } from "node:test";
import type { Search } from "../src/engine/protocol.ts";
import { noneWords } from "../src/panel/views/limits-words.ts";
import type { Limit } from "../src/state/analysis.ts";
import { tables } from "./tables.ts";

const search = (found: number | null, why_none: string | null): Search =>
  ({ found, why_none, slo_s: 30, probes: [] });

const limit = (router: string, rate: Search | null, nodes: Search | null): Limit =>
  ({ cell: { group: 0, point: { router } }, rate, nodes, cache_bytes: null }) as unknown as Limit;

test("that nothing keeps the objective is said once, with why", () => {
  const none = search(null, "it is 39 s");
  const some = search(4, null);
  assert.equal(noneWords(tables, []), "");
  assert.equal(noneWords(tables, [limit("plain", some, some), limit("scored", null, null)]), "");
  assert.equal(noneWords(tables, [limit("plain", null, search(null, "it is 46 s")),
    limit("scored", none, none)]), "None of them keeps the objective. plain: it is 46 s.");
  assert.equal(noneWords(tables, [limit("plain", some, some), limit("scored", none, some)]),
    "Not all of them keep the objective. scored: it is 39 s.");
});
