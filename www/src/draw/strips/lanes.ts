/** The strips of several lanes: one line a lane, told by colour and dash, and how far each is from
 *  the first. */
import type { Series } from "../../engine/protocol.ts";
import { axisSeconds, points, seconds, share, signed } from "../../text/format.ts";
import { LANE_DASHES } from "../palette.ts";
import { firstFrom, sampleName, stripData, type Span, type StripData } from "./data.ts";
import type { Membership } from "./members.ts";
import type { Line, Plot } from "./plot.ts";
import { drawLevel, drawSteps, largest, line, plainTicks, type Part, type StripState }
  from "./plots.ts";
import { makeWords, type Key } from "./words.ts";

type Column = (number | null)[];

/** A lane that stands beside the first. */
export interface Beside {
  series: Series;
  membership: Membership;
}

/** A lane's values, each at the place where the first lane had come as far. */
export function aligned(
  column: Column, reached: readonly number[], first: readonly number[],
): Column {
  return first.map((at) => {
    const i = firstFrom(reached, at);
    return i < reached.length ? column[i] ?? null : null;
  });
}

/** The lane's data on the first lane's axis. */
export function beside(
  { series, membership }: Beside, window: number, first: StripData, span: Span,
): StripData {
  const data = stripData(series, window, null, span, membership);
  const on = (column: Column): Column => aligned(column, data.reached, first.reached);
  return { ...data, hit: on(data.hit), ceiling: on(data.ceiling),
    largestWork: on(data.largestWork), ttftMean: on(data.ttftMean), ttftP99: on(data.ttftP99) };
}

interface Kind {
  title: string;
  sub(data: StripData): string;
  height: number;
  of(data: StripData): Column;
  told(value: number | null): string;
  /** The least top of the axis, and the most. */
  least: number;
  most: number;
  format?(value: number): string;
  ticks?(max: number): number[];
  over?(plot: Plot, state: StripState): void;
}

const KEYS: readonly Key[] = ["lane-a", "lane-b", "lane-c", "lane-d"];

function lanesOf(state: StripState): StripData[] {
  return [state.data, ...state.others];
}

function nameOf(lane: number): string {
  return String.fromCharCode("A".charCodeAt(0) + lane);
}

/** A line a lane; the first lies on top. */
function linesOf(state: StripState, from: number): Line[] {
  const lanes = lanesOf(state).map((_, lane) => line(() => state.theme.lanes[lane] ?? "", {
    width: 1.75, dash: LANE_DASHES[lane] ?? [] }));
  return lanes.slice(from);
}

function overlay(kind: Kind): (state: StripState) => Part {
  return (state) => {
    const lanes = lanesOf(state).length;
    const keys = KEYS.slice(0, lanes).map((key, lane): [Key, string] => [key, nameOf(lane)]);
    return {
      words: makeWords(kind.title, "", keys),
      sub: () => kind.sub(state.data),
      spec: {
        height: kind.height,
        max: () => Math.min(kind.most, 1.08 * largest(kind.least, ...lanesOf(state).map(kind.of))),
        lines: linesOf(state, 0),
        over: (plot) => kind.over?.(plot, state),
        ...(kind.format === undefined ? {} : { format: kind.format }),
        ...(kind.ticks === undefined ? {} : { ticks: kind.ticks }),
      },
      columns: () => lanesOf(state).map(kind.of),
      read: (i) => lanesOf(state).map((data) => kind.told(kind.of(data)[i] ?? null)),
    };
  };
}

/** How far each other lane is from the first, with its sign. */
function difference(kind: Kind, told: (value: number) => string, tick: (size: number) => string,
  least: number) {
  return (state: StripState): Part => {
    const lanes = lanesOf(state).length;
    const keys = KEYS.slice(1, lanes).map((key, i): [Key, string] => [key, `${nameOf(i + 1)} − A`]);
    const columns = (): Column[] => state.others.map((data) => {
      const [mine, first] = [kind.of(data), kind.of(state.data)];
      return first.map((value, i) => {
        const own = mine[i] ?? null;
        return own === null || value === null ? null : own - value;
      });
    });
    const reach = (): number => 1.12 * largest(least, ...columns().map((column) =>
      column.map((value) => (value === null ? null : Math.abs(value)))));
    return {
      words: makeWords("Difference", `of ${kind.title}`, keys),
      spec: {
        height: 58, max: reach, min: () => -reach(), lines: linesOf(state, 1),
        ticks: (max) => {
          const step = plainTicks(max).at(-1) ?? max;
          return [-step, 0, step];
        },
        format: (value) => (value === 0 ? "0" : signed(value, tick)),
        over: (plot) => drawLevel(plot, 0, state.theme.muted, [1, 3]),
      },
      columns,
      read: (i) => columns().map((column) => {
        const value = column[i] ?? null;
        return value === null ? "–" : told(value);
      }),
    };
  };
}

const HITS: Kind = {
  title: "Hit rate", sub: ({ spanName }) => `of tokens, ${spanName}`,
  height: 84, least: 0.1, most: 1.02,
  of: (data) => data.hit, told: (value) => share(value),
};

const SHARES: Kind = {
  title: "Concentration", sub: ({ spanName }) => `top share, work ${spanName}`,
  height: 76, least: 0, most: 1.06,
  of: (data) => data.largestWork, told: (value) => share(value),
  over: (plot, { theme, data }) => drawSteps(plot, data.x, data.fair, theme.muted, [1, 3]),
};

const TTFT: Kind = {
  title: "TTFT", sub: (data) => `mean of ${sampleName(data)}`,
  height: 70, least: 0.01, most: Infinity,
  of: (data) => data.ttftMean, told: (value) => seconds(value ?? NaN),
  format: axisSeconds, ticks: plainTicks,
};

/** The strips of lanes beside each other, from the top. */
export function stripsOfLanes(timed: boolean): ((state: StripState) => Part)[] {
  const inPoints = (size: number): string => (100 * size).toFixed(1);
  const always = [overlay(HITS), difference(HITS, (it) => signed(it, points), inPoints, 0.01),
    overlay(SHARES)];
  if (!timed) return always;
  return [...always, overlay(TTFT),
    difference(TTFT, (it) => signed(it, seconds), axisSeconds, 0.01)];
}
