/** Links and addresses: which file a link was made with, and traces that are fetched. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ServerResponse } from "node:http";
import type { Browser, Page, Route } from "playwright-core";
import { drop, figure, finished, inLink, part, servers } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { DESKTOP, SILENCE, launch, serve, type Served } from "./harness.ts";

const line = '{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1]}\n';

/** Lines without an end, as fast as they are taken. */
function endless(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  const more = () => {
    while (!response.destroyed && response.write(line.repeat(1000)));
  };
  response.on("drain", more);
  more();
}

let browser: Browser;
let served: Served;
before(async () => {
  [browser, served] = await Promise.all([launch(), serve({
    "/local/endless.jsonl": endless, "/local/silent.jsonl": SILENCE,
    "/local/good.jsonl": scratchFile("good.jsonl", line.repeat(33)),
    "/local/blank.jsonl": scratchFile("blank.jsonl", "\n\n"),
    "/local/picture.jsonl": scratchFile("picture.jsonl",
      Buffer.from(`\x89PNG\r\n\x1a\n${"\x01\x02".repeat(9000)}`, "latin1")),
  })]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

async function visit(fragment: string): Promise<Page> {
  const context = await browser.newContext(DESKTOP);
  const page = await context.newPage();
  await page.goto(served.address + fragment);
  return page;
}

/** The card with these words, and the words. */
async function told(page: Page, card: string, words: RegExp): Promise<void> {
  await page.locator(`[data-notice="${card}"]`, { hasText: words }).waitFor();
}

const FAST = "#v=1&speed=max&nodes=2";
const trace = scratchFile("mine.jsonl", line.repeat(700));

/** The page with that file open, and what its link says. */
async function opened(): Promise<{ page: Page; link: string }> {
  const page = await visit(FAST);
  await part(page, "trace-name").filter({ hasText: "Tool" }).waitFor();
  await drop(page, trace);
  await finished(page);
  await page.waitForFunction(() => location.hash.includes("file.hash="));
  return { page, link: new URL(page.url()).hash };
}

test("a figure of one's own file says that it will ask for it", async () => {
  const { page } = await opened();
  await part(page, "share").click();
  await part(page, "copy-embed").filter({ hasText: "the figure asks its readers for it" })
    .waitFor();
  await page.context().close();
});

test("a link of a file asks for that very file, and takes it", async () => {
  const { page, link } = await opened();
  assert.match(link, /workload=own&file=mine\.jsonl&file\.bytes=\d+&file\.hash=[0-9a-f]{16}/);
  await page.context().close();
  const other = await visit(`${link}&at=300`);
  await told(other, "awaited", /made with “mine\.jsonl” \(.*The file stayed with whoever made it/);
  assert.equal(await figure(other, "position"), 0);
  assert.equal(await part(other, "trace-name").textContent(), "mine.jsonl");
  assert.equal(new URL(other.url()).hash, link, "the link stays what it was");
  await drop(other, trace);
  await other.locator('[data-figure="position"][data-value="300"]').waitFor();
  await other.locator('[data-notice="awaited"]').waitFor({ state: "detached" });
  assert.equal(await part(other, "notice").innerText(), "");
  await other.context().close();
});

test("another file is taken too, and told from the one asked for", async () => {
  const { page, link } = await opened();
  await page.context().close();
  for (const [name, text, says] of [
    ["shorter.jsonl", line.repeat(70), /“shorter\.jsonl” is not the file .* it has/],
    ["same.jsonl", line.replace("[1]", "[2]").repeat(700), /it begins differently/],
  ] as const) {
    const other = await visit(link);
    await told(other, "awaited", /mine\.jsonl/);
    await drop(other, scratchFile(name, text));
    await told(other, "link", says);
    await finished(other);
    await inLink(other, "file", name);
    await other.context().close();
  }
});

test("one's own reload is no stranger's link, and a workload is a click away", async () => {
  const { page } = await opened();
  await page.reload();
  await told(page, "awaited", /Open “mine\.jsonl” .* again to go on/);
  await page.locator('[data-act="built-in"]').click();
  await page.locator('[data-notice="awaited"]').waitFor({ state: "detached" });
  await finished(page);
  await inLink(page, "file", null);
  await page.context().close();
});

test("what is chosen while a file is awaited is chosen when it comes", async () => {
  const page = await visit("#v=1&workload=own&speed=max&nodes=2");
  await told(page, "awaited", /does not say which/);
  await page.locator("[data-choice=eviction]").selectOption("fifo");
  await inLink(page, "eviction", "fifo");
  await drop(page, trace);
  await finished(page);
  await inLink(page, "eviction", "fifo");
  assert.equal(await figure(page, "position"), 700);
  await page.context().close();
});

/** What `https://traces.example` answers. */
const CORS = { "access-control-allow-origin": "*" };
const ANSWERS: Record<string, Parameters<Route["fulfill"]>[0]> = {
  "/t.jsonl": { headers: CORS, contentType: "text/html", body: line.repeat(90) },
  "/page.jsonl": { headers: CORS, contentType: "application/x-ndjson",
    body: "\n<!DOCTYPE html><title>a trace</title>" },
  "/pointer": { headers: CORS, body: "version https://git-lfs.github.com/spec/v1\noid sha256:0" },
  "/gone": { status: 404, headers: CORS, body: "no" },
  "/private": { status: 403, headers: CORS, body: "no" },
  "/busy": { status: 503, headers: CORS, body: "no" },
  // Without the header the test's own tool would add one that lets this page in.
  "/closed.jsonl": { headers: { "access-control-allow-origin": "https://other.example" },
    body: line },
};

async function elsewhere(page: Page): Promise<string[]> {
  const asked: string[] = [];
  await page.context().route(/^https:/, (route) => {
    const url = new URL(route.request().url());
    asked.push(url.href);
    if (url.hostname === "raw.githubusercontent.com") {
      return route.fulfill({ headers: CORS, body: line.repeat(33) });
    }
    const answer = ANSWERS[url.pathname];
    return answer === undefined ? route.abort("connectionrefused") : route.fulfill(answer);
  });
  return asked;
}

async function openAddress(page: Page, address: string): Promise<void> {
  await part(page, "trace-chip").click();
  await part(page, "address").fill(address);
  await part(page, "address-open").click();
}

test("a trace is opened by its address, and the link has it", async () => {
  const page = await visit(FAST);
  const asked = await elsewhere(page);
  await part(page, "trace-name").filter({ hasText: "Tool" }).waitFor();
  await openAddress(page, "https://traces.example/t.jsonl");
  await part(page, "trace-name").filter({ hasText: "t.jsonl" }).waitFor();
  await finished(page);
  assert.equal(await figure(page, "position"), 90, "whatever the server calls it");
  await inLink(page, "trace", "https://traces.example/t.jsonl");
  await openAddress(page, "https://github.com/o/r/blob/main/made/g.jsonl");
  await part(page, "trace-name").filter({ hasText: "g.jsonl" }).waitFor();
  await finished(page);
  assert.equal(await figure(page, "position"), 33);
  assert.deepEqual(asked, ["https://traces.example/t.jsonl",
    "https://raw.githubusercontent.com/o/r/main/made/g.jsonl"]);
  await page.context().close();
});

test("what is no trace, not there or not for this page is told, with what to do", async () => {
  const page = await visit(FAST);
  await elsewhere(page);
  for (const [path, says] of [
    ["page.jsonl", /is a web page and not a trace.*“Raw”, “Download”/],
    ["pointer", /pointer of Git LFS/],
    ["gone", /answered 404, there is no such file\. Check the name/],
    ["private", /answered 403, not without signing in.*drop it here/],
    ["busy", /answered 503, not now\. Restart to try again/],
    ["closed.jsonl", /does not let pages of other sites.*Access-Control-Allow-Origin \(CORS\)/],
    ["nobody", /no server answers there\. Is the address right\?/],
  ] as const) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `${FAST}&trace=${encodeURIComponent(`https://traces.example/${path}`)}`);
    await told(page, "file", says);
    assert.match(await part(page, "notice").innerText(), /^The trace could not be fetched/);
  }
  await page.locator('[data-act="built-in"]').click();
  await finished(page);
  await page.context().close();
});

test("addresses that are no trace's are refused, in a link and in the field", async () => {
  const page = await visit(`${FAST}&trace=${encodeURIComponent("javascript:document.title='x'")}`);
  const asked = await elsewhere(page);
  await told(page, "awaited", /program and no trace/);
  await page.evaluate(() => {
    location.hash = "#v=1&trace=data:text/plain,{}";
  });
  await told(page, "awaited", /Save it as a file/);
  for (const [address, says] of [["http://traces.example/t.jsonl", /Use https/],
    ["file:///etc/passwd", /Drop the file here/]] as const) {
    await openAddress(page, address);
    await page.locator(".address .error", { hasText: says }).waitFor();
    await page.keyboard.press("Escape");
  }
  assert.deepEqual(asked, []);
  assert.equal(await page.title(), "kvscope: watch a cluster serve your trace");
  await page.context().close();
});

test("an answer without an end is read as far as it is served, and stopped", async () => {
  const page = await visit("#v=1&speed=300&nodes=2&trace=local/endless.jsonl");
  await page.locator('[data-part=loading][data-phase="held"]').waitFor();
  assert.match(await part(page, "loading").innerText(), /rows/);
  const held = await page.locator('[data-figure="loading"]').innerText();
  await part(page, "stop-reading").click();
  await page.locator('[data-part=loading][data-phase="stopped"]').waitFor();
  assert.match(await page.locator('[data-figure="loading"]').innerText(), /^Stopped after/, held);
  await part(page, "speed").fill("1");
  await finished(page);
  assert.ok(await figure(page, "position") > 1000);
  assert.equal(await page.locator("[data-tab=trace] em").textContent(), "", "no line is at fault");
  await page.context().close();
});

test("an answer that does not come is given up", async () => {
  const page = await visit(`${FAST}&trace=local/silent.jsonl`);
  await part(page, "loading").filter({ hasText: "Waiting for its first bytes" }).waitFor();
  await part(page, "stop-reading").click();
  await told(page, "nothing", /silent\.jsonl was stopped before its first byte/);
  await page.context().close();
});

test("once a file is open the page reaches nothing but its own place, until it is loaded anew",
  async () => {
    const page = await visit(FAST);
    const asked = await elsewhere(page);
    await part(page, "trace-name").filter({ hasText: "Tool" }).waitFor();
    const reach = () => fetch("https://traces.example/t.jsonl").then(() => "out", () => "held");
    assert.equal(await page.evaluate(reach), "out");
    await drop(page, trace);
    await finished(page);
    assert.equal(await page.evaluate(reach), "held");
    assert.equal(await (await servers(page))[0]!.evaluate(reach), "held");
    assert.equal(asked.length, 1);
    // What somebody types opens in another tab, and a link loads this one anew.
    await openAddress(page, "https://traces.example/t.jsonl");
    const [other] = await Promise.all([page.context().waitForEvent("page"),
      page.locator(".address .error a").click()]);
    await part(other, "trace-name").filter({ hasText: "t.jsonl" }).waitFor();
    await finished(other);
    assert.equal(await figure(other, "position"), 90);
    const link = new URL(other.url()).hash;
    assert.equal(await part(page, "trace-name").innerText(), "mine.jsonl");
    assert.equal(await figure(page, "position"), 700);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, link);
    await page.locator('[data-figure="position"][data-value="90"]').waitFor({ state: "attached" });
    await page.context().close();
  });

test("what is open stays until the first requests of an address are there", async () => {
  const { page, link } = await opened();
  const error = page.locator(".address .error");
  for (const [address, says] of [
    ["local/gone.jsonl", /answered 404, there is no such file/],
    ["index.html", /is a web page and not a trace/],
    ["local/picture.jsonl", /cannot be read as a trace: this is a picture \(PNG\)/],
    ["local/blank.jsonl", /has no request in it/],
  ] as const) {
    await openAddress(page, address);
    await error.filter({ hasText: says }).waitFor();
    await page.keyboard.press("Escape");
  }
  // Somebody who has closed the menu is told all the same.
  await openAddress(page, "local/silent.jsonl");
  await page.locator(".address [role=status]").filter({ visible: true }).waitFor();
  await part(page, "address-open").click();
  await error.filter({ hasText: /given up; what was open is still there/ }).waitFor();
  await part(page, "address-open").click();
  await page.locator(".address [role=status]").filter({ visible: true }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await part(page, "trace-name").innerText(), "mine.jsonl");
  assert.equal(await figure(page, "position"), 700);
  assert.equal(new URL(page.url()).hash, link);
  await drop(page, scratchFile("other.jsonl", line.repeat(20)));
  await told(page, "link", /Something else was opened in the meantime/);
  await openAddress(page, "local/good.jsonl");
  await page.locator('[data-figure="position"][data-value="33"]').waitFor({ state: "attached" });
  await inLink(page, "trace", "local/good.jsonl");
  assert.equal((await servers(page)).length, 1, "no worker is left over");
  await page.context().close();
});
