/** What a cluster that watches itself says, in words. Pure. */
import type { Alert, Tuned } from "../engine/protocol.ts";
import * as format from "./format.ts";

/** An alert with the figure that raised it. */
export function alertWords({ alert, value }: Pick<Alert, "alert" | "value">): string {
  return alert === "hit_rate" ? `Only ${format.share(value)} of tokens from cache`
    : `${format.share(value)} of the work on one node`;
}

/** Why weights change. */
export function reasonWords(reason: Tuned["reason"]): string {
  switch (reason) {
    case "concentration":
      return "too much on one node";
    case "hit_rate":
      return "few hits, and the work is spread";
    case "back":
      return "back toward what is configured";
    case "undone":
      return "undone, since it cost hits and spread nothing";
  }
}
