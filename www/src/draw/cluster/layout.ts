/** Where everything on the cluster canvas goes. Pure: sizes in, rectangles out, in CSS pixels. */

export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Cards up to 16 nodes, columns up to 64, then tiles: the same reading, ever smaller. */
export type Mode = "cards" | "columns" | "tiles";

export interface Layout {
  mode: Mode;
  width: number;
  height: number;
  /** One rectangle a node; of the folded ones, all the same. */
  cards: Rect[];
  /** One rectangle a node that is shown, by place, and which node that is. */
  slots: Rect[];
  shown: readonly number[];
  /** Where the idle nodes are told of; null where every node is shown. */
  fold: Rect | null;
  cols: number;
  rows: number;
  /** Free space under each row of cards, for labels and ribbons. */
  below: number;
  /** There is hardly room for the rows: fewer words, and shorter links. */
  low: boolean;
  router: Rect;
}

const LABEL = 20;
/** The height of the line that tells of idle nodes. */
const FOLD = 34;
/** Below this height, and this much more for each further row, it is low. */
const LOW = 330;
const LOW_ROW = 190;
/** What is drawn in a card lies over each other in one that is less high. */
const LEAST_CARD = 78;
/** Above the cards of a low layout: a legend of two lines, router and links. */
const LOW_TOP = 110;
/** Narrower, the legend of a low layout has a line more, so high. */
const LEAST_FOR_TWO_LINES = 280;
const LEGEND_LINE = 20;
const LOW_LINK = 34;
const LOW_BELOW = LABEL + 4;
/** Rows after the first leave room above for the links that enter their cards. */
const ENTRY = 16;
const MARGIN = 4;
/** At which the numbers beside every other row of tiles stand apart. */
const LEAST_TILE = 8;
const MAX_CARD = 268;
const MIN_CARD_PITCH = 42;
const MIN_COLUMN_PITCH = 10.5;

export function modeOf(nodes: number): Mode {
  return nodes <= 16 ? "cards" : nodes <= 64 ? "columns" : "tiles";
}

/** `top` is the height that the legend takes, `shown` which nodes have a place of their own, in the
 *  order of the places: all of them where nothing is said. */
export function layoutCluster(
  w: number, h: number, nodes: number, top: number, shown?: readonly number[],
): Layout {
  const all = shown ?? Array.from({ length: nodes }, (_, node) => node);
  const fold = all.length < nodes ? { x: 0, y: h - FOLD, w: 132, h: FOLD - 8 } : null;
  if (fold) fold.x = w / 2 - fold.w / 2;
  const base = places(w, fold ? h - FOLD : h, all.length, top);
  const cards = Array.from({ length: nodes }, () => fold ?? base.router);
  all.forEach((node, place) => {
    cards[node] = base.slots[place] ?? base.router;
  });
  return { ...base, height: h, cards, shown: all, fold };
}

function places(
  w: number, h: number, count: number, top: number,
): Omit<Layout, "cards" | "shown" | "fold"> {
  const side = w < 520 ? 8 : 18;
  const mode = modeOf(count);
  const rows = rowsOf(w - 2 * side, count);
  const low = h < LOW + (rows - 1) * LOW_ROW;
  const router = { x: w / 2 - 42, y: top + (low ? 2 : 8), w: 84, h: low ? 22 : 28 };
  const routerBottom = router.y + router.h;
  const base = { mode, width: w, height: h, router, low };
  if (mode === "tiles") return { ...base, ...tiles(side, routerBottom + 44, w, h, count) };

  const cols = Math.ceil(count / rows);
  const link = low ? LOW_LINK : Math.max(56, Math.min(92, h * 0.17));
  const below = low ? LOW_BELOW : LABEL + Math.max(22, Math.min(46, (h * 0.09) / rows));
  const area = { x: side, y: routerBottom + link, w: w - 2 * side, h: 0 };
  area.h = h - area.y - MARGIN;
  return { ...base, cols, rows, below, slots: rowsOfCards(area, count, cols, rows, below) };
}

function rowsOfCards(
  area: Rect, nodes: number, cols: number, rows: number, below: number,
): Rect[] {
  const pitch = Math.min(area.w / cols, MAX_CARD + 28);
  const gap = Math.max(2, Math.min(14, pitch * 0.13));
  const cardW = Math.min(MAX_CARD, pitch - gap);
  const room = (area.h - ENTRY * (rows - 1)) / rows - below;
  const cardH = Math.max(LEAST_CARD, Math.min(430, room));
  const cards: Rect[] = [];
  for (let i = 0; i < nodes; i++) {
    const row = Math.floor(i / cols);
    const inRow = Math.min(cols, nodes - row * cols);
    // A last row that is not full starts at the left, so that columns keep lining up.
    const x0 = area.x + (area.w - pitch * (rows > 1 ? cols : inRow)) / 2 + (pitch - cardW) / 2;
    const y = area.y + row * (cardH + below + ENTRY);
    cards.push({ x: x0 + (i % cols) * pitch, y, w: cardW, h: cardH });
  }
  return cards;
}

/** A grid whose columns are a power of two, so that a node is found by counting rows. */
function tiles(side: number, y: number, w: number, h: number, nodes: number) {
  const left = w < 520 ? 26 : 40;
  const area = { x: left, y, w: w - left - side, h: h - y - 10 };
  let cols = 8;
  let best = Infinity;
  for (const option of [8, 16, 32, 64]) {
    const rows = Math.ceil(nodes / option);
    const misfit = Math.abs(Math.log(area.w / option / (area.h / rows) / 1.9));
    if (misfit < best) {
      best = misfit;
      cols = option;
    }
  }
  const rows = Math.ceil(nodes / cols);
  const gapX = area.w / cols > 24 ? 5 : 2;
  const tileH = Math.min(64, area.h / rows);
  const gapY = tileH > 18 ? 5 : 2;
  const cards = Array.from({ length: nodes }, (_, i) => ({
    x: area.x + ((i % cols) * area.w) / cols,
    y: area.y + Math.floor(i / cols) * tileH,
    w: area.w / cols - gapX,
    h: tileH - gapY,
  }));
  return { slots: cards, cols, rows, below: gapY };
}

/** A height at which so many nodes are comfortable to read. */
export function preferredHeight(width: number, nodes: number): number {
  const mode = modeOf(nodes);
  if (mode === "tiles") {
    const rows = Math.ceil(nodes / (width < 520 ? 16 : 32));
    return Math.min(760, 190 + rows * (width < 520 ? 24 : 28));
  }
  return Math.min(900, 210 + rowsOf(width - (width < 520 ? 16 : 36), nodes) * 260);
}

/** The height below which what is drawn lies over each other. `folded` is whether there are nodes
 *  without a place. */
export function leastHeight(width: number, places: number, folded: boolean): number {
  const top = LOW_TOP + (width < LEAST_FOR_TWO_LINES ? LEGEND_LINE : 0) + (folded ? FOLD : 0);
  if (modeOf(places) === "tiles") {
    return top + LOW_BELOW + LEAST_TILE * Math.ceil(places / (width < 520 ? 16 : 32));
  }
  const rows = rowsOf(width - (width < 520 ? 16 : 36), places);
  return top + rows * (LEAST_CARD + LOW_BELOW) + (rows - 1) * ENTRY + MARGIN;
}

/** Rows of cards or columns; tiles are laid out in another way. */
function rowsOf(width: number, places: number): number {
  const pitch = modeOf(places) === "cards" ? MIN_CARD_PITCH : MIN_COLUMN_PITCH;
  return modeOf(places) === "tiles" ? 1 : Math.max(1, Math.ceil((places * pitch) / width));
}

/** Every node that is shown, with its place. */
export function* shownCards({ slots, shown }: Layout): Generator<[node: number, card: Rect]> {
  for (const [place, card] of slots.entries()) yield [shown[place] ?? 0, card];
}

/** Which node is at a point, or -1. Gaps belong to the nearest card of the same row. */
export function nodeAt(layout: Layout, x: number, y: number): number {
  const reach = layout.mode === "tiles" ? 3 : 6;
  const under = layout.mode === "tiles" ? 3 : LABEL;
  const place = layout.slots.findIndex((c) =>
    x >= c.x - reach && x <= c.x + c.w + reach && y >= c.y - 14 && y <= c.y + c.h + under);
  return layout.shown[place] ?? -1;
}
