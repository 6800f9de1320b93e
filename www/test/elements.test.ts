/** custom-elements.json and kv-scope.d.ts of the npm package say of the element what it is. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { manifest } from "../../npm/elements.ts";
import type * as Told from "../../npm/kv-scope.d.ts";
import { OBSERVED } from "../src/element/attributes.ts";
import type { Events, GivenTrace, KvScope, Snapshot } from "../src/element/kv-scope.ts";
import { CONFIGURABLE } from "../src/shell/messages.ts";

const text = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const [page, types] = [text("../../docs/embedding.md"), text("../../npm/kv-scope.d.ts")];
const { modules: [module] } = manifest(page, types);
const [element] = module!.declarations;
const { attributes, members, events, cssParts, cssProperties } = element!;
const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);
const same = (found: readonly string[], expected: Iterable<string>) =>
  assert.deepEqual(found.toSorted(), [...expected].sort());

/** What two types have, each of the other. */
type Both<A extends B, B extends C, C = A> = [A, B, C];
type Own<T> = Exclude<keyof T, keyof HTMLElement | `${string}Callback`>;
/** Nothing of this runs: it is there for the type checker. Private fields set the class apart, so
 *  that of it only what a page may use is compared. */
export type TypesAreTrue = [
  Both<Pick<KvScope, Own<KvScope>>, Pick<Told.KvScope, Own<Told.KvScope>>>,
  Both<Own<KvScope>, Own<Told.KvScope>>,
  Both<Events, Told.Events>,
  Both<Snapshot, Told.Snapshot>,
  Both<GivenTrace, Told.GivenTrace>,
];

test("its attributes are those that are observed, each with a type and words", () => {
  same(names(attributes), OBSERVED);
  for (const { name, type, description } of attributes) {
    assert.ok(type.text.length > 4, `${name}: ${type.text}`);
    assert.match(description, /^\S.* Without it: .+\.$/, name);
  }
});

test("its events and members are those of the types", () => {
  const body = types.split("export interface Events {\n")[1]!.split("\n}\n")[0]!;
  same(names(events), [...body.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name!));
  assert.deepEqual(members.map(({ kind, name }) => `${kind} ${name}`),
    ["field trace", "method play", "method pause", "method seek", "method snapshot"]);
  const [trace, , , seek, snapshot] = members;
  assert.equal(trace!.type!.text, "GivenTrace | null");
  assert.deepEqual(seek!.parameters, [{ name: "requests", type: { text: "number" } }]);
  assert.equal(snapshot!.return!.type.text, "Promise<Snapshot | null>");
});

test("its parts are those of its shadow, and its properties are tokens of the style", () => {
  const source = readdirSync(new URL("../src", import.meta.url), { recursive: true,
    encoding: "utf8" }).filter((name) => /^(?:element|panel)\/.*\.ts$/.test(name));
  same(names(cssParts), source.flatMap((name) =>
    [...text(`../src/${name}`).matchAll(/\bpart: "([^"]+)"/g)].map(([, part]) => part!)));
  const tokens = text("../src/style/tokens.css");
  for (const { name } of cssProperties) assert.ok(tokens.includes(`\n  ${name}: `), name);
  assert.ok(cssProperties.length > 10);
  for (const { name, description } of [...cssParts, ...cssProperties]) {
    assert.ok(description.length > 3, name);
  }
});

test("a page around a frame may configure all of them but addresses", () => {
  same([...CONFIGURABLE, "src", "home"], OBSERVED);
});
