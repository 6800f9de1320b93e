/** One plain sentence about what to watch, chosen from what the figures say. Pure. */
import { eventWords } from "../../text/events.ts";
import * as format from "../../text/format.ts";
import { alertWords } from "../../text/monitoring.ts";
import { aliveNodes } from "../../draw/cluster/view.ts";
import type { Frame, Totals } from "../../engine/protocol.ts";
import { numberSetting } from "../../state/setup.ts";
import { hasBlocks, runOf, type State } from "../../state/state.ts";

export interface Sentence {
  tone: "calm" | "warn";
  strong: string;
  rest: string;
}

/** How long a migration stays the news, in requests. */
const NEWS_REQUESTS = 2000;
/** A node this many times over its fair share is worth a word. */
const CROWDED = 1.5;
const FULL = 0.995;
/** From this share of requests on, that they were turned away comes first. */
const AWAY = 0.01;
/** A prefix of so many requests is hot, and at home where so much of it is. */
const HOT_PREFIX = 0.1;
const AT_HOME = 0.9;

export function watchSentence(state: State): Sentence | null {
  const { frame } = runOf(state);
  if (frame === null || frame.requests + frame.totals.rejected === 0) return null;
  return (
    blind(state) ??
    turnedAway(frame) ??
    emptied(frame) ??
    finished(state, frame) ??
    nobody(frame) ??
    done(state, frame) ??
    migrated(state, frame) ??
    alerted(state, frame) ??
    concentrated(frame) ??
    lives(frame) ??
    filling(frame) ??
    steady(frame)
  );
}

function blind(state: State): Sentence | null {
  return hasBlocks(state) ? null : {
    tone: "warn",
    strong: "This trace has no block ids: no hit rate can be told.",
    rest: "Its arrivals and lengths are served as they are. Shared prefix, in the tab Trace, makes "
      + "up blocks that all prompts begin with.",
  };
}

/** Before what needs the name of every block, once some were forgotten. */
function leastOf({ names_known_to }: Totals): string {
  return names_known_to === undefined ? "" : "at least ";
}

function finished({ source }: State, { done, totals }: Frame): Sentence | null {
  if (!done) return null;
  const left = totals.ceiling_tokens - totals.hit_tokens;
  const points = (100 * left) / totals.input_tokens;
  const which = source?.kind === "workload" ? "Workload" : "Trace";
  return {
    tone: "calm",
    strong: `${which} served: ${format.percent(totals.hit_tokens, totals.input_tokens)} of its `
      + "tokens came from cache.",
    rest: points < 0.05 && totals.names_known_to === undefined
      ? "That is all there was to hit. Choose another policy to compare."
      : `${leastOf(totals)}${points.toFixed(1)} points were left on the table. Change a policy or `
        + "the cache and the same requests run again.",
  };
}

/** Figures of those that were served alone say little where many were not. */
function turnedAway(frame: Frame): Sentence | null {
  const { totals: { rejected, requests, hit_tokens, input_tokens } } = frame;
  const came = requests + rejected;
  if (rejected === 0 || rejected < AWAY * came) return null;
  const why = aliveNodes(frame) > 0 ? ""
    : frame.done ? "In the end no node takes any. " : "No node takes any now. ";
  return {
    tone: "warn",
    strong: `${format.integer(rejected)} of ${format.integer(came)} requests were turned away.`,
    rest: `${why}Every other figure is of those that were served: `
      + `${format.percent(hit_tokens, input_tokens)} of their tokens came from cache.`,
  };
}

/** What the core warns of: nothing is kept for long, whatever is routed where. */
function emptied({ totals: { batch_warning: warning } }: Frame): Sentence | null {
  return warning === undefined ? null : {
    tone: "warn",
    strong: `${warning[0]!.toUpperCase()}${warning.slice(1)}.`,
    rest: "A smaller batch, or more cache, keeps something to hit.",
  };
}

function nobody(frame: Frame): Sentence | null {
  return aliveNodes(frame) > 0 ? null : {
    tone: "warn",
    strong: "No node takes requests: every one is dead or draining.",
    rest: "What arrives is turned away. Heal a node, or add one, in the tab What if.",
  };
}

/** What was done to the cluster, while that is news. */
function done(state: State, { requests }: Frame): Sentence | null {
  const last = runOf(state).perturbed?.events.at(-1);
  if (last === undefined || requests - last.request > NEWS_REQUESTS) return null;
  const { before, worst, back_after_requests } = last.hit_rate;
  const fell = before === null || worst === null ? ""
    : `Of the tokens ${format.share(before)} were hits before, ${format.share(worst)} at worst; `
      + (back_after_requests === null ? "that is not back yet. " : "it is back. ");
  const lost = last.lost_blocks > 0 ? `${format.plural(last.lost_blocks, "block")} lost. ` : "";
  return {
    tone: "warn",
    strong: `${eventWords(last.what).said}, before request ${format.integer(last.request)}.`,
    rest: `${lost}${fell}Watch the hit rate below the flag of the timeline.`,
  };
}

/** A hot prefix that is at home on one node. */
function lives({ families, nodes, totals }: Frame): Sentence | null {
  const parts = nodes.heat.length / nodes.state.length;
  const rooms = parts / nodes.heat_bands;
  for (const [at, requests] of families.requests.entries()) {
    const share = requests / totals.requests;
    if (share < HOT_PREFIX || rooms <= at + 1) continue;
    const held = Array.from(nodes.state, (_, node) => {
      const from = node * parts + (at + 1) * nodes.heat_bands;
      return nodes.heat.subarray(from, from + nodes.heat_bands)
        .reduce((sum, blocks) => sum + blocks, 0);
    });
    const all = held.reduce((sum, blocks) => sum + blocks, 0);
    const most = Math.max(...held);
    if (all === 0 || most < AT_HOME * all) continue;
    const node = held.indexOf(most);
    const hits = format.percent(nodes.window_prefix_hits[node] ?? 0, nodes.window_blocks[node] ?? 0,
      0);
    return {
      tone: "calm",
      strong: `A prefix of ${format.share(share, 0)} of the requests lives on node ${node}.`,
      rest: `Look at its colour: hardly any of it is elsewhere, so its requests go there, and ${
        hits} of their blocks are hits.`,
    };
  }
  return null;
}

function migrated(state: State, { requests }: Frame): Sentence | null {
  const last = runOf(state).migrations.at(-1);
  if (last === undefined || requests - last.request > NEWS_REQUESTS) return null;
  const share = format.percent(last.share_before, 1, 0);
  const verb = last.kind === "copy" ? "were copied" : "moved";
  return {
    tone: "warn",
    strong: `Node ${last.source} held ${share} of all blocks`,
    rest: `at request ${format.integer(last.request)}; ${format.integer(last.moved)} of them `
      + `${verb} to node ${last.target}: follow the ribbon to where they lie now. Whether that `
      + "helps is told by the same run without moves, in the tab Moves.",
  };
}

/** An alert that is up, with the latest window's figure and what could be hit at all. One that is
 *  about to be cleared is no longer one of too few or too much. */
function alerted(state: State, { totals }: Frame): Sentence | null {
  const { monitoring, config } = runOf(state);
  const up = monitoring?.alerts.find(({ cleared }) => cleared === null);
  if (monitoring === null || up === undefined) return null;
  const value = (up.alert === "hit_rate" ? monitoring.hit_rate : monitoring.concentration) ?? 0;
  const rest = up.alert === "hit_rate"
    ? `; the ceiling so far is ${leastOf(totals)}`
      + `${format.percent(totals.ceiling_tokens, totals.input_tokens, 0)}.`
    : ".";
  const limit = (name: "hit_rate_min" | "concentration_max"): number =>
    numberSetting(state.tables, config, name);
  if (up.alert === "hit_rate" ? value >= limit("hit_rate_min")
    : value <= limit("concentration_max")) {
    return {
      tone: "warn",
      strong: `Alert, not cleared yet: ${alertWords(up)} after request `
        + `${format.integer(up.raised)}.`,
      rest: `In the latest detection window it is ${format.share(value)}; two windows in a row `
        + "that are 2 points on the good side clear it.",
    };
  }
  return {
    tone: "warn",
    strong: `Alert: ${alertWords({ alert: up.alert, value })}`,
    rest: `in the latest detection window; raised after request ${format.integer(up.raised)}`
      + rest,
  };
}

function concentrated(frame: Frame): Sentence | null {
  const { totals } = frame;
  const { largest_share, largest_node, max_over_mean } = totals.window_balance.work;
  if (aliveNodes(frame) < 2) return null;
  if (max_over_mean < CROWDED) return null;
  return {
    tone: "warn",
    strong: `Node ${largest_node} does ${format.percent(largest_share, 1, 0)} of the work`,
    rest: `of the last ${format.integer(totals.window.requests)} requests, `
      + `${max_over_mean.toFixed(1)} times its fair share.`,
  };
}

function filling(frame: Frame): Sentence | null {
  const { totals, capacity_blocks } = frame;
  const room = aliveNodes(frame) * capacity_blocks;
  const share = totals.resident_blocks / room;
  if (!(share < FULL) || totals.evictions > 0) return null;
  return {
    tone: "calm",
    strong: `The caches are still filling: ${format.percent(share, 1, 0)} of their room is used.`,
    rest: "Until they are full no block is evicted, and every policy of eviction does the same.",
  };
}

function steady({ totals }: Frame): Sentence {
  const again = Math.round((100 * totals.rewanted) / totals.evictions);
  const count = again < 1 ? "fewer than one is" : again === 1 ? "one is" : `${again} are`;
  const known = leastOf(totals) === "" ? "" : ", as far as names are known";
  return {
    tone: "calm",
    strong: "The caches are full: every new block pushes one out.",
    rest: totals.rewanted > 0
      ? `Of a hundred blocks pushed out, ${count} wanted again${known}.`
      : "None of the evicted blocks has been wanted again so far.",
  };
}
