/** Where a text is no JSON and why, and what names an object has that may be broken. Pure. */

export interface Fault {
  /** From 1. */
  line: number;
  column: number;
  found: string;
  expected: string;
}

/** Nobody writes so many brackets inside each other. */
const DEEPEST = 100;

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /(?:true|false|null)(?![\w$])/y;
/** Of a text in quotes, all that may stand in it. */
const INSIDE = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;
/** What is told of what stands where something else should. */
const SHOWN = /[\w.+-]{1,20}|[^]/uy;

const VALUE = "a number, a text in double quotes, true, false, null, [ or {";
const ENDS = { "{": "}", "[": "]" } as const;

class Unexpected extends Error {
  readonly at: number;

  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
  }
}

/** The first place where a text is no JSON, or null where it is. */
export function jsonFault(text: string): Fault | null {
  try {
    const end = valueEnd(text, skip(SPACE, text, 0), 0);
    if (end < text.length) throw new Unexpected(end, "the end of the file");
    return null;
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    const { at, message } = error;
    const lines = text.slice(0, at).split(/\r\n|\r|\n/);
    const shown = text.slice(at, skip(SHOWN, text, at));
    return { line: lines.length, column: (lines.at(-1) ?? "").length + 1, expected: message,
      found: at >= text.length ? "the end of the file"
        : /\s/.test(shown) ? "the end of the line" : `“${shown}”` };
  }
}

/** Where a value that begins at `at` has ended, blanks behind it included. */
function valueEnd(text: string, at: number, depth: number): number {
  const first = text[at];
  if (first === "{" || first === "[") return skip(SPACE, text, listEnd(text, at, first, depth));
  const end = first === '"' ? quotedEnd(text, at)
    : Math.max(skip(NUMBER, text, at), skip(WORD, text, at));
  if (end === at) throw new Unexpected(at, VALUE);
  return skip(SPACE, text, end);
}

function listEnd(text: string, begin: number, open: "{" | "[", depth: number): number {
  if (depth >= DEEPEST) throw new Unexpected(begin, `at most ${DEEPEST} brackets in each other`);
  const close = ENDS[open];
  let at = skip(SPACE, text, begin + 1);
  if (text[at] === close) return at + 1;
  for (let first = true; ; first = false) {
    if (!first && text[at] === close) throw new Unexpected(at, `no comma before the ${close}`);
    if (open === "{") at = nameEnd(text, at);
    at = valueEnd(text, at, depth + 1);
    if (text[at] === close) return at + 1;
    if (text[at] !== ",") throw new Unexpected(at, `a comma or ${close}`);
    at = skip(SPACE, text, at + 1);
  }
}

/** Where the value of a name begins. */
function nameEnd(text: string, at: number): number {
  if (text[at] !== '"') throw new Unexpected(at, "a name in double quotes");
  const colon = skip(SPACE, text, quotedEnd(text, at));
  if (text[colon] !== ":") throw new Unexpected(colon, "a colon");
  return skip(SPACE, text, colon + 1);
}

function quotedEnd(text: string, at: number): number {
  const end = skip(INSIDE, text, at + 1);
  if (text[end] === '"') return end + 1;
  const isEscape = text[end] === "\\";
  throw new Unexpected(end, isEscape ? "an escape such as \\n or \\u00e9" : 'a closing "');
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const TOKEN = /"(?:[^"\\\r\n]|\\.)*"?|'[^'\r\n]*'?|[{}[\],:]|[^\s{}[\],:"']+/g;

/** The names of the object that a text begins with, be it broken or cut short, and whether another
 *  follows it. */
export function topNames(text: string): { names: string[]; followed: boolean } {
  const names: string[] = [];
  let depth = 0;
  let [before, name] = ["", ""];
  for (const [token] of text.matchAll(TOKEN)) {
    if (names.length > 0 && depth === 0) return { names, followed: token === "{" };
    if (depth === 1 && token === ":" && name !== "") names.push(unquoted(name));
    name = before === "{" || before === "," ? token : "";
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    before = token;
  }
  return { names, followed: false };
}

function unquoted(name: string): string {
  return name.replaceAll(/^["']|["']$/g, "");
}
