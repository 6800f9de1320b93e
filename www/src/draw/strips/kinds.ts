/** The strips of one lane: their words, their lines and their readings. */
import { axisSeconds, integer, plural, seconds, share } from "../../text/format.ts";
import { cividis, css } from "../palette.ts";
import { sampleName } from "./data.ts";
import { HeatImage, heatSpan } from "./heat.ts";
import type { Line } from "./plot.ts";
import {
  drawLevel, drawSteps, largest, line, plainTicks, type LoadMap, type OneLane, type Part,
  type StripState,
} from "./plots.ts";
import { makeWords, type Key } from "./words.ts";

/** The line that figures are not of. */
const FAINT: Partial<Line> = { width: 1, alpha: 0.7 };

function hitStrip(state: StripState): Part {
  const theme = (): StripState["theme"] => state.theme;
  const wide = { width: 2 };
  const [soFar, last] = state.span === "run" ? [wide, FAINT] : [FAINT, wide];
  const keys: [Key, string][] = [
    [state.span === "run" ? "accent" : "faint", "so far"],
    [state.span === "run" ? "faint" : "accent", "window"],
    ["ceiling", state.span === "run" ? "ceiling so far" : "ceiling"],
  ];
  return {
    words: makeWords("Hit rate", "of tokens", keys),
    spec: {
      height: 84,
      max: () => {
        const { hitSoFar, hitWindow, ceiling } = state.data;
        return Math.min(1.02, largest(0.1, hitSoFar, ceiling, hitWindow) * 1.08);
      },
      lines: [
        line(() => theme().accent, last),
        line(() => theme().muted, { dash: [4, 4] }),
        line(() => theme().accent, soFar),
      ],
    },
    columns: (d) => [d.hitWindow, d.ceiling, d.hitSoFar],
    read: (i) => [
      share(state.data.hitSoFar[i] ?? null),
      [`last ${state.data.windowName}`, share(state.data.hitWindow[i] ?? null)],
      share(state.data.ceiling[i] ?? null),
    ],
  };
}

function loadStrip(state: StripState, map: LoadMap): Part {
  const words = makeWords("Load", "", [["none", "most"]]);
  words.root.append(makeScale(heatSpan(state.nodes)));
  const n = state.nodes;
  return {
    words,
    sub: () => `of work, ${state.data.spanName}`,
    spec: {
      height: Math.max(56, Math.min(120, n * 8)) + 12,
      max: () => n,
      lines: [],
      ticks: () => (n <= 2 ? [0.5, n - 0.5] : [0.5, Math.floor(n / 2) + 0.5, n - 0.5]),
      format: (v) => String(Math.floor(v)),
      over: (plot) => map.paintLoad(plot),
      inverted: true,
    },
    columns: () => [],
    read: (i) => [map.loadAt(i)],
  };
}

function concentrationStrip(state: StripState): Part {
  const keys: [Key, string][] = [
    ["ink", "of work"], ["accent", "of resident"], ["warn", "threshold"], ["dots", "fair"],
  ];
  return {
    words: makeWords("Concentration", "top share", keys),
    spec: {
      height: 76,
      max: () => Math.min(1.06, 1.12
        * largest(state.threshold, state.data.fair, state.data.largestWork, state.data.resident)),
      lines: [
        line(() => state.theme.accent),
        line(() => state.theme.ink, { width: 1.5 }),
      ],
      over: (plot) => {
        const { theme, threshold, data } = state;
        drawLevel(plot, threshold, theme.warn, [4, 4]);
        if (state.nodes > 1) drawSteps(plot, data.x, data.fair, theme.muted, [1, 3]);
      },
    },
    columns: (d) => [d.resident, d.largestWork],
    read: (i) => [
      [`of work, ${state.data.spanName}`, share(state.data.largestWork[i] ?? null)],
      share(state.data.resident[i] ?? null),
      share(state.threshold), share(state.data.fair[i] ?? null),
    ],
  };
}

function ttftStrip(state: StripState): Part {
  return {
    words: makeWords("TTFT", "", [["accent", "mean"], ["muted", "p99"]]),
    sub: () => `of ${sampleName(state.data)}`,
    spec: {
      height: 60,
      max: () => largest(0.01, state.data.ttftMean, state.data.ttftP99) * 1.1,
      lines: [line(() => state.theme.muted), line(() => state.theme.accent, { width: 1.75 })],
      ticks: plainTicks, format: axisSeconds,
    },
    columns: (d) => [d.ttftP99, d.ttftMean],
    read: (i) => [state.data.ttftMean, state.data.ttftP99].map((c) => seconds(c[i] ?? NaN)),
  };
}

function queueStrip(state: StripState): Part {
  return {
    words: makeWords("Queue", "", [["ink", "longest"]]),
    sub: () => `in ${sampleName(state.data)}`,
    spec: {
      height: 48,
      max: () => largest(1, state.data.queue) * 1.15,
      lines: [line(() => state.theme.ink)],
      ticks: plainTicks, format: (v) => (v % 1 === 0 ? integer(v) : ""),
    },
    columns: (d) => [d.queue],
    read: (i) => [plural(state.data.queue[i] ?? 0, "request")],
  };
}

/** The colour scale of the load map: from a quarter of the fair share to four times it. */
function makeScale(span: number): HTMLElement {
  const root = document.createElement("div");
  root.className = "kvs-scale";
  const strip = document.createElement("canvas");
  strip.width = 44;
  strip.height = 1;
  const pen = strip.getContext("2d");
  for (let i = 0; pen && i < 44; i++) {
    pen.fillStyle = css(cividis(i / 43));
    pen.fillRect(i, 0, 1, 1);
  }
  const fraction = span === 2 ? "½" : span === 4 ? "¼" : `1/${span}`;
  root.append(`≤ ${fraction}`, strip, `≥ ${span}× fair`);
  return root;
}

/** The strips of a run, from the top. */
function stripsOf(timed: boolean): ((state: StripState, map: LoadMap) => Part)[] {
  const always = [hitStrip, loadStrip, concentrationStrip];
  return timed ? [...always, ttftStrip, queueStrip] : always;
}

export const ONE_LANE: OneLane = { stripsOf, heat: () => new HeatImage() };
