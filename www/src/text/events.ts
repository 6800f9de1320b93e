/** What is done to a cluster while it serves, as configurations write it and in words. Pure. */

import * as format from "./format.ts";

/** One of them, taken apart: `what` is what happens, `when` its moment as it is written, `first`
 *  the number that comes first: a node, or how many there are; NaN where there is none. */
export interface Done {
  kind: string;
  first: number;
  what: string;
  when: string;
}

/** Of `kill:3@5000`; without a moment, that is empty. */
export function doneOf(text: string): Done {
  const end = text.lastIndexOf("@");
  const what = end < 0 ? text : text.slice(0, end);
  const [kind = "", first] = what.split(":");
  return { kind, first: Number(first), what, when: end < 0 ? "" : text.slice(end + 1) };
}

/** Of a moment as it is written. */
export function whenWords(when: string): string {
  return /^\d+$/.test(when) ? `before request ${format.integer(Number(when))}` : `at ${when}`;
}

export interface EventWords {
  /** For a mark. */
  letter: string;
  said: string;
}

const SAID: Record<string, [letter: string, said: (given: string[]) => string]> = {
  kill: ["K", ([node]) => `Node ${node} killed`],
  drain: ["D", ([node]) => `Node ${node} drains`],
  heal: ["H", ([node]) => `Node ${node} healed`],
  add: ["A", ([count]) => (count === "1" ? "A node joins" : `${count} nodes join`)],
  slow: ["S", ([node, factor]) => (factor === "1" ? `Node ${node} at full speed again`
    : `Node ${node} is ${factor} × as slow`)],
  forget: ["F", ([block]) => `Block ${block} dropped everywhere`],
  rate: ["R", ([factor]) => (factor === "1" ? "Arrivals as they were" : `Arrivals × ${factor}`)],
  set: ["P", ([what]) => {
    const [name = "", value = ""] = (what ?? "").split("=");
    return `${name.replace(".", ": ")} = ${value}`;
  }],
};

/** Of `kill:3@5000` or `kill:3`. */
export function eventWords(text: string): EventWords {
  const { kind, what } = doneOf(text);
  const row = SAID[kind];
  if (row === undefined) return { letter: "?", said: what };
  return { letter: row[0], said: row[1](what.split(":").slice(1)) };
}
