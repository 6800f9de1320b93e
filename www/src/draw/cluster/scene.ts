/** Everything a drawing function may look at. */
import type { Grid } from "./grid.ts";
import type { Layout } from "./layout.ts";
import type { Theme } from "../palette.ts";
import type { View } from "./view.ts";

export interface Scene {
  ctx: CanvasRenderingContext2D;
  dpr: number;
  theme: Theme;
  /** One colour a heat bucket, cold first. */
  ramp: readonly string[];
  layout: Layout;
  view: View;
  /** The view that the figures are taken from; it lags so that they can be read. */
  figures: View;
  /** One grid a node; empty for tiles. */
  grids: Grid[];
  /** Eased values: shares of recent work and of all work, blocks per node and bucket. */
  work: Float64Array;
  workEver: Float64Array;
  requests: Float64Array;
  heat: Float64Array;
  buckets: number;
  /** The share at the end of a load bar. */
  scale: number;
  blocksPerCell: number;
  /** Requests that one dot stands for. */
  stride: number;
}
