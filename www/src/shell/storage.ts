/** What the browser keeps for the page, where it may: where storage is refused, nothing is
 *  remembered and everything else goes on. */

/** For this tab alone, or for every visit. */
type Where = "tab" | "visits";

export function recall(where: Where, name: string): string | null {
  try {
    return storeOf(where).getItem(name);
  } catch {
    return null;
  }
}

/** Null forgets it. */
export function keep(where: Where, name: string, value: string | null): void {
  try {
    if (value === null) storeOf(where).removeItem(name);
    else storeOf(where).setItem(name, value);
  } catch {
    // Refused, or full: the page does without.
  }
}

function storeOf(where: Where): Storage {
  return where === "tab" ? sessionStorage : localStorage;
}
