/**
 * What a `<kv-scope>` is asked for by its attributes, as one link. A link names everything that
 * makes a run except an address to fetch: that is `src`, which only the host page can write. Pure.
 */
import { FIGURES, type Figure } from "../state/scenes.ts";

/** Attributes that make another run where they change. */
export const OF_RUN = ["figure", "config", "seed", "nodes", "router", "eviction", "capacity",
  "src"] as const;
export const OBSERVED = [...OF_RUN, "view", "speed", "theme", "controls", "paused",
  "home"] as const;
export type Attribute = (typeof OBSERVED)[number];
export type Given = Partial<Record<Attribute, string | null>>;

/** What the picture is: the cluster, its course over time, or both. */
export const PICTURES = ["cluster", "strips", "both"] as const;
export type PictureName = (typeof PICTURES)[number];

/** What stands below it. */
export const CONTROLS = ["play", "seek", "table"] as const;
export type ControlName = (typeof CONTROLS)[number];

/** What a figure begins with where neither `figure` nor `config` says more. */
const PLAIN = "v=1&workload=toolagent&speed=300&capacity_blocks=1500&nodes=8&seed=7"
  + "&router=cache_aware&eviction=lru";

/** How a link calls what an attribute says. */
const NAMES = { seed: "seed", nodes: "nodes", router: "router", eviction: "eviction",
  capacity: "capacity_blocks", speed: "speed" } as const;

/** What a link may say of where requests come from by an address. */
const FETCHED = "trace";

export interface Asked {
  /** Of a link, without an address to fetch. */
  fragment: string;
  figure: Figure | null;
  picture: PictureName;
  controls: ReadonlySet<ControlName>;
  /** What is asked for and not known, as sentences. */
  unknown: string[];
  /** What attributes say in the link, as sentences about it quote that. */
  quoted: string[];
}

export function asked(given: Given): Asked {
  const unknown: string[] = [];
  const quoted: string[] = [];
  const figure = figureOf(given.figure ?? null, unknown);
  const link = new URLSearchParams(linkOf(given.config ?? figure?.link ?? startOf(given)));
  if (link.has(FETCHED)) {
    unknown.push("The link names a trace to fetch, which a figure does only by its attribute src.");
    link.delete(FETCHED);
  }
  for (const [attribute, name] of Object.entries(NAMES)) {
    const value = given[attribute as keyof typeof NAMES];
    if (value === null || value === undefined) continue;
    // Parameters of the policy that it takes the place of are none of its own.
    for (const other of [...link.keys()]) if (other.startsWith(`${name}.`)) link.delete(other);
    link.set(name, value.trim());
    quoted.push(`“${value.trim()}”`, `“${name}=${value.trim()}”`);
  }
  const text = link.toString();
  return { fragment: text === "" ? "" : `#${text}`, figure, unknown, quoted,
    picture: wordOf("view", PICTURES, given.view ?? figure?.view ?? "cluster", unknown),
    controls: controlsOf(given.controls ?? null, unknown) };
}

/** A sentence about the link, of what an attribute says in it. */
export function ofAttribute(sentence: string, { quoted }: Asked): string {
  return quoted.some((text) => sentence.includes(text))
    ? sentence.replace(/^The link/, "The attribute") : sentence;
}

/** With a change of its own a figure starts from one plain cluster, without from the page's. */
function startOf(given: Given): string {
  const changed = Object.keys(NAMES).some((name) => given[name as Attribute] != null);
  return changed ? PLAIN : "";
}

/** The fragment of an address, with or without what stands before it. */
export function linkOf(text: string): string {
  return text.slice(text.indexOf("#") + 1).trim();
}

/** The page that a figure's link opens, on the web and nowhere else: what `given` says, from where
 *  `base` is, or `beside`, where the module file lies. */
export function homeOf(given: string | null, base: string, beside: string): string {
  if (given === null || !URL.canParse(given.trim(), base)) return beside;
  const { href, protocol } = new URL(given.trim(), base);
  return /^https?:$/.test(protocol) ? href.replace(/#.*/s, "") : beside;
}

function figureOf(id: string | null, unknown: string[]): Figure | null {
  const figure = FIGURES.find((row) => row.id === id?.trim()) ?? null;
  if (id !== null && figure === null) {
    unknown.push(`There is no figure “${id}”; there are ${
      FIGURES.map((row) => row.id).join(", ")}.`);
  }
  return figure;
}

function wordOf<T extends string>(
  name: string, words: readonly T[], text: string, unknown: string[],
): T {
  const word = words.find((one) => one === text.trim());
  if (word === undefined) unknown.push(`${name} is “${text}”, not one of ${words.join(", ")}.`);
  return word ?? words[0]!;
}

/** "play seek"; "none" is none, and nothing said is all. */
function controlsOf(text: string | null, unknown: string[]): ReadonlySet<ControlName> {
  if (text === null) return new Set(CONTROLS);
  const words = text.trim().split(/\s+/).filter((word) => word !== "" && word !== "none");
  return new Set(words.map((word) => wordOf("controls", CONTROLS, word, unknown)));
}
