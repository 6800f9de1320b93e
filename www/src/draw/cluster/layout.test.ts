import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange } from "./arrange.ts";
import { layoutCluster, leastHeight, modeOf, nodeAt, preferredHeight } from "./layout.ts";
import type { View } from "./view.ts";

const SIZES = [[360, 460], [390, 700], [838, 508], [1400, 620]] as const;
/** As a frame of 360 × 300 leaves it. */
const LOW = [360, 216] as const;

test("every node has its own place inside the canvas", () => {
  for (const [w, h] of SIZES) {
    for (const nodes of [1, 2, 3, 8, 16, 17, 40, 64, 65, 100, 256, 1000, 1024]) {
      const layout = layoutCluster(w, h, nodes, 30);
      assert.equal(layout.cards.length, nodes);
      layout.cards.forEach((card, i) => {
        const where = `${w}x${h}, node ${i} of ${nodes}`;
        assert.ok(card.x >= 0 && card.x + card.w <= w + 0.01, where);
        assert.ok(card.y >= layout.router.y + layout.router.h, where);
        assert.ok(card.y + card.h <= h, where);
        assert.ok(card.w > 3 && card.h > 3, where);
        const next = layout.cards[i + 1];
        if (next) assert.ok(next.y > card.y || next.x >= card.x + card.w, where);
      });
    }
  }
});

test("a low canvas still has cards that show something", () => {
  const [w, h] = LOW;
  for (const nodes of [1, 4, 8]) {
    const { cards, rows } = layoutCluster(w, h, nodes, 32);
    assert.equal(rows, 1);
    for (const card of cards) {
      assert.ok(card.y + card.h + 20 <= h, `${nodes} nodes: a name below the card has room`);
      assert.ok(card.h >= 90, `${nodes} nodes: a card of ${card.h}`);
    }
  }
});

test("at the least height nothing lies over each other, and all of it is there", () => {
  for (const w of [198, 220, 350, 390, 838]) {
    // A legend of two lines, or three.
    const top = w < 280 ? 72 : 52;
    for (const nodes of [1, 4, 8, 16, 17, 64, 65, 256, 1024]) {
      const h = leastHeight(w, nodes, false);
      const { mode, slots, rows, cols } = layoutCluster(w, h, nodes, top);
      const where = `${w}x${h}, ${nodes} nodes`;
      const [first, last] = [slots[0]!, slots.at(-1)!];
      assert.ok(last.y + last.h + (mode === "tiles" ? 0 : 20) <= h, where);
      // Cells, load and two lines of figures; numbers beside every other row of tiles.
      if (mode !== "tiles") assert.ok(first.h >= 76, `${where}: a card of ${first.h}`);
      else if (rows > 1) assert.ok(slots[cols]!.y - first.y >= 5, `${where}: ${rows} rows`);
    }
  }
  assert.ok(leastHeight(390, 16, true) > leastHeight(390, 16, false), "a line for idle nodes");
});

test("cards, then columns, then tiles", () => {
  assert.deepEqual([2, 16, 17, 64, 65, 1024].map(modeOf),
    ["cards", "cards", "columns", "columns", "tiles", "tiles"]);
});

test("a point in the middle of a card finds that card", () => {
  for (const nodes of [2, 16, 64, 256]) {
    const layout = layoutCluster(838, 508, nodes, 30);
    layout.cards.forEach((c, i) => {
      assert.equal(nodeAt(layout, c.x + c.w / 2, c.y + c.h / 2), i);
    });
    assert.equal(nodeAt(layout, 2, 2), -1);
  }
});

test("small screens stack cards in rows and ask for more height", () => {
  assert.equal(layoutCluster(360, 700, 16, 50).rows, 2);
  assert.equal(layoutCluster(838, 508, 16, 30).rows, 1);
  assert.ok(preferredHeight(360, 16) > preferredHeight(838, 16));
});

test("idle nodes of a large cluster are folded, and the busiest come first", () => {
  const nodes = 256;
  const column = (of: (node: number) => number) =>
    Float64Array.from({ length: nodes }, (_, i) => of(i));
  const view = (requests: number, busy: readonly number[]) => ({ nodes, frame: { requests, nodes: {
    window_requests: column((i) => Number(busy.includes(i))), queue: column(() => 0),
    state: column((i) => (i === 200 ? 3 : 1)), slow: column(() => 1),
    window_work_tokens: column((i) => 10 * (busy.indexOf(i) + 1)) } } }) as unknown as View;
  const first = arrange(view(1000, [7, 3, 90]), null);
  assert.deepEqual(first.shown, [90, 3, 7, 200], "the busiest first, and what is dead");
  assert.equal(arrange(view(1400, [1]), first), first, "nothing jumps about");
  assert.deepEqual(arrange(view(1500, [1]), first).shown, [1, 200]);
  assert.deepEqual(arrange(view(900, [1]), first).shown, [1, 200], "nor stays behind a jump back");
  const layout = layoutCluster(838, 508, nodes, 30, first.shown);
  assert.equal(layout.mode, "cards");
  assert.deepEqual(layout.cards[90], layout.slots[0]);
  assert.deepEqual(layout.cards[0], layout.fold);
  const { x, y, w, h } = layout.slots[1]!;
  assert.equal(nodeAt(layout, x + w / 2, y + h / 2), 3);
});
