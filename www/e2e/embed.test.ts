/** A figure in somebody else's page, as an element. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { FIGURES } from "../src/state/scenes.ts";
import { servers, waitForServers } from "./actions.ts";
import { DESKTOP, openPage } from "./harness.ts";
import { TRACE, hosts, open, told, until, type Figure, type Told } from "./host.ts";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const made = hosts();

/** What a figure tells of one kind, from now on. */
async function listen(page: Page, ...types: string[]): Promise<() => Promise<string[]>> {
  await page.evaluate((types) => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    for (const type of types) {
      document.querySelector("kv-scope")!.addEventListener(type, (event) =>
        heard.push(`${type} ${JSON.stringify((event as CustomEvent<unknown>).detail)}`));
    }
  }, types);
  return () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
}

test("an element plays by itself, and its figures are those of the page at the link", async () => {
  const { page, errors } = await open(made, '<kv-scope figure="replication"></kv-scope>');
  await until(page, 0, "moves", 3000);
  await page.evaluate(() => document.querySelector<Figure>("kv-scope")!.pause());
  const told = await until(page, 0, "rests", 3000);
  assert.match(told.link, /\/kvscope\/#v=1&.*at=\d+/);
  const fragment = told.link.slice(told.link.indexOf("#"));
  const { page: own } = await openPage(made.browser, `${made.home.address}${fragment}`);
  await own.locator(`[data-part=moment][aria-valuenow="${told.requests}"]`).waitFor();
  const shown = await own.locator(".lane-card").evaluateAll((cards) => cards.map((card) =>
    [...card.querySelectorAll("[data-value]")].map((one) =>
      Number(one.getAttribute("data-value")))));
  assert.deepEqual(shown, told.lanes.map(({ hit_rate, top_share, ttft_mean_s, ttft_p99_s }) =>
    [hit_rate, top_share, ttft_mean_s, ttft_p99_s]));
  assert.deepEqual(errors, []);
  await page.context().close();
  await own.context().close();
});

test("who is not seen stops and frees its worker, and comes back where it was", async () => {
  const { page, errors } = await open(made, `<kv-scope figure="one-node" speed="50"></kv-scope>
    <div style="height: 4000px"></div><kv-scope figure="hot-prefix" paused></kv-scope>`);
  await until(page, 0, "moves", 3005);
  assert.equal((await servers(page)).length, 1, "what was never seen has not begun");
  const bottom = () => page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await bottom();
  await until(page, 1, 8000);
  await page.waitForFunction(() => true);
  await waitForServers(page, 1);
  const left = await told(page, 0);
  await page.waitForTimeout(500);
  assert.equal((await told(page, 0)).requests, left.requests, "it stands");
  await page.evaluate(() => scrollTo(0, 0));
  const back = await until(page, 0, "moves", left.requests);
  assert.ok(back.requests < left.requests + 2000, `${back.requests} after ${left.requests}`);
  await waitForServers(page, 1);
  await bottom();
  assert.equal((await until(page, 1, 8000)).requests, 8000, "the one that rests rests there");
  assert.deepEqual(errors, []);
  await page.context().close();
});

const PLAIN = '<kv-scope config="v=1&amp;speed=max&amp;nodes=4&amp;capacity_blocks=50'
  + '&amp;router=random&amp;seed=3"></kv-scope>';

test("a trace comes as a File, Blob, ArrayBuffer or stream, and gives the same", async () => {
  const { page, errors } = await open(made, PLAIN);
  const text = readFileSync(TRACE, "utf8");
  const requests = text.trim().split("\n").length;
  const all: Told[] = [];
  for (const how of ["File", "Blob", "ArrayBuffer", "ReadableStream"]) {
    await page.evaluate(async ([how, text]) => {
      const blob = new Blob([text]);
      const figure = document.querySelector<Figure>("kv-scope")!;
      const done = new Promise((resolve) =>
        figure.addEventListener("done", resolve, { once: true }));
      figure.trace = how === "File" ? new File([text], "mine.jsonl") : how === "Blob" ? blob
        : how === "ArrayBuffer" ? await blob.arrayBuffer() : blob.stream();
      figure.play();
      await done;
    }, [how, text] as const);
    all.push(await until(page, 0, requests));
  }
  for (const one of all) assert.deepEqual(one.lanes, all[0]?.lanes);
  const thrown = await page.evaluate(() => {
    try {
      document.querySelector<Figure>("kv-scope")!.trace = "https://example.org/trace.jsonl";
      return "";
    } catch (error) {
      return String(error);
    }
  });
  assert.match(thrown, /TypeError: kv-scope: trace is a File, a Blob/);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a trace that the page set before the element was there is taken", async () => {
  const text = readFileSync(TRACE, "utf8");
  const { page, errors } = await open(made, `${PLAIN}<script>
    document.querySelector("kv-scope").trace = new Blob([${JSON.stringify(text)}]);</script>`);
  await until(page, 0, text.trim().split("\n").length);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a stream that breaks off, and a trace that is none, are told", async () => {
  const { page } = await open(made, PLAIN);
  await until(page, 0, "rests");
  const heard = await listen(page, "error");
  await page.evaluate(() => {
    document.querySelector<Figure>("kv-scope")!.trace =
      new ReadableStream({ pull(to) {
        to.error(new Error("the cable is cut"));
      } });
  });
  await page.waitForFunction(() => (window as unknown as { heard: string[] }).heard.length > 0);
  assert.match((await heard())[0]!, /The stream broke off: the cable is cut/);
  await page.context().close();
});

test("what an attribute asks for and is not there is told as the attribute's", async () => {
  const { page } = await open(made, '<kv-scope router="nope" paused></kv-scope>');
  await page.locator("kv-scope [part=notice]",
    { hasText: "The attribute asks for the router “nope”" }).waitFor();
  await page.context().close();
});

test("it fetches the address that src says, and no other whatever it is told", async () => {
  const { page } = await open(made,
    '<kv-scope src="trace.jsonl" nodes="2" speed="max"></kv-scope>');
  await until(page, 0, "rests");
  const asked = made.host.asked.length;
  assert.equal(made.host.asked.filter((path) => path === "/trace.jsonl").length, 1);
  const heard = await listen(page, "error");
  await page.evaluate((elsewhere) => {
    const figure = document.querySelector<Figure>("kv-scope")!;
    figure.removeAttribute("src");
    figure.setAttribute("config", `v=1&nodes=2&speed=max&trace=${elsewhere}trace.jsonl`);
  }, made.home.address);
  await page.waitForFunction(() => (window as unknown as { heard: string[] }).heard.length > 0);
  await until(page, 0, "rests", 1000);
  assert.match((await heard())[0]!, /only by its attribute src/);
  assert.ok(!made.home.asked.some((path) => path.includes("trace.jsonl")));
  assert.ok(!made.host.asked.slice(asked).some((path) => path.includes("trace.jsonl")));
  await page.evaluate(() => document.querySelector("kv-scope")!
    .setAttribute("src", "javascript:alert(1)"));
  await page.waitForFunction(() => (window as unknown as { heard: string[] }).heard.length > 1);
  assert.match((await heard())[1]!, /is a program and no trace/);
  await page.context().close();
});

const OWN = "v=1&amp;workload=toolagent&amp;speed=300&amp;capacity_blocks=1500"
  + "&amp;router=cache_aware&amp;seed=7";

/** Of the figure that is there: what does not fit, where its picture ends and its bar begins. */
const inside = (page: Page) => page.evaluate(() => {
  const { shadowRoot } = document.querySelector("kv-scope")!;
  const [bars, plots, cards, pictures] = [".controls", ".body canvas", ".lane-card",
    ".stage canvas"].map((of) => [...shadowRoot!.querySelectorAll(of)]
    .map((element) => element.getBoundingClientRect()).filter(({ width }) => width > 0));
  const body = shadowRoot!.querySelector(".body")!;
  return { hidden: body.scrollHeight - body.clientHeight,
    below: Math.max(...plots!.map(({ bottom }) => bottom)) - bars![0]!.top,
    cards: cards!.map(({ left, top }) => [left, top]),
    pictures: pictures!.map(({ width, height }) => [width, height]) };
});

for (const [what, markup, least, lanes] of [
  ["as it begins", "<kv-scope></kv-scope>", 420, 2],
  ["of eight nodes", `<kv-scope config="${OWN}&amp;nodes=8&amp;b.router=random"></kv-scope>`, 216,
    2],
  ["with strips", `<kv-scope view="both" config="${OWN}&amp;nodes=64&amp;b.router=random">`
    + "</kv-scope>", 216, 2],
  ["of one lane", '<kv-scope nodes="64" view="both"></kv-scope>', 216, 0],
] as const) {
  test(`in a narrow column a figure ${what} grows, and shows a lane at a time`, async () => {
    const { page, errors } = await open(made, `<div style="width: 984px">${markup}</div>`);
    await until(page, 0, "moves", 500);
    await page.evaluate(() => {
      document.querySelector<HTMLElement>("kv-scope")!.parentElement!.style.width = "390px";
    });
    await page.waitForFunction((least) => {
      const { shadowRoot } = document.querySelector("kv-scope")!;
      const canvas = [...shadowRoot!.querySelectorAll<HTMLElement>(".stage canvas")]
        .filter(({ offsetWidth }) => offsetWidth > 0);
      const body = shadowRoot!.querySelector(".body")!;
      return canvas.every(({ offsetHeight, offsetWidth }) =>
        offsetWidth < 400 && offsetHeight >= least)
        && body.scrollHeight <= body.clientHeight;
    }, least, { timeout: 20_000 });
    const { below, cards } = await inside(page);
    assert.ok(below <= 0, `${below} px of a picture lie below the bar`);
    assert.equal(cards.length, lanes);
    if (lanes > 0) {
      assert.equal(cards[1]![1], cards[0]![1], "beside each other");
      assert.ok(cards[1]![0]! - cards[0]![0]! > 340, "one at a time");
    }
    await page.evaluate(() => {
      document.querySelector<HTMLElement>("kv-scope")!.parentElement!.style.width = "984px";
    });
    await page.waitForFunction(() => [480, 780].includes(
      document.querySelector("kv-scope")!.clientHeight));
    assert.deepEqual(errors, []);
    await page.context().close();
  });
}

test("a height that the page gives a figure stays, and what does not fit is scrolled", async () => {
  const { page } = await open(made, '<kv-scope style="width: 390px; height: 400px"></kv-scope>');
  await until(page, 0, "moves", 500);
  const { hidden, pictures } = await inside(page);
  assert.ok(hidden > 0, "there is something to scroll");
  assert.ok(pictures.every(([, height]) => height! >= 420), String(pictures));
  assert.equal(await page.evaluate(() => document.querySelector("kv-scope")!.clientHeight), 400);
  await page.context().close();
});

for (const [what, height] of [["as high as it wants", "auto"], ["240 px high", "240px"]]) {
  test(`220 px wide and ${what}, a figure has all of its bar in sight`, async () => {
    const { page } = await open(made, `<kv-scope nodes="8" paused
      style="width: 220px${height === "auto" ? "" : `; height: ${height}`}"></kv-scope>`);
    await until(page, 0, "rests");
    await page.waitForFunction(() => {
      const figure = document.querySelector("kv-scope")!;
      const { right, bottom } = figure.getBoundingClientRect();
      const bar = [...figure.shadowRoot!.querySelectorAll<HTMLElement>(".controls > *")];
      const all = bar.filter(({ offsetWidth }) => offsetWidth > 0);
      return all.length === 4 && all.every((one) => one.scrollWidth <= one.clientWidth
        || one.matches(".timeline")) && all.every((one) => {
        const box = one.getBoundingClientRect();
        return box.right < right && box.bottom < bottom;
      });
    }, undefined, { timeout: 5000 });
    assert.equal(await page.getByRole("link", { name: "Open in kvscope" }).count(), 1);
    await page.context().close();
  });
}

test("by keyboard alone, with a table behind the picture, and still if one wants", async () => {
  const { page, errors } = await open(made, '<kv-scope figure="node-dies"></kv-scope>',
    { ...DESKTOP, reducedMotion: "reduce" });
  await until(page, 0, 4300);
  const parts = async (): Promise<string> => page.evaluate(() =>
    document.querySelector("kv-scope")!.shadowRoot!.activeElement?.getAttribute("part") ?? "");
  const tab = async (to: string) => {
    for (let i = 0; i < 12 && await parts() !== to; i += 1) await page.keyboard.press("Tab");
    assert.equal(await parts(), to);
  };
  await tab("canvas");
  await page.keyboard.press("ArrowRight");
  await page.locator("kv-scope .tip", { hasText: "Node 0" }).waitFor();
  await tab("play");
  await page.keyboard.press("Enter");
  await until(page, 0, "moves", 4300);
  await page.keyboard.press("Enter");
  const { requests } = await until(page, 0, "rests", 4300);
  await tab("timeline");
  await page.keyboard.press("ArrowLeft");
  await until(page, 0, requests - 1);
  await tab("table-button");
  await page.keyboard.press("Enter");
  await page.locator('kv-scope [data-node="3"] [data-column=state]', { hasText: "dead" }).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("the table has the nodes of each lane, below its letter and its name", async () => {
  const { page, errors } = await open(made, '<kv-scope figure="random" paused></kv-scope>');
  await until(page, 0, "rests");
  await page.locator("kv-scope [part=table-button]").click();
  const heads = page.locator("kv-scope [part=table] .whose");
  await heads.nth(1).waitFor();
  const lanes = await page.evaluate(() => document.querySelector<Figure>("kv-scope")!.snapshot())
    .then((told) => told!.lanes);
  assert.deepEqual(await heads.evaluateAll((all) => all.map((head) => [...head.children].slice(1)
    .map((one) => one.textContent))), lanes.map(({ name }, i) => ["AB"[i], name]));
  const hits = async (lane: number): Promise<number> => {
    const column = (of: string) => page.locator("kv-scope [part=table] table").nth(lane)
      .locator(`[data-column=${of}]`).evaluateAll((all) => all.reduce((sum, cell) =>
        sum + Number(cell.getAttribute("data-value")), 0));
    const hit = await column("hit_tokens");
    return hit / (hit + await column("work_tokens"));
  };
  for (const [lane, { hit_rate }] of lanes.entries()) {
    const away = await hits(lane) - Number(hit_rate);
    assert.ok(Math.abs(away) < 1e-9, `lane ${lane}: ${away}`);
  }
  // What is wider than the figure is scrolled in its place.
  await page.evaluate(() => {
    document.querySelector<HTMLElement>("kv-scope")!.style.width = "300px";
  });
  const boxes = await page.locator("kv-scope [part=table] .scroll").evaluateAll((all) =>
    all.map((box) => [getComputedStyle(box).overflowX, box.scrollWidth > box.clientWidth]));
  assert.deepEqual(boxes, [["auto", true], ["auto", true]]);
  await page.locator("kv-scope [part=table] table").nth(1).locator("[data-choose='2']").click();
  await page.locator("kv-scope [part=table] table").nth(1)
    .locator("[data-choose='2'][aria-pressed=true]").waitFor();
  assert.equal(await page.locator("kv-scope [part=table] [aria-pressed=true]").count(), 1);
  assert.deepEqual(errors, []);
  await page.context().close();
});

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing in a figure, ${theme}`, async () => {
    const { page } = await open(made, `
      <kv-scope figure="migration" theme="${theme}" paused></kv-scope>
      <kv-scope figure="load-signal" theme="${theme}" paused></kv-scope>`);
    await until(page, 0, 6000);
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => {
      type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      const { violations } = await (window as unknown as { axe: Axe }).axe.run();
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    });
    assert.deepEqual(found, []);
    await page.context().close();
  });
}

test("the share menu copies both ways into a page, and they run", async () => {
  const { page } = await openPage(made.browser, `${made.home.address}#${FIGURES[0]!.link}`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator("[data-part=share]").click();
  await page.locator("[data-part=copy-embed]").click();
  await page.locator("[data-part=share]", { hasText: "Copied" }).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /<script type="module" src="http.*\/embed\/kv-scope.js"><\/script>/);
  assert.match(text, /<iframe src="http.*\/embed.html#v=1&amp;/);
  await page.context().close();
  // The element's file comes from the host's own copy: the page's server says nothing of CORS.
  const { page: own } = await open(made, text.slice(text.indexOf("<kv-scope"))
    .replace("<kv-scope", "<kv-scope paused"));
  await until(own, 0, "rests");
  await own.frameLocator("iframe").locator("kv-scope [part=play][data-state=pause]").waitFor();
  await own.context().close();
});

test("the gallery shows every figure without script, and its links open it", async () => {
  const context = await made.browser.newContext({ ...DESKTOP, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${made.home.address}figures.html`);
  assert.equal(await page.locator("figure").count(), FIGURES.length);
  for (const { id } of FIGURES) {
    const image = page.locator(`#${id} img`);
    await image.scrollIntoViewIfNeeded();
    assert.ok(made.home.asked.includes(`/figures/${id}.webp`) || await image.isVisible(), id);
    const file = await page.request.get(`${made.home.address}figures/${id}.webp`);
    assert.ok(file.ok(), id);
  }
  await context.close();
});

test("what an element is made of stays small, and is one script", () => {
  const files = readdirSync(join(DIST, "embed"));
  const size = (name: string) => gzipSync(readFileSync(join(DIST, "embed", name))).length;
  const scripts = files.filter((name) => name.endsWith(".js")).sort();
  assert.deepEqual(scripts, ["frame.js", "kv-scope.js"]);
  assert.ok(size("kv-scope.js") < 95_000, `${size("kv-scope.js")} bytes after gzip`);
  assert.ok(size("frame.js") < 4000, `${size("frame.js")} bytes after gzip`);
});
