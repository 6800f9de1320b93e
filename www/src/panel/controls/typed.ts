/** What a person types into a field of numbers, and why it is not taken. Pure. */
import { UNLIMITED_BLOCKS, type ParamSpec, type ParamValue } from "../../engine/protocol.ts";

export type Typed = { value: ParamValue } | { problem: string };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** 1,234,567 or the same with spaces: never a comma before decimals. */
const GROUPED = /^[+-]?\d{1,3}([,\s]\d{3})+(\.\d+)?$/;

const BYTES: Record<string, number> = { gib: 2 ** 30, tib: 2 ** 40 };
const U64 = 2n ** 64n;

/** A number, perhaps with the unit it is in. Its range is the core's to judge. */
export function typedNumber(spec: Pick<ParamSpec, "unit">, text: string): Typed {
  const plain = withoutUnit(text.trim(), spec.unit);
  const ungrouped = GROUPED.test(plain) ? plain.replaceAll(/[,\s]/g, "") : plain;
  if (NUMBER.test(ungrouped)) return { value: Number(ungrouped) };
  return { problem: text.trim() === "" ? "Expected a number; found nothing."
    : `Expected a number; found “${text.trim()}”.` };
}

/** A whole number of what only the page knows, so that its range is judged here. */
export function typedWhole(spec: ParamSpec, text: string): Typed {
  const typed = typedNumber(spec, text);
  if ("problem" in typed) return typed;
  const value = Number(typed.value);
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = spec;
  if (Number.isInteger(value) && min <= value && value <= max) return typed;
  return { problem: `Expected a whole number from ${min} to ${max}; found ${text.trim()}.` };
}

/** A seed is a u64, which a double cannot hold: it stays text. */
export function typedSeed(text: string): Typed {
  const plain = text.trim();
  if (/^\d{1,20}$/.test(plain) && BigInt(plain) < U64) return { value: plain };
  return { problem: `Expected a whole number below 2^64; found “${plain}”.` };
}

/** A capacity as the command line takes it: blocks, GiB, TiB, or inf. */
export function typedBlocks(bytesOfBlock: number | null, text: string): Typed {
  const plain = text.trim();
  if (/^(inf|unlimited)$/i.test(plain)) return { value: UNLIMITED_BLOCKS };
  const [, amount = "", suffix = ""] = /^(.*?)\s*([a-z]+)$/i.exec(plain) ?? [];
  const bytes = BYTES[suffix.toLowerCase()];
  const typed = typedNumber({ unit: "blocks" }, bytes === undefined ? plain : amount);
  if ("problem" in typed) {
    return { problem: `Expected blocks (5859), 915 GiB, 1 TiB or inf; found “${plain}”.` };
  }
  if (bytes === undefined) return typed;
  if (bytesOfBlock === null) {
    return { problem: `${plain} cannot be counted in blocks before the trace has said how many `
      + "tokens a block has." };
  }
  const blocks = Math.floor((Number(typed.value) * bytes) / bytesOfBlock);
  if (blocks < 1) return { problem: `${plain} is less than one block.` };
  return { value: Math.min(blocks, UNLIMITED_BLOCKS) };
}

function withoutUnit(text: string, unit: string): string {
  return unit !== "" && text.endsWith(unit) ? text.slice(0, -unit.length).trimEnd() : text;
}
