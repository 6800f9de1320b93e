/** A figure in a frame, and the messages of the page around it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { TRACE, hosts, open, until, type Figure } from "./host.ts";

const made = hosts();

/** A page with a frame, which says what it is told and keeps what it hears. */
async function frame(query: string, hash: string): Promise<{ page: Page;
  say(message: unknown): Promise<void>; hears(text: string): Promise<string> }> {
  const { page } = await open(made, `<iframe src="${made.home.address}embed.html${query}#${hash}"
    title="x" width="720" height="520"></iframe><iframe title="y" src="about:blank"></iframe>`);
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
  assert.equal(ready, `${new URL(made.home.address).origin} ${JSON.stringify({ kvscope: 1,
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
    [3, { type: "load", trace: `${made.home.address}trace.jsonl` }, /never an address/],
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
  assert.ok(!made.home.asked.some((path) => path.includes("trace.jsonl")));
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
    const page = await made.browser.newPage({ viewport: { width, height } });
    await page.goto(`${made.home.address}embed.html#figure=hot-prefix`);
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
