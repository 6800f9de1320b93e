/** What a person types into a field of numbers, and why it is not taken. Pure. */
import { UNLIMITED_BLOCKS, type ParamSpec, type ParamValue } from "../../engine/protocol.ts";
import { blocksIn, type BlockSize } from "../../state/size.ts";
import { isUnlimited, sizedOf, wordedCapacity } from "../../text/capacity.ts";
import { numberOf } from "../../text/number.ts";

export type Typed = { value: ParamValue } | { problem: string };

const U64 = 2n ** 64n;

/** A number, perhaps with the unit it is in. Its range is the core's to judge. */
export function typedNumber(spec: Pick<ParamSpec, "unit">, text: string): Typed {
  const value = numberOf(withoutUnit(text.trim(), spec.unit));
  if (value !== null) return { value };
  return { problem: text.trim() === "" ? "Expected a number; found nothing."
    : `Expected a number; found “${text.trim()}”.` };
}

/** A whole number of what only the page knows, so that its range is judged here. */
export function typedWhole(spec: Pick<ParamSpec, "unit" | "min" | "max">, text: string): Typed {
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

/** A capacity as the core takes it: blocks, tokens, MiB, GiB, TiB, or inf. In blocks as soon as
 *  it is known what a block holds, and as it was typed before. */
export function typedCapacity(block: BlockSize | null, text: string): Typed {
  const plain = text.trim();
  if (isUnlimited(plain)) return { value: UNLIMITED_BLOCKS };
  const sized = sizedOf(plain);
  if (sized === null) {
    const typed = typedNumber({ unit: "blocks" }, plain);
    return "value" in typed ? typed : { problem: "Expected blocks (5859), 3000000 tokens, "
      + `915 GiB, 1 TiB or inf; found “${plain}”.` };
  }
  if (block === null) return { value: wordedCapacity(plain) ?? plain };
  const blocks = blocksIn(sized, block);
  return blocks < 1 ? { problem: `${plain} is less than one block.` } : { value: blocks };
}

function withoutUnit(text: string, unit: string): string {
  return unit !== "" && text.endsWith(unit) ? text.slice(0, -unit.length).trimEnd() : text;
}
