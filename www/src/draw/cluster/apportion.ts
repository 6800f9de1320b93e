/** Turning block counts into whole cells without losing any. */

/** How many of `cells` cells are filled by `resident` of `capacity` blocks: any is at least one. */
export function filledCells(resident: number, capacity: number, cells: number): number {
  if (resident <= 0 || capacity <= 0 || cells <= 0) return 0;
  return Math.max(1, Math.min(cells, Math.round((resident / capacity) * cells)));
}

/**
 * Shares `cells` cells among buckets in proportion to their counts. The result sums to `cells`
 * exactly (0 when all counts are 0), and a bucket that holds anything gets at least one cell if
 * there are enough to go round: the few hottest blocks are what one looks for.
 */
export function apportion(counts: ArrayLike<number>, cells: number): number[] {
  const n = counts.length;
  const out = new Array<number>(n).fill(0);
  let total = 0;
  let used = 0;
  for (let i = 0; i < n; i++) {
    const count = counts[i] ?? 0;
    total += count;
    if (count > 0) used++;
  }
  if (!(total > 0 && cells > 0)) return out;

  const least = cells >= used ? 1 : 0;
  const quota = (i: number): number => ((counts[i] ?? 0) / total) * cells;
  let given = 0;
  for (let i = 0; i < n; i++) {
    if ((counts[i] ?? 0) <= 0) continue;
    out[i] = Math.max(least, Math.floor(quota(i)));
    given += out[i] ?? 0;
  }
  const debt = (i: number): number => quota(i) - (out[i] ?? 0);
  while (given !== cells) {
    const step = given < cells ? 1 : -1;
    const at = pick(n, (i) => {
      if ((counts[i] ?? 0) <= 0 || (step < 0 && (out[i] ?? 0) <= least)) return -Infinity;
      return step * debt(i);
    });
    out[at] = (out[at] ?? 0) + step;
    given += step;
  }
  return out;
}

/** The first index with the greatest score. */
function pick(n: number, score: (i: number) => number): number {
  let best = 0;
  let bestScore = -Infinity;
  for (let i = 0; i < n; i++) {
    const value = score(i);
    if (value > bestScore) {
      best = i;
      bestScore = value;
    }
  }
  return best;
}
