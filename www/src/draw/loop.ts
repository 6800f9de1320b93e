/** An animation loop, the page's or the painter's: asks, draws, and rests when it can. */

export interface Loop {
  /** Something happened: at least one more tick. */
  wake(): void;
}

/** `tick` says whether it wants to be called again. A hidden page gets no ticks at all. */
export function startLoop(tick: (now_ms: number) => boolean): Loop {
  let scheduled = false;
  const wake = () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame((now_ms) => {
      scheduled = false;
      if (tick(now_ms)) wake();
    });
  };
  wake();
  return { wake };
}
