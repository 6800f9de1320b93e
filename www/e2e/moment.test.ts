/** The moment: it is dragged to, whatever else is selected on the page, and links bring it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { figure, part } from "./actions.ts";
import { DESKTOP, openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const REQUESTS = 3000;
const LINK = `#v=1&workload=toolagent&requests=${REQUESTS}&nodes=4&capacity_blocks=500&speed=300`;

async function restAt(page: Page, position: number): Promise<void> {
  await page.locator(`[data-figure="position"][data-value="${position}"]`)
    .waitFor({ state: "attached" });
}

test("the timeline is dragged again and again, with text selected or not", async () => {
  const { page, errors } = await openPage(browser, served.address + LINK);
  const { x, y, width, height } = (await part(page, "moment").boundingBox())!;
  const at = (share: number) => [x + share * width, y + height / 2] as const;
  await page.keyboard.press("Control+a");
  for (const [from, to] of [[0.9, 0.5], [0.5, 0.2], [0.2, 0.8]] as const) {
    await page.mouse.move(...at(from));
    await page.mouse.down();
    await page.mouse.move(...at((from + to) / 2), { steps: 4 });
    await page.mouse.move(...at(to), { steps: 4 });
    await page.mouse.up();
    const near = Math.round(to * REQUESTS);
    await page.waitForFunction(([wanted]) => Math.abs(wanted! - Number(document
      .querySelector('[data-figure="position"]')!.getAttribute("data-value"))) < 20, [near]);
  }
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a link brings the moment where a run rests, at its beginning and its end too", async () => {
  const { page } = await openPage(browser, served.address + LINK);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  for (const [key, position] of [["End", REQUESTS], ["PageDown", 2850], ["Home", 0]] as const) {
    await part(page, "moment").press(key);
    await restAt(page, position);
    await part(page, "share").click();
    await part(page, "copy-link").click();
    await part(page, "share").filter({ hasText: "Copied" }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(new URLSearchParams(new URL(link).hash.slice(1)).get("at"), String(position));
    const context = await browser.newContext(DESKTOP);
    const other = await context.newPage();
    await other.goto(link);
    await restAt(other, position);
    await other.locator('[data-part=play]:not([data-state="playing"])').waitFor();
    assert.equal(await figure(other, "hit_rate"), await figure(page, "hit_rate"), key);
    await context.close();
  }
  await page.context().close();
});

for (const lanes of ["", "&b.router=random"]) {
  test(`a link brings what its tab says of the moment, ${lanes === "" ? "one lane" : "two"}`,
    async () => {
      const link = `${served.address}${LINK}${lanes}&at=700`;
      const { page } = await openPage(browser, `${link}&tab=decision`);
      await restAt(page, 700);
      const said = page.locator("[data-panel=decision]");
      await said.getByText("Request 700 went to node").first().waitFor();
      await page.goto("about:blank");
      await page.goto(`${link}&tab=what-if`);
      await restAt(page, 700);
      await page.locator("[data-act=forget]:enabled").waitFor();
      const blocks = page.locator("[data-part=hot-block] option");
      const first = await blocks.first().innerText();
      assert.match(first, /^block \d+: in [\d.]+\s%/);
      // They are of the moment: at another they are others, or in other shares.
      await part(page, "moment").press("PageDown");
      await restAt(page, 550);
      await page.waitForFunction((before) => document.querySelector(
        "[data-part=hot-block] option")?.textContent !== before, first);
      await page.context().close();
    });
}

test("before the first request no figure of a lane is defined", async () => {
  const { page } = await openPage(browser, `${served.address}${LINK}&b.router=random`);
  const cells = page.locator("td[data-metric]");
  await part(page, "moment").press("PageUp");
  await page.locator('td[data-metric="token_hit_rate"]:not([data-value=""])').first().waitFor();
  await part(page, "moment").press("Home");
  await restAt(page, 0);
  await page.locator('td[data-metric="token_hit_rate"][data-value=""]').first().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll("td[data-metric]")]
    .every((cell) => (cell as HTMLElement).dataset["value"] === ""));
  for (const text of await cells.allInnerTexts()) assert.equal(text.trim(), "–");
  assert.ok(await cells.count() > 10);
  await page.context().close();
});
