/** Everything a drawing function may look at. */
import type { Grid } from "./grid.ts";
import type { Pen } from "../ink.ts";
import type { Layout } from "./layout.ts";
import type { Theme } from "../palette.ts";
import type { View } from "./view.ts";

/** Families that are told apart, and none. */
export const FAMILIES = 8;

export interface Scene {
  ctx: Pen;
  dpr: number;
  theme: Theme;
  /** One colour a bucket: by family, none first, and in each by band of uses, few first. */
  ramp: readonly string[];
  layout: Layout;
  view: View;
  /** The view that the figures are taken from; it lags so that they can be read. */
  figures: View;
  /** One grid a node; empty for tiles. */
  grids: Grid[];
  /** Eased values: shares of work, those beside them, of requests; blocks by node and bucket. */
  work: Float64Array;
  workBeside: Float64Array;
  requests: Float64Array;
  heat: Float64Array;
  /** By node, the cells that each bucket had when the ground was last drawn; none yet is a hole. */
  counts: number[][];
  buckets: number;
  bands: number;
  /** Buckets in the order in which their cells lie. */
  order: readonly number[];
  /** The share at the end of a load bar. */
  scale: number;
  blocksPerCell: number;
  /** Requests that one dot stands for. */
  stride: number;
}
