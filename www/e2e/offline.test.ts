/** The page as it is deployed: unpacked from the release, under a path of its own, with the network
 *  off, and with a new build in the place of the old. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import { DIST, zipOf } from "../zip.ts";
import { drop, figure, finished } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { Firefox } from "./firefox.ts";
import { launch, serve, type Served } from "./harness.ts";

const PATH = "kvscope/";
const SLOW_MS = 60_000;
const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';
const trace = scratchFile("offline.jsonl", line.repeat(70));

let browser: Browser;
let served: Served;
/** The release, and one that a person can tell from it. */
let releases: { a: string; b: string };
before(async () => {
  releases = { a: unpacked(DIST), b: await nextBuild() };
  [browser, served] = await Promise.all([launch(), serve({}, releases.a)]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

/** A server's folder with the release at its path. */
function unpacked(dist: string): string {
  const folder = mkdtempSync(join(tmpdir(), "kvscope-site-"));
  for (const [name, bytes] of Object.entries(unzipSync(zipOf(dist)))) {
    const path = join(folder, PATH, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return folder;
}

/** As the next deploy would be: everything that names something has another name. */
async function nextBuild(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), "kvscope-next-"));
  const root = fileURLToPath(new URL("..", import.meta.url));
  const marked = { name: "marked", transform: (code: string, id: string) =>
    (/\/(main|views)\.ts$/.test(id) ? `${code}\ndocument.documentElement.dataset.build = "b";`
      : null) };
  await build({ root, logLevel: "error", build: { outDir }, plugins: [marked] });
  return unpacked(outDir);
}

/** A visit that leaves the page ready for the network to go. */
async function visit(): Promise<{ context: BrowserContext; page: Page }> {
  Object.assign(served, { folder: releases.a, down: false });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${served.address}${PATH}#v=1&speed=max&nodes=2`);
  await runs(page);
  await kept(page);
  return { context, page };
}

async function runs(page: Page): Promise<void> {
  await page.locator('[data-figure="position"]:not([data-value="0"])')
    .waitFor({ state: "attached", timeout: SLOW_MS });
}

/** The build that the service worker in charge keeps, once that is another than told. */
async function kept(page: Page, not = ""): Promise<string> {
  const end_ms = performance.now() + SLOW_MS;
  while (performance.now() < end_ms) {
    const name = await page.evaluate(async () => {
      if (navigator.serviceWorker.controller === null) return "";
      const { active, installing, waiting } = (await navigator.serviceWorker.getRegistration())!;
      const rests = active?.state === "activated" && !installing && !waiting;
      return rests ? (await caches.keys()).at(-1) ?? "" : "";
    });
    if (name !== "" && name !== not) return name;
    await page.waitForTimeout(200);
  }
  throw new Error(`no service worker keeps another build than “${not}”`);
}

test("the network goes, and everything is there: the page, views never opened, their core, files",
  async () => {
    const { context, page } = await visit();
    served.down = true;
    const asked = served.asked.length;
    await page.reload();
    await runs(page);
    await page.locator("[data-view-of=plan]").click();
    await page.locator("main.view h2:visible").first().waitFor({ timeout: SLOW_MS });
    // Facts are told by the second core, which no view had asked for.
    await page.locator("[data-view-of=trace]").click();
    await page.locator("main.view .status[data-phase=done]:visible").first()
      .waitFor({ timeout: SLOW_MS });
    await page.locator("[data-view-of=run]").click();
    await drop(page, trace);
    await finished(page);
    assert.equal(await figure(page, "position"), 70);
    assert.equal(served.asked.length, asked);
    await context.close();
  });

test("a new build shows at the next load, with the network and then without; a tab of the old one "
  + "keeps its files", async () => {
  const { context, page } = await visit();
  const isB = (of: Page) => of.locator('html[data-build="b"]').waitFor({ timeout: SLOW_MS });
  const first = await kept(page);
  const tab = await context.newPage();
  await tab.goto(page.url());
  await runs(tab);
  served.folder = releases.b;
  await page.reload();
  await isB(page);
  await runs(page);
  await kept(page, first);
  served.down = true;
  await page.reload();
  await isB(page);
  await runs(page);
  await tab.locator("[data-view-of=plan]").click();
  await tab.locator("main.view h2:visible").first().waitFor({ timeout: SLOW_MS });
  assert.equal(await tab.locator("html").getAttribute("data-build"), null);
  await context.close();
});

test("a deploy that is half done is not kept", async () => {
  const { context, page } = await visit();
  const first = await kept(page);
  // The service worker of the next build, beside the page of this one.
  const half = unpacked(DIST);
  writeFileSync(join(half, PATH, "sw.js"), readFileSync(join(releases.b, PATH, "sw.js")));
  served.folder = half;
  await page.evaluate(async () => {
    const registration = (await navigator.serviceWorker.getRegistration())!;
    const given = new Promise<void>((resolve) => {
      registration.onupdatefound = () => {
        const { installing } = registration;
        installing!.onstatechange = () => installing!.state === "redundant" && resolve();
      };
    });
    await registration.update().catch(() => undefined);
    await given;
  });
  assert.deepEqual(await page.evaluate(() => caches.keys()), [first]);
  served.down = true;
  await page.reload();
  await runs(page);
  await context.close();
});

test("it installs as an app", async () => {
  const { context, page } = await visit();
  const devtools = await context.newCDPSession(page);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"), []);
  const { errors, data, url } = await devtools.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const { icons } = JSON.parse(data!) as { icons: { src: string }[] };
  for (const { src } of icons) {
    assert.equal((await page.request.get(new URL(src, url).href)).status(), 200, src);
  }
  await context.close();
});

test("the content policy holds: no script but the page's own, no place but the page's own",
  async () => {
    const { context, page } = await visit();
    const directives = ["base-uri", "connect-src", "frame-src", "img-src", "object-src",
      "script-src", "script-src-elem", "style-src-elem"];
    const broken = await page.evaluate(async (awaited) => {
      const told = new Set<string>();
      document.addEventListener("securitypolicyviolation", (event) =>
        told.add(event.effectiveDirective));
      for (const [tag, attributes] of [
        ["script", { textContent: "window.broken = true" }],
        ["script", { src: "https://other.example/x.js" }],
        ["style", { textContent: "body { display: none }" }],
        ["link", { rel: "stylesheet", href: "https://other.example/x.css" }],
        ["img", { src: "https://other.example/x.png" }],
        ["iframe", { src: "https://other.example/" }],
        ["object", { data: "https://other.example/x" }],
        ["base", { href: "https://other.example/" }],
      ] as const) {
        document.body.append(Object.assign(document.createElement(tag), attributes));
      }
      // What the test itself runs may evaluate texts, and so nothing is told of it at once.
      setTimeout("window.broken = true" as unknown as () => void);
      await fetch("http://other.example/").catch(() => undefined);
      // What a policy keeps out is told when the browser comes to it; what ran, ran before.
      for (let waits = 0; waits < 100 && !awaited.every((one) => told.has(one)); waits += 1) {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      if ("broken" in window) told.add("a script ran");
      return [...told].sort();
    }, directives);
    assert.deepEqual(broken, directives);
    await context.close();
  });

test("the same in Firefox: under its path, with a file, a view, and without a network",
  async () => {
    Object.assign(served, { folder: releases.a, down: false });
    const firefox = await Firefox.launch();
    try {
      const value = 'Number(document.querySelector("[data-figure=position]").dataset.value)';
      const runs = `document.querySelector("[data-figure=position]") && ${value} > 0`;
      await firefox.open(`${served.address}${PATH}#v=1&speed=max&nodes=2`);
      await firefox.until(runs);
      await firefox.until("navigator.serviceWorker.controller !== null");
      served.down = true;
      await firefox.read("(window.before = true, location.reload())");
      await firefox.until(`!("before" in window) && ${runs}`);
      await firefox.read('document.querySelector("[data-view-of=plan]").click()');
      await firefox.until('document.querySelector("main.view h2")');
      await firefox.read('document.querySelector("[data-view-of=run]").click()');
      await firefox.choose("[data-part=file]", trace);
      await firefox.until(`document.querySelector("[data-part=trace-name]").textContent`
        + ` === "offline.jsonl" && ${value} === 70`);
    } finally {
      await firefox.close();
    }
  });
