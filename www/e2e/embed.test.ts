/** A figure in somebody else's page: as an element and in a frame, served from another port. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { FIGURES } from "../src/state/scenes.ts";
import { scratchFile } from "./data.ts";
import { DESKTOP, launch, openPage, serve, type Served } from "./harness.ts";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const TRACE = fileURLToPath(new URL("../../tests/data/mooncake.jsonl", import.meta.url));

interface Told {
  requests: number;
  playing: boolean;
  link: string;
  lanes: Record<string, number | string | null>[];
}
type Figure = HTMLElement & { trace: unknown; play(): void; pause(): void;
  seek(to: number): void; snapshot(): Promise<Told | null> };

/** The built page below /kvscope/, as somebody has it who unpacked it beside their own pages. */
function unpacked(): Record<string, string> {
  const files = readdirSync(DIST, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(files.filter((name) => statSync(join(DIST, name)).isFile())
    .map((name) => [`/kvscope/${name}`, join(DIST, name)]));
}

let browser: Browser;
/** The page itself, and the host's pages on a port of their own. */
let home: Served;
let host: Served;
const pages: Record<string, string> = {};
before(async () => {
  [browser, home] = await Promise.all([launch(), serve()]);
  host = await serve(Object.assign(pages, unpacked(), { "/trace.jsonl": TRACE }));
});
after(async () => {
  await browser?.close();
  await Promise.all([home?.close(), host?.close()]);
});

let count = 0;

/** A page of the host's with this in it. */
async function open(body: string, options = DESKTOP): Promise<{ page: Page; errors: string[] }> {
  count += 1;
  pages[`/${count}.html`] = scratchFile(`${count}.html`, `<!doctype html><html lang="en"><head>
    <title>A page</title><meta name="color-scheme" content="light dark">
    <script type="module" src="./kvscope/embed/kv-scope.js"></script></head>
    <body><main><h1>A page</h1>${body}</main></body></html>`);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${host.address}${count}.html`);
  return { page, errors };
}

/** Waits until the figure of this place says so, and returns what it says then. */
async function until(page: Page, place: number, what: "moves" | "rests" | number,
  more = 0): Promise<Told> {
  await page.waitForFunction(([place, what, more]) => {
    const figure = document.querySelectorAll("kv-scope")[place] as Figure & { last?: Told | null };
    void figure.snapshot?.().then((told) => { figure.last = told; });
    const { last } = figure;
    if (last === null || last === undefined) return false;
    if (what === "moves") return last.playing && last.requests > more;
    return !last.playing && (what === "rests" ? last.requests > more : last.requests === what);
  }, [place, what, more] as const, { timeout: 60_000, polling: 50 });
  return page.evaluate((place) =>
    (document.querySelectorAll("kv-scope")[place] as Figure).snapshot() as Promise<Told>, place);
}

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
  const { page, errors } = await open('<kv-scope figure="replication"></kv-scope>');
  await until(page, 0, "moves", 3000);
  await page.evaluate(() => document.querySelector<Figure>("kv-scope")!.pause());
  const told = await until(page, 0, "rests", 3000);
  assert.match(told.link, /\/kvscope\/#v=1&.*at=\d+/);
  const fragment = told.link.slice(told.link.indexOf("#"));
  const { page: own } = await openPage(browser, `${home.address}${fragment}`);
  await own.locator(`[data-part=moment][aria-valuenow="${told.requests}"]`).waitFor();
  const shown = await own.locator(".lane-card").evaluateAll((cards) => cards.map((card) =>
    [...card.querySelectorAll("[data-value]")].map((one) => Number(one.getAttribute("data-value")))));
  assert.deepEqual(shown, told.lanes.map(({ hit_rate, top_share, ttft_mean_s, ttft_p99_s }) =>
    [hit_rate, top_share, ttft_mean_s, ttft_p99_s]));
  assert.deepEqual(errors, []);
  await page.context().close();
  await own.context().close();
});

test("who is not seen stops and frees its worker, and comes back where it was", async () => {
  const { page, errors } = await open(`<kv-scope figure="one-node" speed="50"></kv-scope>
    <div style="height: 4000px"></div><kv-scope figure="hot-prefix" paused></kv-scope>`);
  await until(page, 0, "moves", 3005);
  assert.equal(page.workers().length, 1, "what was never seen has not begun");
  const bottom = () => page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await bottom();
  await until(page, 1, 8000);
  await page.waitForFunction(() => true);
  await waitForWorkers(page, 1);
  const left = await told(page, 0);
  await page.waitForTimeout(500);
  assert.equal((await told(page, 0)).requests, left.requests, "it stands");
  await page.evaluate(() => scrollTo(0, 0));
  const back = await until(page, 0, "moves", left.requests);
  assert.ok(back.requests < left.requests + 2000, `${back.requests} after ${left.requests}`);
  await waitForWorkers(page, 1);
  await bottom();
  assert.equal((await until(page, 1, 8000)).requests, 8000, "the one that rests rests there");
  assert.deepEqual(errors, []);
  await page.context().close();
});

const told = (page: Page, place: number): Promise<Told> => page.evaluate((place) =>
  (document.querySelectorAll("kv-scope")[place] as Figure).snapshot() as Promise<Told>, place);

async function waitForWorkers(page: Page, wanted: number): Promise<void> {
  for (let i = 0; i < 100 && page.workers().length !== wanted; i += 1) {
    await page.waitForTimeout(100);
  }
  assert.equal(page.workers().length, wanted);
}

const PLAIN = '<kv-scope config="v=1&amp;speed=max&amp;nodes=4&amp;capacity_blocks=50'
  + '&amp;router=random&amp;seed=3"></kv-scope>';

test("a trace comes as a File, a Blob, an ArrayBuffer or a stream, and gives the same", async () => {
  const { page, errors } = await open(PLAIN);
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

test("a stream that breaks off, and a trace that is none, are told", async () => {
  const { page } = await open(PLAIN);
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

test("it fetches the address that src says, and no other whatever it is told", async () => {
  const { page } = await open('<kv-scope src="trace.jsonl" nodes="2" speed="max"></kv-scope>');
  await until(page, 0, "rests");
  const asked = host.asked.length;
  assert.equal(host.asked.filter((path) => path === "/trace.jsonl").length, 1);
  const heard = await listen(page, "error");
  await page.evaluate((elsewhere) => {
    const figure = document.querySelector<Figure>("kv-scope")!;
    figure.removeAttribute("src");
    figure.setAttribute("config", `v=1&nodes=2&speed=max&trace=${elsewhere}trace.jsonl`);
  }, home.address);
  await page.waitForFunction(() => (window as unknown as { heard: string[] }).heard.length > 0);
  await until(page, 0, "rests", 1000);
  assert.match((await heard())[0]!, /only by its attribute src/);
  assert.ok(!home.asked.some((path) => path.includes("trace.jsonl")));
  assert.ok(!host.asked.slice(asked).some((path) => path.includes("trace.jsonl")));
  await page.evaluate(() => document.querySelector("kv-scope")!
    .setAttribute("src", "javascript:alert(1)"));
  await page.waitForFunction(() => (window as unknown as { heard: string[] }).heard.length > 1);
  assert.match((await heard())[1]!, /fetched by https or http/);
  await page.context().close();
});

test("from the keyboard alone, with a table behind the picture, and still if one wants", async () => {
  const { page, errors } = await open('<kv-scope figure="node-dies"></kv-scope>',
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

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing in a figure, ${theme}`, async () => {
    const { page } = await open(`<kv-scope figure="migration" theme="${theme}" paused></kv-scope>
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

/** A page with a frame, which says what it is told and keeps what it hears. */
async function frame(query: string, hash: string): Promise<{ page: Page;
  say(message: unknown): Promise<void>; hears(text: string): Promise<string> }> {
  const { page } = await open(`<iframe src="${home.address}embed.html${query}#${hash}" title="x"
    width="720" height="520"></iframe><iframe title="y" src="about:blank"></iframe>`);
  await page.frameLocator("iframe").first().locator("kv-scope canvas").first()
    .waitFor({ state: "attached" });
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    addEventListener("message", ({ data, origin }) => heard.push(`${origin} ${
      JSON.stringify(data, (_, value: unknown) => (value instanceof Blob ? value.type : value))}`));
  });
  return { page,
    say: (message) => page.evaluate((message) => document.querySelector("iframe")!
      .contentWindow!.postMessage(message, "*"), message),
    hears: async (text) => {
      await page.waitForFunction((text) => (window as unknown as { heard: string[] }).heard
        .some((one) => one.includes(text)), text, { timeout: 60_000 });
      return page.evaluate((text) => (window as unknown as { heard: string[] }).heard
        .findLast((one) => one.includes(text))!, text);
    } };
}

test("a frame answers whoever is around it: a conversation", async () => {
  const { page, say, hears } = await frame("", "figure=one-node");
  await say({ kvscope: 1, type: "ping", id: 1 });
  const ready = await hears('"type":"ready"');
  assert.equal(ready, `${new URL(home.address).origin} ${JSON.stringify({ kvscope: 1,
    type: "ready", id: 1, detail: { version: "0.1.0" } })}`);
  await hears('"type":"frame"');
  await say({ kvscope: 1, type: "pause" });
  await say({ kvscope: 1, type: "seek", requests: 1234 });
  await hears('"requests":1234,');
  await say({ kvscope: 1, type: "snapshot", id: "mine" });
  assert.match(await hears('"type":"snapshot"'), /"id":"mine".*"requests":1234,.*"image\/png"/);
  await say({ kvscope: 1, type: "configure", attributes: { figure: null, config: null, nodes: 3,
    capacity: 40, speed: "max" } });
  await page.evaluate((text) => document.querySelector("iframe")!.contentWindow!.postMessage(
    { kvscope: 1, type: "load", trace: new File([text], "mine.jsonl") }, "*"),
  readFileSync(TRACE, "utf8"));
  await say({ kvscope: 1, type: "play" });
  const requests = readFileSync(TRACE, "utf8").trim().split("\n").length;
  assert.match(await hears(`"type":"done","detail":{"requests":${requests},`), /"hit_rate"/);
  await page.context().close();
});

test("malformed and oversize messages are answered by an error, and the run goes on", async () => {
  const { page, say, hears } = await frame("", "figure=one-node");
  await say({ kvscope: 1, type: "ping" });
  await hears('"type":"ready"');
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  for (const [id, message, expected] of [
    [1, { type: "explode" }, /type is “explode”/],
    [2, { type: "seek", requests: -4 }, /seek takes requests/],
    [3, { type: "load", trace: `${home.address}trace.jsonl` }, /never an address/],
    [4, { type: "configure", attributes: { src: "/trace.jsonl" } }, /“src” cannot be configured/],
    [5, { type: "configure", attributes: { config: "x".repeat(100_000) } }, /100000 letters/],
  ] as const) {
    await say({ kvscope: 1, id, ...message });
    assert.match(await hears(`"type":"error","id":${id},`), expected);
  }
  await say({ kvscope: 7, type: "ping", id: 6 });
  assert.match(await hears('"id":6,'), /kvscope is 7; this frame speaks 1/);
  for (const noise of [null, 3, "kvscope", { type: "ping" }]) await say(noise);
  await say({ kvscope: 1, type: "ping", id: "after" });
  await hears('"id":"after"');
  assert.deepEqual(errors, []);
  assert.ok(!home.asked.some((path) => path.includes("trace.jsonl")));
  await page.context().close();
});

test("another origin than the address allows hears nothing, and changes nothing", async () => {
  const { page, say } = await frame("?origin=https://blog.example", "figure=one-node&paused");
  await say({ kvscope: 1, type: "ping" });
  await say({ kvscope: 1, type: "seek", requests: 5 });
  await page.waitForTimeout(2000);
  assert.deepEqual(await page.evaluate(() => (window as unknown as { heard: string[] }).heard), []);
  const inside = page.frames().find((one) => one.url().includes("embed.html"))!;
  await inside.waitForFunction(() => (document.querySelector<Figure>("kv-scope")!
    .snapshot()).then((told) => told?.requests === 3000));
  await page.context().close();
});

test("nobody but the page around the frame is heard", async () => {
  const { page, say, hears } = await frame("", "figure=one-node&paused");
  await say({ kvscope: 1, type: "ping" });
  await hears('"type":"ready"');
  // A frame beside it, of the page's own origin, speaks.
  await page.frames().at(-1)!.evaluate(() => parent.frames[0]!.postMessage(
    { kvscope: 1, type: "seek", requests: 77 }, "*"));
  await say({ kvscope: 1, type: "snapshot" });
  assert.doesNotMatch(await hears('"type":"snapshot"'), /"requests":77,/);
  await page.context().close();
});

for (const [width, height] of [[720, 520], [360, 300]] as const) {
  test(`a frame of ${width} × ${height} holds the figure, without scrolling`, async () => {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.goto(`${home.address}embed.html#figure=hot-prefix`);
    await until(page, 0, "moves");
    const told = await page.evaluate(() => {
      const [play, canvas, body] = ["play", "canvas", "body"].map((name) =>
        document.querySelector("kv-scope")!.shadowRoot!.querySelector(`[part=${name}]`)!);
      return { play: play!.getBoundingClientRect().bottom,
        canvas: canvas!.getBoundingClientRect().height,
        hidden: body!.scrollHeight - body!.clientHeight,
        page: document.documentElement.scrollHeight };
    });
    assert.ok(told.play <= height && told.page === height, JSON.stringify(told));
    assert.equal(told.hidden, 0);
    assert.ok(told.canvas > 0.55 * height, JSON.stringify(told));
    await page.close();
  });
}

test("the share menu copies both ways into a page, and they run", async () => {
  const { page } = await openPage(browser, `${home.address}#${FIGURES[0]!.link}`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator("[data-part=share]").click();
  await page.locator("[data-part=copy-embed]").click();
  await page.locator("[data-part=share]", { hasText: "Embed copied" }).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /<script type="module" src="http.*\/embed\/kv-scope.js"><\/script>/);
  assert.match(text, /<iframe src="http.*\/embed.html#v=1&amp;/);
  await page.context().close();
  // The element's file comes from the host's own copy: the page's server says nothing of CORS.
  const { page: own } = await open(text.slice(text.indexOf("<kv-scope"))
    .replace("<kv-scope", "<kv-scope paused"));
  await until(own, 0, "rests");
  await own.frameLocator("iframe").locator("kv-scope [part=play][data-state=pause]").waitFor();
  await own.context().close();
});

test("the gallery shows every figure without script, and its links open it", async () => {
  const context = await browser.newContext({ ...DESKTOP, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${home.address}figures.html`);
  assert.equal(await page.locator("figure").count(), FIGURES.length);
  for (const { id } of FIGURES) {
    const image = page.locator(`#${id} img`);
    await image.scrollIntoViewIfNeeded();
    assert.ok(home.asked.includes(`/figures/${id}.webp`) || await image.isVisible(), id);
    const file = await page.request.get(`${home.address}figures/${id}.webp`);
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
