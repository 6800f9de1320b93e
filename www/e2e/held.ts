/** Answers of workers that are kept back, so that a test acts among them however fast they come. */
import type { Page } from "playwright-core";

interface Held {
  /** Whether answers are kept back; what was kept is told when they no longer are. */
  holding: boolean;
  /** Tells the first that was kept. */
  tellOne(): void;
}

/** To be run before the page's own scripts. */
export const HOLD = `{
  const kept = [];
  let holding = false;
  window.tellOne = () => kept.shift()?.();
  Object.defineProperty(window, "holding", { get: () => holding, set: (value) => {
    holding = value;
    if (!value) for (const tell of kept.splice(0)) tell();
  } });
  window.Worker = class extends Worker {
    constructor(...about) {
      super(...about);
      this.addEventListener("message", (event) => {
        if (!event.isTrusted || event.data?.type !== "answer") return;
        if (!holding && kept.length === 0) return;
        event.stopImmediatePropagation();
        const { data } = event;
        kept.push(() => this.dispatchEvent(new MessageEvent("message", { data })));
      });
    }
  };
}`;

export async function hold(page: Page, holding: boolean): Promise<void> {
  await page.evaluate((on) => Object.assign(window, { holding: on }), holding);
}

/** Starts a job by one button and clicks another as soon as there are so many of something. Answers
 *  are told one at a time, each once the page has drawn the one before: no job ends sooner. */
export async function clickAmong(
  page: Page, start: string, button: string, there: string, count: number,
): Promise<void> {
  await hold(page, true);
  await page.locator(start).click();
  await page.evaluate(async ([button, there, count]) => {
    const held = window as unknown as Held;
    while (document.querySelectorAll(there).length < count) {
      held.tellOne();
      await new Promise((drawn) => {
        requestAnimationFrame(() => requestAnimationFrame(drawn));
      });
    }
    document.querySelector<HTMLButtonElement>(button)!.click();
    held.holding = false;
  }, [button, there, count] as const);
}
