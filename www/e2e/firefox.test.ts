/** Firefox, beside what offline.test.ts asks of it: the picture, a trace that is dropped, figures
 *  and a frame in somebody else's page, the examples. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { after, before, test } from "node:test";
import { drop, finished } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { Firefox } from "./firefox.ts";
import { openPage, serve, type Served } from "./harness.ts";
import { TRACE, unpacked } from "./host.ts";
import { EXAMPLES, printedCells, withoutReveal } from "./lent.ts";
import { browser, served } from "./site.ts";

const LINK = "#v=1&speed=max&nodes=3&capacity_blocks=20&router=cache_aware&eviction=lru&seed=7";
const requests = readFileSync(TRACE, "utf8").trim().split("\n").length;
const HOST = `<!doctype html><html lang="en"><head><title>A page</title>
  <script type="module" src="./kvscope/embed/kv-scope.js"></script></head><body>
  <kv-scope figure="one-node"></kv-scope><div style="height: 4000px"></div>
  <kv-scope id="own" nodes="3" capacity="20" speed="max"></kv-scope></body></html>`;

let firefox: Firefox;
let host: Served;
before(async () => {
  const pages = { "/host.html": scratchFile("host.html", HOST),
    "/frame.html": scratchFile("frame.html", "<!doctype html><title>A page</title>"),
    "/cells.html": printedCells() };
  [firefox, host] = await Promise.all([Firefox.launch(),
    serve({ ...unpacked(), ...pages }, EXAMPLES)]);
});
after(async () => {
  await firefox?.close();
  await host?.close();
});

/** What a figure says of itself. */
const snapshot = (selector: string): Promise<{ requests: number; playing: boolean } | null> =>
  firefox.read(`document.querySelector(${JSON.stringify(selector)}).snapshot()`);

/** Who is not seen rests, within a moment. */
async function rests(selector: string, at = -1): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 500));
  const requests = (await snapshot(selector))?.requests ?? 0;
  if (requests !== at) await rests(selector, requests);
}

/** Puts what the disk has as files into a field of the page. */
async function field(path: string): Promise<void> {
  await firefox.read(`document.body.append(Object.assign(document.createElement("input"),
    { type: "file", id: "given" }))`);
  await firefox.choose("#given", path);
}

/** How many pixels of a canvas, which a worker paints, show something. */
const PAINTED = `(() => {
  const canvas = document.querySelector("[data-part=cluster]");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((byte, i) => i % 4 === 3 && byte > 0).length;
})()`;

test("the cluster is painted, and told in words", async () => {
  await firefox.open(`${served.address}#v=1&nodes=3&clock=timed`);
  await firefox.until(`${PAINTED} > 10_000`);
  await firefox.until(`document.querySelector("[data-part=cluster]").getAttribute("aria-label")
    .startsWith("3 prefill nodes after")`);
});

test("a trace that is dropped has the figures that it has in Chromium", async () => {
  await firefox.open(served.address + LINK);
  await firefox.until('document.querySelector("[data-part=cluster]")');
  await field(TRACE);
  await firefox.read(`["dragenter", "dragover", "drop"].map((type) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(document.querySelector("#given").files[0]);
    document.querySelector("[data-part=cluster]").dispatchEvent(
      new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
    return document.querySelector("[data-part=veil]").hidden;
  })`);
  const name = basename(TRACE);
  await firefox.until(`document.querySelector("[data-part=trace-name]").textContent === "${name}"
    && document.querySelector("[data-part=play]").dataset.state === "done"
    && document.querySelector("[data-figure=position]").dataset.value === "${requests}"`);
  const figures = `[...document.querySelectorAll("[data-part=figures] [data-value]")]
    .map((one) => [one.dataset.figure, one.dataset.value])`;
  const { page, errors } = await openPage(browser, served.address + LINK);
  await drop(page, TRACE);
  await finished(page);
  assert.deepEqual(await firefox.read(figures), await page.evaluate(figures));
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("figures in somebody else's page: one plays while it is seen, one has its host's trace",
  async () => {
    await firefox.open(`${host.address}host.html`);
    await firefox.until('document.querySelector("kv-scope").shadowRoot?.querySelector("canvas")');
    const moved = async (than: number): Promise<number> => {
      const now = await snapshot("kv-scope");
      return now !== null && now.playing && now.requests > than ? now.requests : moved(than);
    };
    const first = await moved(0);
    await moved(first);
    await field(TRACE);
    await firefox.read(`(document.querySelector("#own").trace =
      document.querySelector("#given").files[0],
      document.querySelector("#own").scrollIntoView(), document.querySelector("#own").play())`);
    await firefox.until(`document.querySelector("#own").snapshot().then((told) =>
      told?.requests === ${requests} && !told.playing)`);
    await rests("kv-scope");
    assert.equal((await snapshot("kv-scope"))!.playing, true, "and would go on");
  });

test("a frame of another origin answers, and goes where it is told", async () => {
  await firefox.open(`${host.address}frame.html`);
  await firefox.read(`(window.heard = [], addEventListener("message", ({ data, origin }) =>
    heard.push(origin + " " + data.type + " " + (data.detail?.requests ?? ""))),
    document.body.append(Object.assign(document.createElement("iframe"),
      { src: "${served.address}embed.html#figure=random", width: 720, height: 520 })))`);
  const origin = new URL(served.address).origin;
  await firefox.until(`(document.querySelector("iframe").contentWindow.postMessage(
    { kvscope: 1, type: "ping" }, "*"), heard.includes("${origin} ready "))`);
  await firefox.read(`["pause", "seek"].map((type) => document.querySelector("iframe")
    .contentWindow.postMessage({ kvscope: 1, type, requests: 1234 }, "*"))`);
  await firefox.until(`heard.some((one) => one.endsWith(" 1234"))`);
});

test("the post of the examples plays", async () => {
  await firefox.open(`${host.address}blog.html`);
  await firefox.until(`document.querySelector("[figure=one-node]").shadowRoot
    ?.querySelector("[part=play][data-state=pause]")`);
  await firefox.read('document.querySelector("#own").scrollIntoView()');
  await firefox.choose("#file", TRACE);
  await firefox.until(`document.querySelector("#said").textContent
    .includes("${requests} requests, ")`);
});

/** Whether a figure of this document plays. */
const plays = (selector: string, of = "document") =>
  `${of}.querySelector("${selector}")?.shadowRoot?.querySelector("[part=play][data-state=pause]")`;

test("the slides of the examples: a figure runs while its slide is shown",
  { skip: withoutReveal() }, async () => {
    await firefox.open(`${host.address}lecture.html`);
    await firefox.until('document.querySelector(".reveal.ready")');
    const next = () => firefox.read(`document.dispatchEvent(new KeyboardEvent("keydown",
      { key: "ArrowRight", code: "ArrowRight", keyCode: 39, bubbles: true }))`);
    await next();
    await firefox.until(plays("[figure=random]"));
    await next();
    await next();
    await firefox.until(plays("[figure=node-dies]"));
    await rests("[figure=random]");
  });

test("what the notebook's cell prints plays a figure, and runs a trace", async () => {
  await firefox.open(`${host.address}cells.html`);
  const frame = (at: number) => `document.querySelectorAll("iframe")[${at}].contentDocument`;
  await firefox.until(plays("kv-scope", frame(0)));
  await firefox.until(`${frame(1)}.querySelector("kv-scope")?.snapshot().then((told) =>
    told?.requests === ${requests} && !told.playing)`);
});
