/** The notes' decision tree with what its leaves cost on this trace, as measured. */
import type { Advice, Mean } from "../../engine/protocol.ts";
import { h } from "../dom.ts";
import { figure, type Metric } from "./metrics.ts";

type Goal = Advice["goals"][number];

/** A goal's figure as a metric of the tables. */
export function metricOf({ goal, title, unit }: Goal): Metric {
  return { id: goal, label: title, unit, better: "more" };
}

/** A mean with half its interval. */
export function meanOf(metric: Metric, { mean, half_width }: Mean): string {
  const half = half_width === null || half_width === 0 ? "" : ` ± ${figure(metric, half_width, 2)}`;
  return `${figure(metric, mean, 2)}${half}`;
}

/** A difference: shares in points. */
export function behindOf(metric: Metric, mean: Mean): string {
  return metric.unit === "share" ? `${meanOf(metric, mean).replace(/\s*%/g, "")} points`
    : meanOf(metric, mean);
}

/** A list in a list: the question, its answers, and the routers at their ends. */
export function treeOf(advice: Advice): HTMLElement {
  const { skew } = advice.class;
  const root = skew === null ? "This trace has no skew" : `Skew ${skew.toFixed(3)}`;
  return h("div", { class: "tree" }, h("p", { class: "tree-root" }, root),
    h("ul", { class: "tree-leaves" }, ...advice.rule.map((leaf) =>
      h("li", { class: "tree-leaf", "data-leaf": leaf.leaf,
        "aria-current": leaf.applies ? "true" : null },
      h("p", { class: "tree-condition" }, `${leaf.condition} `,
        leaf.applies ? h("em", {}, "this trace") : null),
      ...leaf.routers.map(({ router, candidate }) => h("div", { class: "tree-router" },
        h("strong", {}, router), candidate === null ? h("p", {}, "not compared")
          : h("dl", {}, ...advice.goals.flatMap((goal) => costOf(goal, candidate)))))))));
}

/** How far the candidate is behind the best of a goal. */
function costOf(goal: Goal, candidate: number): HTMLElement[] {
  const found = goal.ranked.find((it) => it.candidate === candidate);
  const metric = metricOf(goal);
  const text = found === undefined ? "not measured yet"
    : found.behind.mean === 0 ? `${meanOf(metric, found.value)}, the best`
      : `${meanOf(metric, found.value)}, ${behindOf(metric, found.behind)} behind`;
  return [h("dt", {}, goal.title), h("dd", { "data-value": found?.behind.mean ?? null }, text)];
}
