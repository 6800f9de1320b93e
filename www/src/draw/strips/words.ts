/** The words beside a strip: its name, and for every line its key and its reading. */
export type Key = "accent" | "faint" | "ink" | "muted" | "ceiling" | "warn" | "dots" | "none"
  | "lane-a" | "lane-b" | "lane-c" | "lane-d";

export interface Reading {
  /** Says what the value is. */
  name: HTMLElement;
  value: HTMLOutputElement;
}

export interface Words {
  root: HTMLElement;
  /** Says what the strip is of. */
  sub: HTMLElement;
  readings: Reading[];
}

export function makeWords(title: string, sub: string, keys: readonly [Key, string][]): Words {
  const root = document.createElement("div");
  root.className = "kvs-words";
  const strong = document.createElement("b");
  strong.textContent = title;
  const small = document.createElement("span");
  small.textContent = sub;
  root.append(strong, " ", small);
  const readings = keys.map(([key, text]) => {
    const row = document.createElement("div");
    row.className = "kvs-reading";
    const mark = document.createElement("i");
    if (key !== "none") {
      mark.className = "kvs-key";
      mark.dataset["key"] = key;
    }
    const name = document.createElement("span");
    name.textContent = text;
    const value = document.createElement("output");
    // Values change many times a second; the cursor itself speaks.
    value.setAttribute("aria-live", "off");
    row.append(mark, name, value);
    root.append(row);
    return { name, value };
  });
  return { root, sub: small, readings };
}
