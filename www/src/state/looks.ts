/** What a file looks like from its beginning: of several that are dropped, which is the trace. The
 *  core alone says whether it is one. */

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
