/** What the reader of YAML says of a text that is none, as a sentence. Pure. */

/** Its errors, as far as they are used here. */
interface YamlError {
  reason: string;
  /** Absent where no place is to blame; from 0. */
  mark?: { line: number; column: number };
}

const OPEN = "what was opened before it, by [, { or a quote, is not closed";

/** Its reasons that do not tell what to do, in words that do. */
const WORDS: Record<string, string> = {
  "deficient indentation": OPEN,
  "unexpected end of the stream within a flow collection": OPEN,
  "unexpected end of the stream within a double quoted scalar": OPEN,
  "unexpected end of the stream within a single quoted scalar": OPEN,
  "missed comma between flow collection entries": "a comma is missing",
  "bad indentation of a mapping entry":
    "a name of its own must be on a line of its own, as far to the right as those beside it",
  "bad indentation of a sequence entry": "it is not as far to the right as the entries beside it",
  "tab characters must not be used in indentation": "lines are moved in with blanks, not with tabs",
  "end of the stream or a document separator is expected":
    "here, or on the line before, a name has no colon with a blank after it",
  "expected ':' after a mapping key": "a name has no colon with a blank after it",
  "duplicated mapping key": "this name stands there twice",
  "expected a single document in the stream, but found more":
    "it has several documents (---), and one is a configuration",
};

/** `Line 2, column 1: …`; null of an error that is not about YAML. */
export function yamlFault(error: unknown): string | null {
  if (!isYamlError(error)) return null;
  const { reason, mark } = error;
  const words = WORDS[reason] ?? reason;
  const said = mark === undefined ? words
    : `line ${mark.line + 1}, column ${mark.column + 1}: ${words}`;
  return `${said[0]?.toUpperCase()}${said.slice(1)}.`;
}

function isYamlError(error: unknown): error is Error & YamlError {
  return error instanceof Error && error.name === "YAMLException" && "reason" in error;
}
