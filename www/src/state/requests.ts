/** Requests looked up one by one: which lanes they are of, and in which pages they come. */
import type { Config } from "../engine/protocol.ts";
import type { State } from "./state.ts";

/** Requests that are looked up at a time. */
export const PAGE = 50;

/** The first request of the page that has this one. */
export function pageOf(number: number): number {
  return Math.floor((number - 1) / PAGE) * PAGE + 1;
}

/** What the lanes on the page run. */
export function configsOf({ lanes }: Pick<State, "lanes">): Config[] {
  return lanes.map(({ config }) => config);
}

/** Whether what was looked up is of these lanes. */
export function isOfLanes(state: Pick<State, "lanes" | "analysis">): boolean {
  const { configs } = state.analysis.requests;
  return JSON.stringify(configs) === JSON.stringify(configsOf(state));
}
