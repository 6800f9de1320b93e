/** What a file looks like from its name and beginning: a configuration or a trace, and of several
 *  that are dropped, which is the trace. The core alone says whether it is one. */
import { topNames } from "../text/json.ts";

/** As much as tells kinds of files apart. */
export const LOOKED_AT_BYTES = 4096;

/** By their first bytes; of what holds other files, which one is meant nobody has said. */
const BINARY: [first: string, what: string][] = [["\x89PNG", "a picture"], ["\xff\xd8\xff",
  "a picture"], ["GIF8", "a picture"], ["RIFF", "a picture or a sound"], ["%PDF", "a PDF"],
["PK\x03\x04", "an archive"], ["7z\xbc\xaf", "an archive"], ["SQLite", "a database"],
["PAR1", "a Parquet file"]];
const PACKED = ["\x1f\x8b", "\x28\xb5\x2f\xfd"];

/** "" where it may be a trace: packed, or text that begins as JSON or a table does; else what it
 *  is, as far as that is told. */
export function whyNoTrace(beginning: Uint8Array): string {
  const text = String.fromCharCode(...beginning.subarray(0, LOOKED_AT_BYTES));
  if (text === "") return "it is empty";
  const binary = BINARY.find(([first]) => text.startsWith(first));
  if (binary !== undefined) return `it is ${binary[1]}`;
  if (PACKED.some((first) => text.startsWith(first))) return "";
  if (text.includes("\0")) return "it is no text";
  const line = text.replace(/^\xef\xbb\xbf/, "").trimStart().split("\n")[0] ?? "";
  const isTable = /^[\w"][^<>{}]*[,\t]\s*["\w]/.test(line) && !/[.!?]\s/.test(line);
  return /^[{[]/.test(line) || isTable ? "" : "it begins as no trace does";
}

/** Words of rows, headers and sessions of traces; no configuration begins with one. */
const OF_TRACES = new RegExp("hash|token|toks|length|_len$|timestamp|request|schema|session_id"
  + "|block_ids|^(time|ts|t|isl|osl|keys|arrived_at)$", "i");
/** What configurations and traces both say. */
const OF_BOTH = ["block_size", "time_unit", "model"];

/** In which language a file is meant to be a configuration, be it broken or not: by its name, or
 *  because it begins with one of `words`, which configurations have; null of a trace. */
export function meantAs(
  name: string, beginning: string, words: readonly string[],
): "json" | "yaml" | null {
  if (/\.ya?ml$/i.test(name)) return "yaml";
  const named = /\.json$/i.test(name);
  const isObject = /^\s*\{/.test(beginning);
  const { names, followed } = isObject ? topNames(beginning)
    : { names: topLines(beginning), followed: false };
  // Objects after each other, and lists, are records.
  if (followed) return null;
  const isOfTrace = names.some((one) => OF_TRACES.test(one));
  const has = names.some((one) => words.includes(one) && !OF_BOTH.includes(one));
  if (isObject && named && (has || !isOfTrace)) return "json";
  if (isOfTrace || !(has || names.some((one) => OF_BOTH.includes(one)))) return null;
  return isObject || named ? "json" : "yaml";
}

/** The names at the beginning of lines, as YAML has them. */
function topLines(text: string): string[] {
  return [...text.matchAll(/^([a-z_]+):(?:\s|$)/gim)].map(([, name]) => name ?? "");
}
