/** The main job on the real trace: drop it, run it, read the figures. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { drop, figure, finished, nodeColumn, openTab, part } from "./actions.ts";
import { fragment, gzipped, scratchFile, timedVector, tracePath, unavailable, vector,
  type Vector } from "./data.ts";
import { launch, openPage, serve, type Served } from "./harness.ts";

let browser: Browser;
let served: Served;
before(async () => {
  [browser, served] = await Promise.all([launch(), serve({ "/local/t.jsonl": tracePath() })]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

const PER_NODE: Record<string, string> = { node_requests: "requests", node_resident: "resident" };

/** Every figure that the vector names and the page shows; at least the eight sums. */
async function compare(page: Page, { expect }: Vector): Promise<void> {
  await openTab(page, "totals");
  let sums = 0;
  for (const [name, value] of Object.entries(expect)) {
    if (typeof value !== "number") continue;
    assert.equal(await figure(page, name), value, name);
    sums += 1;
  }
  assert.ok(sums >= 7);
  await openTab(page, "nodes");
  for (const [name, column] of Object.entries(PER_NODE)) {
    assert.deepEqual(await nodeColumn(page, column), expect[name], name);
  }
  assert.equal(
    await page.locator('[data-figure="hit_rate"]').getAttribute("data-value"),
    `${expect["hit_tokens"]}/${expect["input_tokens"]}`,
  );
}

async function run(v: Vector, path: string): Promise<void> {
  const { page, errors } = await openPage(browser, served.address + fragment(v));
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const asked = served.asked.length;
  await drop(page, path);
  await finished(page);
  await compare(page, v);
  // Neither as the browser tells it nor as the server saw it.
  assert.deepEqual(requests.filter((url) => !url.startsWith("blob:")), []);
  assert.deepEqual(served.asked.slice(asked), []);
  assert.deepEqual(errors, []);
  await page.context().close();
}

const CASES: Parameters<typeof vector>[] = [
  [4, 5000, "lru", "cache_aware"],
  [16, 5859, "lfu", "hotspot_migration"],
  [4, 500, "fifo", "enhanced"],
  [16, 5859, "lru", "hotspot_migration",
    { match: "any", load_signal: "none", threshold: 0.1, interval: 10 }],
];

for (const wanted of CASES) {
  const [nodes, capacity, eviction, router] = wanted;
  const name = `dropped trace, ${nodes} × ${capacity} ${eviction} ${router}`;
  test(name, { skip: unavailable(name) }, async () => {
    await run(vector(...wanted), tracePath());
  });
}

for (const members of [1, 2]) {
  const name = `dropped trace, gzip of ${members} member${members > 1 ? "s" : ""}`;
  test(name, { skip: unavailable(name) }, async () => {
    const path = scratchFile(`members-${members}.bin`, gzipped(tracePath(), members));
    await run(vector(4, 5000, "lru", "cache_aware"), path);
  });
}

const byAddress = "a trace named in the fragment is fetched and run";
test(byAddress, { skip: unavailable(byAddress) }, async () => {
  const v = vector(4, 5000, "lru", "cache_aware");
  const url = `${served.address}${fragment(v)}&trace=local/t.jsonl`;
  const { page } = await openPage(browser, url);
  await finished(page);
  await compare(page, v);
  assert.equal(await part(page, "trace-name").textContent(), "t.jsonl");
  await page.context().close();
});

const timed = "under the timed clock the page shows the vector's times";
test(timed, { skip: unavailable(timed) }, async () => {
  const v = timedVector("conductor");
  const clock = new URLSearchParams({
    clock: "timed", "clock.flops": String(v.flops),
    "clock.bandwidth_bytes_s": String(v.bandwidth_bytes_s),
  });
  const { page } = await openPage(browser, `${served.address}${fragment(v)}&${clock.toString()}`);
  await drop(page, tracePath());
  await finished(page);
  const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * b;
  const p99 = await figure(page, "ttft_p99");
  const mean = await figure(page, "ttft_p99_beside");
  assert.ok(close(p99, v.expect.p99), `${p99} ${v.expect.p99}`);
  assert.ok(close(mean, v.expect.mean_ttft_s), `${mean} ${v.expect.mean_ttft_s}`);
  await openTab(page, "totals");
  assert.equal(await figure(page, "transferred_blocks"), v.expect.transferred_blocks);
  await page.context().close();
});

const again = "another policy runs the same trace again from its beginning";
test(again, { skip: unavailable(again) }, async () => {
  const { page } = await openPage(browser,
    served.address + fragment(vector(4, 5000, "lru", "cache_aware")));
  await drop(page, tracePath());
  await finished(page);
  await page.locator("[data-choice=eviction]").selectOption("lfu");
  await page.locator('[data-part=play][data-state="playing"]').waitFor();
  await finished(page);
  await compare(page, vector(4, 5000, "lfu", "cache_aware"));
  await page.context().close();
});
