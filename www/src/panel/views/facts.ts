/** The figures of the facts: for each what it says, its picture and its table. */
import type { ChartSpec } from "../../draw/charts/chart.ts";
import { roundUp, type Axis } from "../../draw/charts/scale.ts";
import type { Bin, Facts, Spread } from "../../engine/protocol.ts";
import * as format from "../../text/format.ts";
import type { Cell, Table } from "./figure.ts";

export interface Drawing {
  say: string;
  spec: ChartSpec | null;
  table: Table;
}

const HEIGHT = 220;

const whole = (value: number): Cell => ({ text: format.integer(value), exact: value });
const part = (value: number): Cell => ({ text: format.share(value), exact: value });

export function linear(label: string, max: number, say: (value: number) => string): Axis {
  return { log: false, min: 0, max: max > 0 ? max : 1, label, format: say };
}

export function logarithmic(label: string, min: number, max: number,
  say: (value: number) => string = format.short): Axis {
  return { log: true, min, max: Math.max(max, min * 10), label, format: say };
}

/** Requests over time. */
export function ratesOf({ times, totals }: Facts): Drawing {
  const table = { columns: ["From", "Requests", "Requests/s", "Input tokens", "Output tokens"],
    rows: times.bins.map((bin, i): Cell[] => [format.clock(i * times.bin_s), whole(bin.requests),
      { text: format.value(bin.requests / times.bin_s), exact: bin.requests / times.bin_s },
      whole(bin.input_tokens), whole(bin.output_tokens)]) };
  if (times.bins.length === 0) {
    return { say: `${format.plural(totals.requests, "request")} without times that differ.`,
      spec: null, table };
  }
  const rates = times.bins.map(({ requests }) => requests / times.bin_s);
  const from = times.bins.map((_, i) => i * times.bin_s);
  const say = `${format.value(Number(times.mean_rps.toFixed(2)))} requests a second on average, `
    + `${format.value(Number(times.peak_rps.toFixed(2)))} in the busiest `
    + `${format.axisSeconds(times.bin_s)}, over ${format.clock(times.duration_s)}; they come at `
    + `${format.integer(times.moments)} different moments.`;
  const spec: ChartSpec = {
    label: `Requests a second over time. ${say}`, height: HEIGHT,
    x: linear("time of the trace", from.length * times.bin_s, format.clock),
    y: linear("requests/s", 1.08 * times.peak_rps, format.value),
    layers: [
      { kind: "bars", from, to: from.map((start) => start + times.bin_s), y: rates,
        say: rates.map((rate, i) => `${format.clock(from[i] ?? 0)}: ${rate.toFixed(2)} a second`) },
      { kind: "mark", y: times.mean_rps, text: "mean" },
    ],
  };
  return { say, spec, table };
}

/** A distribution over steps 1, 2, 5, 10, …; values of 0 stand left of 1. */
function binned(name: string, unit: string, bins: Bin[], say: string,
  marked?: (bin: Bin) => boolean, marks: { x: number; text: string }[] = []): Drawing {
  const last = bins.findLastIndex(({ count }) => count > 0);
  const first = Math.max(bins.findIndex(({ count }) => count > 0), 0);
  const used = bins.slice(first, last + 1);
  const total = used.reduce((sum, { count }) => sum + count, 0);
  const below = (i: number) => used[i - 1]?.upto ?? bins[first - 1]?.upto ?? 0;
  const range = (i: number) => `${format.short(below(i) + 1)} to ${format.short(used[i]!.upto)}`;
  const rows = used.map(({ upto, count }, i): Cell[] => [
    { text: upto === below(i) + 1 ? format.short(upto) : range(i), exact: upto }, whole(count),
    part(count / total)]);
  const table = { columns: [unit, "Count", "Share"], rows };
  if (used.length === 0) return { say, spec: null, table };
  const from = used.map((_, i) => Math.max(below(i), 0.5));
  const shares = used.map(({ count }) => count / total);
  const spec: ChartSpec = {
    label: `${name}. ${say}`, height: HEIGHT,
    x: logarithmic(unit, from[0]!, used.at(-1)!.upto),
    y: linear("share", 1.08 * Math.max(...shares), (value) => format.share(value, 0)),
    layers: [{ kind: "bars", from, to: used.map(({ upto }) => upto), y: shares,
      say: used.map(({ count }, i) => `${range(i)}: ${format.integer(count)}`),
      ...(marked === undefined ? {} : { marked: used.map(marked) }) },
    ...marks.map((mark) => ({ kind: "mark" as const, ...mark }))],
  };
  return { say, spec, table };
}

export function lengthsOf(name: string, unit: string, spread: Spread): Drawing {
  const about = spread.quantiles_exact ? "" : " (within 0.5 %)";
  const say = `Mean ${format.compact(spread.mean)}, half up to ${format.compact(spread.p50)}, `
    + `90 % up to ${format.compact(spread.p90)}, 99 % up to ${format.compact(spread.p99)}${about}; `
    + `from ${format.compact(spread.least)} to ${format.compact(spread.most)}.`;
  return binned(name, unit, spread.bins, say);
}

/** Uses by rank, both logarithmic, with the law that fits best. */
export function popularityOf({ popularity, totals }: Facts): Drawing {
  const { ranks, zipf, hottest } = popularity;
  const top = hottest.find(({ blocks }) => blocks === 100) ?? hottest.at(-1);
  const law = zipf === null ? "Too few blocks are used twice for a Zipf law."
    : `Zipf exponent ${zipf.exponent.toFixed(3)} (${zipf.method}: ${format.integer(zipf.ranks)} `
      + `ranks, ${format.integer(zipf.references)} uses; its cumulated share is at most `
      + `${format.share(zipf.distance)} off).`;
  const say = `${format.share(popularity.used_once_share)} of `
    + `${format.integer(totals.distinct_blocks)} distinct blocks are used once. Gini `
    + `${popularity.gini.toFixed(3)}. `
    + (top === undefined ? "" : `The hottest ${format.integer(top.blocks)} get `
      + `${format.share(top.share)} of all uses. `) + law;
  const table = { columns: ["Rank", "Uses"],
    rows: ranks.map(({ rank, uses }): Cell[] => [whole(rank), whole(uses)]) };
  if (ranks.length === 0) return { say, spec: null, table };
  const most = Math.max(ranks[0]!.uses, zipf?.first_uses ?? 1);
  const spec: ChartSpec = {
    label: `Uses of blocks by rank. ${say}`, height: HEIGHT + 40,
    x: logarithmic("rank of the block", 1, ranks.at(-1)!.rank),
    y: logarithmic("uses", 1, 1.3 * most),
    layers: [
      ...(zipf === null ? [] : [{ kind: "line" as const, x: [1, zipf.ranks],
        y: [zipf.first_uses, zipf.last_uses], colour: "muted" as const }]),
      { kind: "line", x: ranks.map(({ rank }) => rank), y: ranks.map(({ uses }) => uses),
        colour: 0, dots: true },
      ...(zipf === null ? [] : [{ kind: "mark" as const, x: zipf.ranks,
        text: "last rank used twice" }]),
    ],
  };
  return { say, spec, table };
}

/** Gaps between two uses of a block, with the bounds that the research notes have. */
export function gapsOf({ gaps }: Facts): Drawing {
  const say = gaps.reuses === 0 ? "No block is used twice."
    : `Of ${format.integer(gaps.reuses)} re-uses ${format.share(gaps.within_10_share)} come within `
      + `10 requests and ${format.share(gaps.beyond_100_share)} after more than 100.`;
  return binned("Gaps between uses", "requests until the next use", gaps.requests, say,
    ({ upto }) => upto <= 10,
    [{ x: 10, text: "10" }, { x: 100, text: "100" }]);
}

export function gapTimesOf({ gaps }: Facts): Drawing {
  return binned("Gaps between uses in time", "milliseconds until the next use", gaps.milliseconds,
    gaps.milliseconds.length === 0 ? "The trace has no times."
      : "By the requests' timestamps, not by how many came between.");
}

/** Distinct blocks in windows of requests: what a cache must hold to see them again. */
export function workingSetsOf({ working_sets, totals }: Facts): Drawing {
  const table = { columns: ["Window, requests", "Distinct blocks, mean"],
    rows: working_sets.map(({ window, mean_blocks }): Cell[] => [whole(window),
      { text: format.integer(Math.round(mean_blocks)), exact: mean_blocks }]) };
  const wide = working_sets.at(-1);
  const say = wide === undefined ? "Too few requests for windows."
    : `${format.integer(wide.window)} requests in a row use `
      + `${format.compact(Math.round(wide.mean_blocks))} distinct blocks on average, of `
      + `${format.compact(totals.distinct_blocks)} in the whole trace.`;
  if (wide === undefined) return { say, spec: null, table };
  const blocks = working_sets.map(({ mean_blocks }) => mean_blocks);
  const spec: ChartSpec = {
    label: `Working sets. ${say}`, height: HEIGHT,
    x: logarithmic("requests in the window", 10, wide.window),
    y: logarithmic("distinct blocks", Math.max(1, blocks[0]! / 2), roundUp(totals.distinct_blocks)),
    layers: [{ kind: "line", x: working_sets.map(({ window }) => window), y: blocks, colour: 0,
      dots: true }, { kind: "mark", y: totals.distinct_blocks, text: "the whole trace" }],
  };
  return { say, spec, table };
}

/** First and last uses over the trace: how much is new, and how much is never seen again. */
export function courseOf({ course }: Facts): Drawing {
  const { parts, part_requests } = course;
  const shares = (of: (part: (typeof parts)[number]) => number) =>
    parts.map((one) => (one.references === 0 ? 0 : of(one) / one.references));
  const x = parts.map((_, i) => (i + 0.5) * part_requests);
  const [fresh, last] = [shares((one) => one.first_uses), shares((one) => one.last_uses)];
  const ceiling = parts.map((one) => one.ceiling_token_rate);
  const say = "Of the block references in each part of the trace, those that are a block's first "
    + "use (blue) and its last (orange); dashed, the prompt tokens an infinite cache would save.";
  const spec: ChartSpec = {
    label: say, height: HEIGHT,
    x: linear("requests", parts.length * part_requests, format.short),
    y: linear("share", 1, (value) => format.share(value, 0)),
    layers: [{ kind: "line", x, y: fresh, colour: 0 }, { kind: "line", x, y: last, colour: 1 },
      { kind: "line", x, y: ceiling, colour: "muted" }],
  };
  const table = { columns: ["Up to request", "References", "First uses", "Last uses", "Ceiling"],
    rows: parts.map((one, i): Cell[] => [whole((i + 1) * part_requests), whole(one.references),
      whole(one.first_uses), whole(one.last_uses), part(one.ceiling_token_rate)]) };
  return { say, spec: parts.length === 0 ? null : spec, table };
}

/** The largest groups of requests that begin alike. */
export function familiesOf({ tree }: Facts): { say: string; table: Table } {
  const say = `${format.plural(tree.roots, "root")}, ${format.compact(tree.leaves)} leaves, `
    + `${format.compact(tree.branching)} blocks with two children or more; the deepest path has `
    + `${format.plural(tree.depth, "block")}. `
    + `${format.plural(tree.families, "family", "families")} of at least 1 % of the requests.`;
  return { say, table: { columns: ["Family of block", "Inside", "Requests", "Share",
    "Share of tokens", "Prefix, blocks", "Prefix, tokens", "Example request"],
  rows: tree.largest.map((one): Cell[] => [String(one.block),
    one.within === null ? "–" : String(one.within), whole(one.requests), part(one.share),
    part(one.token_share), whole(one.prefix_blocks), whole(one.prefix_tokens),
    whole(one.example_request)]) } };
}

/** Which of the ten most used prefixes changes when. */
export function hotSetOf({ hot_set }: Facts): { say: string; table: Table } {
  const changes = hot_set.windows.reduce((sum, { changed }) => sum + changed, 0);
  const say = "The ten most used prefixes of each "
    + `${format.plural(hot_set.window_requests, "request")}, by block and share of its requests: `
    + `${format.plural(changes, "change")} of place in the whole trace.`;
  return { say, table: { columns: ["From request", "New", "Hottest first"],
    rows: hot_set.windows.map(({ from_request, changed, hot }): Cell[] => [whole(from_request),
      whole(changed), hot.map(({ block, share }) =>
        `${block} (${format.share(share, 0)})`).join(", ")]) } };
}

/** What was published beside what this trace gives. */
export function publishedOf({ published }: Facts, workload: string): Table {
  const here = published.filter((_, i) => i === 0).concat(
    published.filter(({ id }, i) => i > 0 && id === workload));
  const shown = (value: number, isShare: boolean): Cell => ({ exact: value,
    text: isShare ? format.share(value) : format.value(Number(value.toFixed(1))) });
  return { columns: ["Figure", "Published", "Here", "By"],
    rows: here.flatMap(({ title, rows }) => rows.map((row): Cell[] => [row.what,
      shown(row.published, row.is_share), shown(row.here, row.is_share), title])) };
}
