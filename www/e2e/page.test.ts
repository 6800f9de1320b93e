/** The page itself: links, keys, errors, size of screen, what it may reach, who can use it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { drop, figure, finished, inLink, part, runs } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { DESKTOP, PHONE, openPage, serve } from "./harness.ts";
import { browser, served } from "./site.ts";

const fragmentOf = (page: Page) => new URLSearchParams(new URL(page.url()).hash.slice(1));

test("the page opens with one question, two routers and the answer in their figures", async () => {
  const { page, errors } = await openPage(browser, served.address);
  const caption = part(page, "caption");
  await caption.filter({ hasText: "Which router should your cluster run?" }).waitFor();
  await part(page, "speed").fill("1");
  await finished(page);
  const value = async (metric: string, lane: string): Promise<number> => {
    const cell = page.locator(`[data-metric="${metric}"][data-lane="${lane}"]`).first();
    await cell.and(page.locator(':not([data-value=""])')).waitFor();
    return Number(await cell.getAttribute("data-value"));
  };
  // What the sentence says of the two.
  await page.waitForFunction(() => ["A", "B"].every((lane) => {
    const of = `[data-metric="ceiling_token_rate"][data-lane="${lane}"]`;
    const ceiling = document.querySelector(of);
    return Number(ceiling?.getAttribute("data-value")) > 0.3;
  }));
  const [one, other] = [await value("token_hit_rate", "A"), await value("token_hit_rate", "B")];
  assert.ok(Math.abs(one - other) < 0.1, `hit rates ${one} and ${other}`);
  const [slow, fast] = [await value("mean_ttft_s", "A"), await value("mean_ttft_s", "B")];
  assert.ok(slow > 10 * fast, `mean TTFT ${slow} and ${fast}`);
  const goodput = page.locator('[data-part=compare] tr:has([data-metric="goodput_rps"])');
  assert.match(await goodput.innerText(), /Goodput\s+requests inside SLO\s.*\d\/s/s);
  // Another router, and it is another question.
  await page.locator("[data-choice=router]").selectOption("round_robin");
  await caption.filter({ hasText: "side by side" }).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("the page opens running, and says nothing in the console", async () => {
  const { page, errors } = await openPage(browser, served.address);
  const first = await figure(page, "position");
  await page.waitForFunction((before) =>
    Number(document.querySelector('[data-figure="position"]')?.getAttribute("data-value"))
      > before, first);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("what is chosen goes into the link, and the link brings it back", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1`);
  await page.locator("[data-choice=router]").selectOption({ index: 1 });
  await page.locator("[data-choice=eviction]").selectOption({ index: 1 });
  const nodes = page.locator('[data-param="nodes"] .number');
  await nodes.fill("5");
  await nodes.press("Enter");
  await part(page, "speed").fill("1");
  await page.waitForFunction(() => location.hash.includes("nodes=5"));
  const { hash } = new URL(page.url());
  assert.equal(fragmentOf(page).get("v"), "1");
  assert.equal(fragmentOf(page).get("speed"), "max");
  const { page: second } = await openPage(browser, served.address + hash);
  for (const id of ["[data-choice=router]", "[data-choice=eviction]",
    '[data-param="nodes"] .number']) {
    assert.equal(await second.locator(id).inputValue(), await page.locator(id).inputValue(), id);
  }
  assert.equal(new URL(second.url()).hash, hash);
  await finished(page);
  await finished(second);
  for (const name of ["hit_rate", "largest_share", "evictions_short"]) {
    const of = (p: Page) => p.locator(`[data-figure="${name}"]`).getAttribute("data-value");
    assert.equal(await of(second), await of(page), name);
  }
  await page.context().close();
  await second.context().close();
});

test("space, full stop and r play, step and restart", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&speed=50`);
  await page.keyboard.press(" ");
  await page.locator('[data-part=play][data-state="paused"]').waitFor();
  await page.waitForTimeout(300);
  const at = await figure(page, "position");
  await page.keyboard.press(".");
  await page.locator(`[data-figure="position"][data-value="${at + 1}"]`).waitFor();
  await page.waitForTimeout(300);
  assert.equal(await figure(page, "position"), at + 1);
  await page.keyboard.press("r");
  await page.locator('[data-part=play][data-state="playing"]').waitFor();
  await page.keyboard.press("?");
  assert.equal(await part(page, "help").evaluate((d) => (d as HTMLDialogElement).open), true);
  await page.context().close();
});

test("what needs another setting switches it, says so, and is undone", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1`);
  const router = page.locator("[data-choice=router]");
  assert.match((await router.locator("option").allTextContents()).join(" "),
    /needs the timed clock/);
  const before = await router.inputValue();
  await router.selectOption("conductor");
  await inLink(page, "clock", "timed");
  await page.locator('[data-figure="ttft_p99"]:not([data-value=""])').waitFor();
  const card = page.locator('[data-notice="undo"]', { hasText: "clock was switched to timed" });
  await card.locator("[data-act=undo]").click();
  await card.waitFor({ state: "detached" });
  await inLink(page, "router", before);
  await inLink(page, "clock", null);
  await page.locator('[data-figure="ttft_p99"]').waitFor({ state: "hidden" });
  await page.context().close();
});

test("an eviction that knows the future switches the clock, or says what keeps it", async () => {
  const link = "#v=1&workload=toolagent&clock=timed&router=cache_aware&eviction=lru";
  const { page, errors } = await openPage(browser, served.address + link);
  const eviction = page.locator("[data-choice=eviction]");
  const optimal = eviction.locator('option[value="optimal"]');
  assert.match(await optimal.innerText(), /needs the logical clock/);
  await eviction.selectOption("optimal");
  const card = page.locator('[data-notice="undo"]', { hasText: "clock was switched to logical" });
  await card.waitFor();
  await inLink(page, "clock", "logical");
  await runs(page);
  await card.locator("[data-act=undo]").click();
  await inLink(page, "eviction", "lru");
  await inLink(page, "clock", "timed");
  // Another row has the clock as it was, unless it was said that the switch is to stay.
  await eviction.selectOption("optimal");
  await inLink(page, "clock", "logical");
  await eviction.selectOption("fifo");
  await inLink(page, "clock", "timed");
  await page.locator('[data-notice="undo"]', { hasText: "The clock is timed again." }).waitFor();
  await eviction.selectOption("optimal");
  await card.getByText("Keep").click();
  await eviction.selectOption("lru");
  await inLink(page, "eviction", "lru");
  await inLink(page, "clock", "logical");
  await page.locator("[data-choice=clock]").selectOption("timed");
  await page.locator("[data-choice=router]").selectOption("conductor");
  await inLink(page, "router", "conductor");
  assert.equal(await optimal.isDisabled(), true);
  assert.match(await optimal.innerText(), /needs the logical clock; Conductor needs the timed/);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a new seed is another run, and is in the link", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&seed=7`);
  const before = fragmentOf(page).get("seed");
  await part(page, "new-seed").click();
  await page.waitForFunction((old) => {
    const seed = new URLSearchParams(location.hash.slice(1)).get("seed");
    return seed !== null && seed !== old;
  }, before);
  assert.match(fragmentOf(page).get("seed") ?? "", /^\d+$/);
  assert.equal(await page.locator('[data-param="seed"] .number').inputValue(),
    fragmentOf(page).get("seed"));
  await page.context().close();
});

test("a value out of range is answered beside its control, and mended there", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1`);
  const nodes = page.locator('[data-param="nodes"] .number');
  await nodes.fill("5000");
  await nodes.press("Enter");
  await page.locator('[data-param="nodes"] .error').waitFor();
  assert.match(await page.locator('[data-param="nodes"] .error').innerText(), /1024/);
  await page.locator('[data-notice="config"]').waitFor();
  await nodes.fill("3");
  await nodes.press("Enter");
  await page.locator('[data-notice="config"]').waitFor({ state: "detached" });
  await page.locator('[data-figure="position"]:not([data-value="0"])').waitFor();
  await page.context().close();
});

test("neither the page nor its workers can reach another place", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1`);
  const elsewhere = await serve();
  const reach = (url: string) => fetch(url, { mode: "no-cors" }).then(() => "out", () => "held");
  assert.equal(await page.evaluate(reach, elsewhere.address), "held");
  const workers = page.workers();
  assert.equal(workers.length, 2, "one serves, one paints");
  for (const worker of workers) {
    assert.equal(await worker.evaluate(reach, elsewhere.address), "held");
  }
  await elsewhere.close();
  await page.context().close();
});

test("after a drop nothing at all is asked of the network", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&speed=max`, PHONE);
  // What comes when somebody is there, comes before (rest.test.ts).
  await page.touchscreen.tap(5, 5);
  await page.waitForTimeout(1500);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const asked = served.asked.length;
  const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';
  await drop(page, scratchFile("members.gz", Buffer.concat([gzipSync(line), gzipSync(line)])));
  await finished(page);
  await part(page, "controls-open").tap();
  await page.locator("[data-choice=eviction]").selectOption({ index: 1 });
  await part(page, "controls-close").tap();
  await page.waitForTimeout(500);
  await finished(page);
  assert.equal(await figure(page, "position"), 2);
  assert.deepEqual(requests.filter((url) => !url.startsWith("blob:")), []);
  assert.deepEqual(served.asked.slice(asked), []);
  await page.context().close();
});

test("a file that changes while it is read is told in words", async () => {
  const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';
  const path = scratchFile("changing.jsonl", line.repeat(2_000_000));
  const { page } = await openPage(browser, `${served.address}#v=1&speed=100&nodes=2`);
  await drop(page, path);
  await part(page, "loading").waitFor();
  scratchFile("changing.jsonl", line.repeat(1000));
  await part(page, "restart").click();
  await page.locator('[data-notice="file"]').waitFor();
  assert.match(await part(page, "notice").innerText(), /changed on disk/);
  await page.context().close();
});

test("reading can be stopped, and the part that was read is served", async () => {
  const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';
  const path = scratchFile("long.jsonl", line.repeat(400_000));
  const { page } = await openPage(browser, `${served.address}#v=1&speed=1000&nodes=2`);
  await drop(page, path);
  await part(page, "stop-reading").click();
  await page.locator('[data-part=loading][data-phase="stopped"]').waitFor();
  await part(page, "speed").fill("1");
  await finished(page);
  const position = await figure(page, "position");
  assert.ok(position > 0 && position < 400_000, `${position}`);
  await page.context().close();
});

for (const [name, options] of [["phone", PHONE], ["desktop", DESKTOP]] as const) {
  test(`${name}: nothing is wider than the screen, and every control can be reached`, async () => {
    const { page } = await openPage(browser, served.address, options);
    const { scroll, inner, over } = await page.evaluate(() => {
      const { scrollWidth: scroll, scrollHeight, clientHeight } = document.documentElement;
      return { scroll, inner: innerWidth, over: scrollHeight - clientHeight };
    });
    assert.ok(scroll <= inner, `${scroll} > ${inner}`);
    // Panels are scrolled, and the page around them is not.
    if (name === "desktop") assert.equal(over, 0);
    if (name === "phone") {
      await part(page, "controls-open").tap();
      await page.locator("[data-choice=router]").selectOption({ index: 0 });
      await part(page, "controls-close").tap();
    } else {
      await page.locator("[data-choice=router]").selectOption({ index: 0 });
    }
    await page.locator("[data-tab=nodes]").click();
    // The run of the new choice begins: until its first frame the panel shows no node.
    await page.locator("[data-node]").first().waitFor({ state: "visible" });
    await page.context().close();
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

for (const colorScheme of ["light", "dark"] as const) {
  for (const [name, options] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
    test(`axe finds nothing, ${name}, ${colorScheme}`, async () => {
      const { page } = await openPage(browser, served.address, { ...options, colorScheme });
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        interface Axe {
          run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
        }
        const { violations } = await (window as unknown as { axe: Axe }).axe.run();
        return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`);
      });
      assert.deepEqual(found, []);
      await page.context().close();
    });
  }
}

test("a trace's name is read in whole, whatever else the bar has to leave out", async () => {
  const site = await serve({ "/conversation_trace.jsonl": fileURLToPath(
    new URL("../../tests/data/mooncake.jsonl", import.meta.url)) });
  const { page } = await openPage(browser, `${site.address}#v=1&trace=conversation_trace.jsonl`);
  for (const width of [1440, 1366, 1280, 1250, 1024, 1000]) {
    await page.setViewportSize({ width, height: 900 });
    const [room, needed, over] = await part(page, "trace-name").evaluate((name) => {
      const text = document.createRange();
      text.selectNodeContents(name);
      const { scrollWidth, clientWidth } = document.documentElement;
      return [name.getBoundingClientRect().width, text.getBoundingClientRect().width,
        scrollWidth - clientWidth];
    });
    assert.ok(room! > 100 && needed! <= room!, `${needed} in ${room} px at ${width} px`);
    assert.equal(over, 0, `at ${width} px`);
    const button = await part(page, "theme").boundingBox();
    assert.equal(button!.width, 32, `a round button at ${width} px`);
  }
  await page.context().close();
  await site.close();
});

test("the configuration is a sheet of its own: focus goes in, stays, and comes back", async () => {
  for (const options of [PHONE, { ...DESKTOP, viewport: { width: 700, height: 800 } }]) {
    const { page, errors } = await openPage(browser, served.address, options);
    const inside = () => page.evaluate(() =>
      document.querySelector("[data-part=controls]")!.contains(document.activeElement));
    await page.locator(".lane-box canvas").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await part(page, "node-bar").waitFor();
    await part(page, "controls-open").click();
    assert.ok(await inside(), "focus goes in");
    for (let i = 0; i < 60; i += 1) {
      await page.keyboard.press("Tab");
      const out = await page.evaluate(() => document.activeElement !== document.body
        && !document.querySelector("[data-part=controls]")!.contains(document.activeElement));
      assert.ok(!out, `after ${i + 1} tabs`);
    }
    await page.locator("[data-part=controls] h2").first().click();
    assert.ok(await inside(), "also where its heading is clicked");
    await page.keyboard.press("Escape");
    await page.locator("[data-part=controls-open][aria-expanded=false]").waitFor();
    assert.equal(await page.evaluate(() =>
      document.activeElement?.getAttribute("data-part")), "controls-open");
    assert.ok(await part(page, "node-bar").isVisible(), "the node stays chosen");
    await page.keyboard.press("Enter");
    assert.ok(await inside(), "and opens again");
    assert.deepEqual(errors, []);
    await page.context().close();
  }
});

test("what is scrolled has one kind of scrollbar, in each theme", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    const { page } = await openPage(browser, served.address, { ...DESKTOP, colorScheme });
    const bars = await page.locator(".left, .centre, .right").evaluateAll((all) =>
      [...new Set(all.map((one) => getComputedStyle(one).scrollbarColor))]);
    assert.equal(bars.length, 1, bars.join("; "));
    assert.notEqual(bars[0], "auto");
    await page.context().close();
  }
});

/** Notes what is written on canvases of the page's own, and how far left it begins. */
const WRITTEN = `window.written = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most) {
  const width = Math.min(this.measureText(text).width, most ?? Infinity);
  if (this.textAlign === "right") written.push([text, x - width]);
  return write.call(this, text, x, y, most);
};`;

test("labels of the strips are there from their first letter", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1&workload=toolagent`
    + "&requests=6000&speed=max&nodes=1&capacity_blocks=50&router=random&clock=timed&b.nodes=8",
  DESKTOP, WRITTEN);
  await finished(page);
  await page.waitForFunction(() => (window as unknown as { written: [string, number][] })
    .written.some(([text]) => text.length > 6 && text.endsWith("s")));
  const written = await page.evaluate(() =>
    (window as unknown as { written: [string, number][] }).written);
  assert.deepEqual(written.filter(([, left]) => left < 0), []);
  await page.context().close();
});
