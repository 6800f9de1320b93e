/** The names and values of a link: which of them nobody asked for, and which say nothing. */

/** Between the values of a list; a sign that is no part of any and is written as it is. */
export const BETWEEN = "*";

export class Given extends URLSearchParams {
  readonly #asked = new Set<string>();
  readonly #strange: string[] = [];

  override get(name: string): string | null {
    this.#asked.add(name);
    return super.get(name);
  }

  /** What `read` makes of a value; null without one, and with a word of it where that is none. */
  taken<Value>(name: string, read: (text: string) => Value | null): Value | null {
    const text = this.get(name);
    const value = text === null ? null : read(text);
    if (text !== null && value === null) this.#strange.push(`${name}=${text}`);
    return value;
  }

  /** Those of a list that there are, and a word of those that there are not. */
  those(name: string, isThere: (text: string) => boolean): string[] {
    const all = listOf(this.get(name));
    const strange = all.filter((one) => !isThere(one));
    this.#strange.push(...strange.map((one) => `${name}=${one}`));
    return all.filter(isThere);
  }

  /** What stands under names that begin so, by the rest of the name. */
  under(prefix: string): Given {
    const those = [...this].filter(([name]) => name.startsWith(prefix));
    those.forEach(([name]) => this.#asked.add(name));
    return new Given(those.map(([name, text]) => [name.slice(prefix.length), text]));
  }

  /** To be called once everything was asked for; the names began with `prefix`. */
  tell(unknown: string[], prefix = ""): void {
    unknown.push(...this.#strange.map((one) => `The link's “${prefix}${one}” has no such value.`));
    for (const name of this.keys()) {
      if (!this.#asked.has(name)) unknown.push(`The link's “${prefix}${name}” says nothing here.`);
    }
  }
}

export function listOf(text: string | null): string[] {
  return (text ?? "").split(BETWEEN).filter((one) => one !== "");
}

export function positive(text: string | null): number | null {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}

export function wholeOf(text: string | null): number | null {
  const value = positive(text);
  return value === null ? null : Math.max(Math.round(value), 1);
}

export function oneOf<Name extends string>(names: readonly Name[], text: string): Name | null {
  return names.find((name) => name === text) ?? null;
}
