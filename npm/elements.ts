/**
 * What editors, type checkers and documentation tools read of `<kv-scope>`: custom-elements.json,
 * in the schema of https://github.com/webcomponents/custom-elements-manifest. The words are those
 * of docs/embedding.md, the members those of kv-scope.d.ts; www/test/elements.test.ts holds both to
 * the code.
 */
import { CONTROLS, PICTURES, type Attribute } from "../www/src/element/attributes.ts";
import { FIGURES } from "../www/src/state/scenes.ts";

const words = (all: readonly string[]): string =>
  all.map((word) => JSON.stringify(word)).join(" | ");

/** What values an attribute takes, as a type of TypeScript. */
export const TYPES: Record<Attribute, string> = {
  figure: words(FIGURES.map(({ id }) => id)),
  config: "string",
  seed: "string",
  nodes: "number",
  router: "string",
  eviction: "string",
  capacity: "number",
  speed: 'number | "max"',
  src: "string",
  view: words(PICTURES),
  controls: `string (${[...CONTROLS, "none"].join(", ")})`,
  theme: words(["light", "dark"]),
  paused: "boolean",
  home: "string",
};

/** The rows of the table whose head begins with this cell: their cells, as plain text. */
function table(page: string, head: string): string[][] {
  const lines = page.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  if (at < 0) throw new Error(`docs/embedding.md has no table that begins with “${head}”`);
  const rows = lines.slice(at + 2);
  return rows.slice(0, rows.findIndex((line) => !line.startsWith("|")))
    .map((row) => row.split("|").slice(1, -1).map((cell) =>
      cell.trim().replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")));
}

const namesIn = (cell: string): string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

/** Each name of a table's first cells with what stands beside it. */
function named(page: string, head: string): { name: string; cells: string[] }[] {
  return table(page, head).flatMap(([first = "", ...cells]) =>
    namesIn(first).map((name) => ({ name, cells })));
}

interface Member {
  kind: "field" | "method";
  name: string;
  description: string;
  type?: { text: string };
  parameters?: { name: string; type: { text: string } }[];
  return?: { type: { text: string } };
}

/** The members of the class in kv-scope.d.ts, each with the comment before it. */
function members(types: string): Member[] {
  const body = types.split("export class KvScope")[1]?.split("\n}\n")[0] ?? "";
  const found = body.matchAll(/\/\*\* (.*?) \*\/\s+(\w+)(?:\((.*)\))?: (.+);/g);
  return [...found].map(([, description = "", name = "", given, type = ""]) => {
    if (given === undefined) return { kind: "field", name, description, type: { text: type } };
    const parameters = given.split(", ").filter((one) => one !== "").map((one) => {
      const [name = "", type = ""] = one.split(": ");
      return { name, type: { text: type } };
    });
    return { kind: "method", name, description, parameters, return: { type: { text: type } } };
  });
}

/** The manifest; `page` is docs/embedding.md, `types` is kv-scope.d.ts. */
export function manifest(page: string, types: string) {
  const attributes = named(page, "attribute").map(({ name, cells: [is = "", without = ""] }) => ({
    name,
    type: { text: TYPES[name as Attribute] },
    description: `${is}. Without it: ${without}.`,
  }));
  const events = named(page, "event").map(({ name, cells: [detail = "", when = ""] }) => ({
    name,
    type: { text: `CustomEvent<Events["${name}"]>` },
    description: `When ${when}. detail: ${detail}.`,
  }));
  const described = (head: string) => named(page, head).map(({ name, cells: [is = ""] }) =>
    ({ name, description: is }));
  const declaration = { name: "KvScope", module: "embed/kv-scope.js" };
  return {
    schemaVersion: "1.0.0",
    readme: "README.md",
    modules: [{
      kind: "javascript-module",
      path: declaration.module,
      declarations: [{
        kind: "class",
        customElement: true,
        name: declaration.name,
        tagName: "kv-scope",
        description: "A cluster that serves a trace under chosen policies, as a figure.",
        superclass: { name: "HTMLElement" },
        attributes,
        members: members(types),
        events,
        slots: [{ name: "", description: "Shown until the first request is served, and for ever "
          + "where no script runs: a still picture, best." }],
        cssParts: described("part, for `::part()`"),
        cssProperties: described("property of CSS"),
      }],
      exports: [
        { kind: "js", name: declaration.name, declaration },
        { kind: "custom-element-definition", name: "kv-scope", declaration },
      ],
    }],
  };
}
