/** A node's capacity where it is said in a unit of its own, as the core reads it. Pure. */
import * as format from "./format.ts";
import { numberOf } from "./number.ts";

/** So many of a unit. */
export interface Sized {
  amount: number;
  unit: string;
  /** What one is in bytes; null of tokens, which have a model's. */
  bytes: number | null;
}

const UNITS: readonly Omit<Sized, "amount">[] = [
  { unit: "tokens", bytes: null },
  { unit: "MiB", bytes: 2 ** 20 },
  { unit: "GiB", bytes: 2 ** 30 },
  { unit: "TiB", bytes: 2 ** 40 },
];

/** Of `3000000tokens`, `1 TiB` or `915gib`; null of what is in blocks, or nothing at all. */
export function sizedOf(text: string): Sized | null {
  const [, number = "", word = ""] = /^(.*?)\s*([a-z]+)$/i.exec(text.trim()) ?? [];
  const row = UNITS.find(({ unit }) => unit.toLowerCase() === word.toLowerCase());
  const amount = row === undefined ? null : numberOf(number);
  return row === undefined || amount === null || amount <= 0 ? null : { amount, ...row };
}

export function isUnlimited(text: string): boolean {
  return /^(inf|unlimited)$/i.test(text.trim());
}

/** As a configuration has what is said in words: without a limit, or in a unit; else null. */
export function wordedCapacity(text: string): string | null {
  if (isUnlimited(text)) return "inf";
  const sized = sizedOf(text);
  return sized === null ? null : `${sized.amount}${sized.unit}`;
}

/** As people read it, with its unit. */
export function capacityWords(text: string): string {
  if (isUnlimited(text)) return "unlimited";
  const sized = sizedOf(text);
  return sized === null ? text : `${format.value(sized.amount)} ${sized.unit}`;
}
