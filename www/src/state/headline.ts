/** The figures of a lane that matter first: on its card, and what an element hands out. */
import { aliveNodes } from "../draw/cluster/view.ts";
import type { Frame } from "../engine/protocol.ts";
import * as format from "../text/format.ts";
import type { Scope } from "./setup.ts";

export interface HeadlineRow {
  /** As programs call it. */
  key: "hit_rate" | "top_share" | "ttft_mean_s" | "ttft_p99_s";
  title: string;
  /** Null where there is nothing to divide by, or no time. */
  exact(frame: Frame, scope: Scope): number | null;
  shown(value: number): string;
}

export const HEADLINE: readonly HeadlineRow[] = [
  { key: "hit_rate", title: "Hit rate", shown: (value) => format.share(value),
    exact: ({ totals }, scope) => {
      const { hit_tokens, input_tokens, blocks } = scope === "window" ? totals.window : totals;
      return input_tokens > 0 && blocks > 0 ? hit_tokens / input_tokens : null;
    } },
  { key: "top_share", title: "Top share", shown: (value) => format.share(value),
    exact: (frame, scope) => {
      const { window_balance, balance } = frame.totals;
      const { work } = scope === "window" ? window_balance : balance;
      return aliveNodes(frame) > 0 ? work.largest_share : null;
    } },
  { key: "ttft_mean_s", title: "Mean TTFT", shown: format.seconds,
    exact: ({ totals }) => totals.ttft?.mean_s ?? null },
  { key: "ttft_p99_s", title: "p99", shown: format.seconds,
    exact: ({ totals }) => totals.ttft?.p99_s ?? null },
];
