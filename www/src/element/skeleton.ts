/** What stands in a figure's shadow before anything runs: the places that its panels fill. */
import { h } from "../panel/dom.ts";

export interface Skeleton {
  root: HTMLElement;
  sentence: HTMLElement;
  fallback: HTMLElement;
  figure: HTMLElement;
  table: HTMLElement;
  controls: HTMLElement;
}

export function buildSkeleton(): Skeleton {
  const sentence = h("p", { class: "told", part: "sentence" });
  const fallback = h("div", { class: "fallback", part: "fallback" }, h("slot", {}));
  const table = h("div", { class: "table", part: "table", hidden: true, tabindex: 0,
    role: "group", "aria-label": "The picture as a table" });
  const figure = h("div", { class: "body", part: "body" }, stage(), h("div", {
    "data-part": "strips", class: "strips", part: "strips", role: "group",
    "aria-label": "The run over time" }));
  const controls = h("div", { class: "controls", part: "controls", role: "toolbar",
    "aria-label": "Playing" });
  const root = h("div", { class: "kvscope figure", part: "figure", role: "group" },
    h("p", { "data-part": "caption", class: "caption", part: "caption" }), sentence,
    fallback, figure, table, controls,
    h("div", { "data-part": "spoken", class: "unseen", "aria-live": "polite", role: "status" }));
  return { root, sentence, fallback, figure, table, controls };
}

function stage(): HTMLElement {
  // No landmarks: those are the host page's, and there may be several figures.
  return h("div", { "data-part": "stage", class: "stage", part: "picture", role: "group",
    "aria-label": "The cluster" },
  h("div", { "data-part": "multiples", class: "multiples", role: "group",
    "aria-label": "The clusters side by side", hidden: true }),
  h("div", { "data-part": "cluster-box", class: "cluster-box" },
    h("canvas", { "data-part": "cluster", part: "canvas", role: "img", tabindex: 0,
      "aria-label": "The cluster, before its first request." }),
    h("div", { "data-part": "tip", class: "tip", hidden: true }),
    h("div", { "data-part": "empty", class: "empty" }, h("p", {}, "Starting the simulator…"))),
  h("div", { "data-part": "notice", class: "notice", part: "notice", hidden: true }));
}
