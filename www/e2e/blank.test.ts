/** While a run has no figures of its own, none are shown: not those of the run before it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { openTab, part, runs } from "./actions.ts";
import { SILENCE, launch, openPage, serve, type Served } from "./harness.ts";

let browser: Browser;
let served: Served;
before(async () => {
  [browser, served] = await Promise.all([launch(), serve({ "/local/slow.jsonl": SILENCE })]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

const START = "#v=1&speed=2000&nodes=4&clock=timed&capacity_blocks=500";

/** Everything on the page that says something of a run, as text. */
async function told(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const figures = [...document.querySelectorAll<HTMLElement>("[data-figure]")]
      .filter((figure) => figure.offsetParent !== null)
      .map((figure) => `${figure.dataset["figure"]}: ${figure.innerText}`);
    const others = ["[data-part=watch]", "[data-part=strips]", ".meter + .ceiling", ".ttft",
      "[data-panel] td", "[data-panel] dd", "[data-panel] li", "[data-part=tip]"]
      .map((where) => {
        const seen = [...document.querySelectorAll<HTMLElement>(where)]
          .filter((element) => element.offsetParent !== null);
        return `${where}: ${seen.map((element) => element.innerText).join(" ")}`;
      });
    const canvas = document.querySelector<HTMLCanvasElement>("[data-part=cluster]")!;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    return [...figures, ...others, `picture: ${data.some((byte) => byte > 0)}`];
  });
}

/** Nothing but dashes, blanks and noughts, in every tab. */
async function assertBlank(page: Page): Promise<void> {
  for (const tab of ["migrations", "decision", "nodes", "totals", "trace"]) {
    await openTab(page, tab);
    const numbers = (await told(page)).filter((text) => /[1-9]/.test(text.replace(/^[^:]*:/, "")));
    assert.deepEqual(numbers, [], tab);
  }
  // What the picture shows, in words.
  const label = ":is([aria-label*='before its first'], [aria-label*='after 0 req'])";
  await page.locator(`[data-part=cluster]${label}`).waitFor();
  await part(page, "share").click();
  for (const id of ["save-json", "save-csv", "save-png"]) {
    assert.equal(await part(page, id).isDisabled(), true, id);
    assert.match(await part(page, id).innerText(), /Nothing has been served yet/);
  }
  await page.keyboard.press("Escape");
}

async function withFigures(): Promise<Page> {
  const { page } = await openPage(browser, served.address + START);
  await runs(page);
  await page.locator('[data-figure="evictions_short"]:not([data-value="0"])').waitFor();
  await page.locator("[data-part=strips]:not([hidden])").waitFor();
  return page;
}

test("a configuration that is refused has no figures", async () => {
  const page = await withFigures();
  await page.locator('[data-param="nodes"] .number').fill("5000");
  await page.locator('[data-param="nodes"] .number').press("Enter");
  await page.locator('[data-notice="config"]').waitFor();
  await assertBlank(page);
  assert.ok((await told(page)).includes("picture: false"));
  assert.equal(await part(page, "so-far").textContent(), "No run");
  await page.context().close();
});

test("a trace that is still being loaded has no figures", async () => {
  const page = await withFigures();
  await page.evaluate(() => {
    location.hash = "#v=1&trace=local/slow.jsonl&clock=timed";
  });
  await part(page, "trace-name").filter({ hasText: "slow.jsonl" }).waitFor();
  await assertBlank(page);
  await page.context().close();
});

test("until a change takes effect, the sentence is of the run that is shown", async () => {
  const page = await withFigures();
  const changed = await page.evaluate(async () => {
    const caption = document.querySelector("[data-part=caption]")!;
    const slider = document.querySelector<HTMLInputElement>('[data-param="nodes"] [type="range"]')!;
    const before = caption.textContent;
    // As long as the slider moves, the run goes on.
    for (let at = 0.3; at < 0.7; at += 0.02) {
      slider.value = String(at);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise(requestAnimationFrame);
      if (caption.textContent !== before) return `${caption.textContent} at ${at}`;
    }
    return "";
  });
  assert.equal(changed, "");
  const before = part(page, "caption").filter({ hasText: /^4 prefill nodes/ });
  await before.waitFor({ state: "detached" });
  await page.context().close();
});
