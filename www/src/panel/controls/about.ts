/** Where a chosen policy is from, and what it is called where it runs. */
import later from "kvscope-wasm/later.json";
import type { Citation } from "../../engine/tables.ts";
import type { Config, TableRow } from "../../engine/protocol.ts";
import { TABLES, paramOf, type ChoiceName } from "../../state/setup.ts";
import { h } from "../dom.ts";

/** Ends the source of a policy that was not run beside the code of its project. */
const FORMULA_ONLY = "; formula only";

/** Paragraphs about a row with the parameters it has now; none where it is from nowhere. */
export function aboutPolicy(name: ChoiceName, row: TableRow, config: Config): Node[] {
  const cited: Partial<Citation> = later.citations[TABLES[name]][row.id] ?? {};
  const { source = "", production } = cited;
  if (source === "") return [];
  const from = h("p", { class: "summary" }, source.endsWith(FORMULA_ONLY)
    ? `Source: ${source}, not run beside its own code.` : `Source: ${source}.`);
  if (production === undefined) return [from];
  const words = production.words.map(({ param, form, times }) => {
    const spec = row.params.find((one) => one.name === param);
    const value = spec === undefined ? 0 : Number(paramOf(config[name], spec));
    return form.replace("{}", String(times * value));
  });
  return [from, h("p", { class: "summary" }, `The same in production: ${production.project}`),
    h("pre", { class: "words" }, [production.switch, ...words].join("\n"))];
}
