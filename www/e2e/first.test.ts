/** The first seconds of a person on the page: nothing jumps, Play is near, stillness is kept, and
 *  what is said can be had back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { drop, part } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { DESKTOP, PHONE, openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

/** Sums what moved without a person's doing, in the browser's measure of it. */
const WATCH = `
  window.moved = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
`;
/** What is called good: a page that moves more is felt to jump. */
const GOOD = 0.1;

for (const [name, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  test(`nothing jumps while the page finds its places, ${name}`, async () => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.addInitScript(WATCH);
    await page.goto(served.address);
    await page.locator("[data-kvscope]:not([data-starting])").waitFor();
    await page.locator('[data-figure="position"]:not([data-value="0"])')
      .waitFor({ state: "attached" });
    const moved = await page.evaluate("window.moved") as number;
    assert.ok(moved < GOOD, `layout shift of ${moved}`);
    await context.close();
  });
}

test("the page says what it is before any script has come", async () => {
  const context = await browser.newContext({ ...DESKTOP, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(served.address);
  assert.match(await page.locator("body").innerText(), /kvscope[\s\S]*Starting the simulator/);
  await context.close();
});

test("the keyboard reaches Play before the settings", async () => {
  const { page } = await openPage(browser, served.address);
  await page.locator("[data-kvscope]:not([data-starting])").waitFor();
  const reached: string[] = [];
  while (!reached.includes("play") && reached.length < 60) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => {
      const { activeElement: at } = document;
      return at?.closest("[data-part=controls]") ? "a setting"
        : at?.getAttribute("data-part") ?? "";
    }));
  }
  assert.ok(reached.includes("play"), reached.join(", "));
  assert.ok(!reached.includes("a setting"), reached.join(", "));
  await page.context().close();
});

test("where less motion is asked for, a moment is shown and rests until it is played", async () => {
  const { page } = await openPage(browser, served.address, { ...DESKTOP, reducedMotion: "reduce" });
  await page.locator('[data-figure="position"][data-value="2000"]').waitFor({ state: "attached" });
  await page.locator('[data-part=play][data-state="paused"]').waitFor();
  await part(page, "play").click();
  await page.locator('[data-figure="position"]:not([data-value="2000"])')
    .waitFor({ state: "attached" });
  await page.context().close();
});

test("the node that the keyboard goes to is said", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&nodes=4&speed=max`);
  await page.locator('[data-figure="position"]:not([data-value="0"])')
    .waitFor({ state: "attached" });
  await part(page, "cluster").focus();
  await page.keyboard.press("ArrowRight");
  await page.locator("[data-part=spoken]:text-matches('^Node 0: .*%')")
    .waitFor({ state: "attached" });
  await page.context().close();
});

test("forced colours keep what tells by its ground alone", async () => {
  const { page } = await openPage(browser, served.address, { ...DESKTOP, forcedColors: "active" });
  await page.locator('[data-figure="position"]:not([data-value="0"])')
    .waitFor({ state: "attached" });
  const [done, ground] = await page.evaluate(() => {
    const bar = document.querySelector(".timeline")!;
    return [bar.querySelector("i")!, document.body].map((at) =>
      getComputedStyle(at).backgroundColor);
  });
  assert.notEqual(done, ground);
  await page.context().close();
});

test("a lesson that was put away can be had back, and is gone with another workload", async () => {
  const { page } = await openPage(browser, served.address);
  await part(page, "trace-chip").click();
  await page.locator("[data-part=samples] .sample").last().click();
  const lesson = page.locator("[data-notice=link]");
  await lesson.waitFor();
  const text = await lesson.locator("p").allInnerTexts();
  const [said, picture] = await Promise.all([lesson, part(page, "cluster")].map((it) =>
    it.boundingBox()));
  assert.ok(said!.y + said!.height <= picture!.y, "it stands above the picture, not on it");
  await lesson.locator("button").click();
  await lesson.waitFor({ state: "detached" });
  await page.locator("[data-notice=folded]").click();
  await lesson.waitFor();
  assert.deepEqual(await lesson.locator("p").allInnerTexts(), text);
  await lesson.locator("button").click();
  await part(page, "trace-chip").click();
  await page.locator("[data-part=samples] .sample").first().click();
  await page.locator("[data-notice=folded]").waitFor({ state: "detached" });
  await page.context().close();
});

test("what cannot run shows no figures, and what ran before is a press away", async () => {
  const { page, errors } = await openPage(browser, served.address);
  await part(page, "play").click();
  await page.locator("[data-part=compare] [data-metric]").first().waitFor();
  const before = await page.evaluate(() => location.hash);
  await page.locator("[data-choice=clock]").selectOption("logical");
  await page.locator('[data-notice="config"]').waitFor();
  await page.locator("[data-part=compare]").waitFor({ state: "hidden" });
  await page.locator("[data-act=back]").click();
  await page.locator("[data-notice]").waitFor({ state: "detached" });
  await page.locator("[data-part=compare] [data-metric]").first().waitFor();
  assert.equal(await page.evaluate(() => location.hash), before);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a card that says what cannot run has what helps", async () => {
  const { page } = await openPage(browser, served.address);
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  await drop(page, scratchFile("picture.png", png));
  const chooser = page.waitForEvent("filechooser");
  await page.locator("[data-act=choose-file]").click();
  await chooser;
  await page.goto("about:blank");
  await page.goto(`${served.address}#v=1&nodes=0`);
  await page.locator("[data-act=defaults]").waitFor();
  assert.equal(await page.locator("[data-act=back]").count(), 0, "nothing has run");
  await page.locator("[data-act=defaults]").click();
  await page.locator('[data-figure="position"]:not([data-value="0"])')
    .waitFor({ state: "attached" });
  await page.context().close();
});
