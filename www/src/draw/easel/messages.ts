/** What the page and the painter tell each other, each under the number of a canvas. */
import type { Size } from "../cluster/cluster.ts";
import type { ClusterInput, Drawn, HoverInfo } from "../cluster/view.ts";
import type { Theme } from "../palette.ts";

/** How a run is shown, beside its frames. */
export type Shown = Pick<ClusterInput, "playing" | "scope" | "speed">;

export type ToPainter = { id: number } & (
  | { type: "open"; canvas: OffscreenCanvas; theme: Theme; reducedMotion: boolean }
  /** How large it is; null while nobody sees it. */
  | { type: "size"; size: Size | null }
  /** What is new: a frame, or null where only how it is shown has changed. */
  | { type: "show"; frame: Drawn | null; shown: Shown }
  | { type: "theme"; theme: Theme }
  /** Where the pointer is, in CSS pixels from the canvas's corner. */
  | { type: "point"; at: { x: number; y: number } | null }
  /** To the reading of the next node or the one before. */
  | { type: "step"; by: number }
  /** Somebody chooses the node that is read. */
  | { type: "pick" }
  /** Marks a node; -1 is none. */
  | { type: "choose"; node: number }
  /** The run is over with. */
  | { type: "reset" }
  | { type: "close" });

export type FromPainter = { id: number } & (
  /** What there is to read at a node. */
  | { type: "read"; info: HoverInfo | null }
  /** The reading has gone where a step led. */
  | { type: "stepped" }
  /** The node that was chosen; -1 is none. */
  | { type: "picked"; node: number }
  /** The picture in words. */
  | { type: "label"; text: string }
  /** How many nodes have a place of their own. */
  | { type: "places"; nodes: number }
  /** It is broken, in the browser's words. */
  | { type: "failed"; why: string });
