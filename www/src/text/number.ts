/** Numbers as people write them. Pure. */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** 1,234,567 or the same with spaces: never a comma before decimals. */
const GROUPED = /^[+-]?\d{1,3}([,\s]\d{3})+(\.\d+)?$/;

/** The number that a text is, or null. */
export function numberOf(text: string): number | null {
  const plain = GROUPED.test(text) ? text.replaceAll(/[,\s]/g, "") : text;
  return NUMBER.test(plain) ? Number(plain) : null;
}
