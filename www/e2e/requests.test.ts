/** The view Requests: where each lane sent a request and why, held to the command line. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { figure, inLink, part } from "./actions.ts";
import { kvscope, withoutCli } from "./cli.ts";
import { scratchFile } from "./data.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const REQUESTS = 1500;
const LINK = `#v=1&workload=toolagent&requests=${REQUESTS}&speed=max&nodes=3&capacity_blocks=800`
  + "&router=cache_aware&eviction=lru&seed=7&view=requests";

let trace = "";

before(() => {
  if (withoutCli("requests") !== false) return;
  trace = scratchFile("requests.jsonl", kvscope("synth", "toolagent", "--seed", "7", "--requests",
    String(REQUESTS)));
});

interface Told {
  request: number; node: number; blocks: number; matched: number[]; longest_match: number;
  forgone_blocks: number; why: string; ttft_s: number[]; columns: string[]; values: number[];
}

/** What the command line says of them. */
function told(...args: string[]): Told[] {
  return kvscope("explain", trace, ...args, "--nodes", "3", "--capacity", "800", "--seed", "7",
    "--json").trimEnd().split("\n").map((line) => JSON.parse(line) as Told);
}

const line = (page: Page, number: number): Locator =>
  page.locator(`tr[data-request="${number}"]`);

/** Waits until this request is the one that is chosen, and its record stands beside it. */
async function chosen(page: Page, number: number): Promise<void> {
  await line(page, number).and(page.locator("[aria-selected=true]")).waitFor();
  await part(page, "record-title")
    .filter({ hasText: `Request ${number.toLocaleString("en")}` }).waitFor();
}

test("each lane's node, match and what was forgone are the command line's, and so is the record",
  { skip: withoutCli("requests") }, async () => {
    const { page, errors } = await openPage(browser, `${served.address}${LINK}&clock=timed`
      + "&b.router=conductor&request=1020");
    await chosen(page, 1020);
    const shown = await page.locator("tr[data-request]").evaluateAll((lines) => lines.map((it) => ({
      number: Number(it.getAttribute("data-request")),
      plain: [...it.querySelectorAll("td:not([data-lane])")].map((cell) =>
        cell.getAttribute("data-value")),
      lanes: ["A", "B"].map((lane) => ["node", "match", "best", "forgone", "ttft"].map((column) =>
        Number(it.querySelector(`[data-lane=${lane}][data-column=${column}]`)!
          .getAttribute("data-value")))),
    })));
    const range = ["--from", "1001", "--to", "1050", "--clock", "timed"];
    const lanes = ["cache_aware", "conductor"].map((router) => told(...range, "--router", router));
    assert.deepEqual(shown.map(({ number }) => number), lanes[0]!.map(({ request }) => request));
    const lines = readFileSync(trace, "utf8").split("\n").filter((it) => it !== "").map((it) =>
      JSON.parse(it) as { timestamp: number; input_length: number; hash_ids: number[] });
    shown.forEach(({ number, plain, lanes: here }, i) => {
      const { timestamp, input_length, hash_ids } = lines[number - 1]!;
      assert.deepEqual(plain.slice(0, 3).map(Number),
        [(timestamp - lines[0]!.timestamp) / 1000, input_length, hash_ids.length]);
      lanes.forEach((all, lane) => {
        const { node, matched, longest_match, forgone_blocks, ttft_s } = all[i]!;
        assert.deepEqual(here[lane], [node, matched[node], longest_match, forgone_blocks,
          ttft_s[node]], `request ${number}, lane ${lane}`);
      });
    });
    for (const [lane, all] of Object.entries({ A: lanes[0]!, B: lanes[1]! })) {
      const { why, columns, values, node } = all[19]!;
      const record = page.locator(`[data-record=${lane}]`);
      assert.ok((await record.locator(".verdict").innerText()).endsWith(why));
      if (lane === "B") await record.locator("summary").click();
      const last = record.locator(`[data-column="${columns.at(-1)}"]`);
      await last.first().waitFor();
      assert.deepEqual(await last.evaluateAll((cells) => cells.map((cell) =>
        Number(cell.getAttribute("data-value")))),
      values.filter((_, i) => i % columns.length === columns.length - 1));
      assert.equal(await record.locator("tr[aria-current=true]").getAttribute("data-node"),
        String(node));
    }
    // Whatever was looked at in between, they are the same.
    const text = () => page.locator(".requests tbody").innerText();
    const first = await text();
    await line(page, 1020).press("End");
    await chosen(page, REQUESTS);
    await page.locator("[data-go]").fill("1020");
    await page.keyboard.press("Enter");
    await chosen(page, 1020);
    assert.equal(await text(), first);
    assert.deepEqual(errors, []);
    await page.context().close();
  });

test("rows are gone through by keyboard, over the page's edge and to both ends", async () => {
  const { page, errors } = await openPage(browser, `${served.address}${LINK}&request=50`);
  await chosen(page, 50);
  await line(page, 50).focus();
  await page.keyboard.press("ArrowDown");
  await chosen(page, 51);
  await line(page, 51).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("ArrowUp");
  await chosen(page, 50);
  await page.keyboard.press("Home");
  await chosen(page, 1);
  await page.keyboard.press("End");
  await chosen(page, REQUESTS);
  await line(page, REQUESTS).and(page.locator(":focus")).waitFor();
  await inLink(page, "request", String(REQUESTS));
  await page.locator("[data-act=page-before]").click();
  await chosen(page, REQUESTS - 99);
  await page.locator("[data-go]").fill("700");
  await page.keyboard.press("Enter");
  await chosen(page, 700);
  // Behind the end there is none: the last is the nearest, and is said to be.
  await page.locator("[data-go]").fill("4000000");
  await page.locator("[data-act=go]").click();
  await chosen(page, REQUESTS);
  const isLast = page.getByText("There is no request 4,000,000: this is the last.");
  await isLast.waitFor();
  await page.locator("[data-go]").fill("701");
  await page.keyboard.press("Enter");
  await chosen(page, 701);
  await isLast.waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("requests are found by time and family, and the story is told",
  { skip: withoutCli("requests") }, async () => {
    const { page } = await openPage(browser, served.address + LINK);
    const router = ["--router", "cache_aware"];
    for (const [kind, value, args] of [["time", "60.5", ["--at", "60.5"]],
      ["family", "3", ["--family", "3"]]] as const) {
      await page.locator("[data-view=requests] select").selectOption(kind);
      await page.locator("[data-go]").fill(value);
      await page.locator("[data-act=go]").click();
      await chosen(page, told(...args, ...router)[0]!.request);
    }
    const whys = told("--story", ...router).map(({ why }) => why);
    await page.locator("[data-act=story]").click();
    const story = part(page, "story").locator("li");
    await story.nth(whys.length - 1).waitFor();
    const lines = await story.allInnerTexts();
    assert.equal(lines.length, whys.length);
    lines.forEach((text, i) => assert.ok(text.startsWith(whys[i]!), text));
    await story.nth(4).locator("button").click();
    await chosen(page, 5);
    await page.locator("[data-view=requests] select").selectOption("time");
    await page.locator("[data-go]").fill("4000000000");
    await page.locator("[data-act=go]").click();
    const failed = page.locator("[data-view=requests] .status[data-phase=failed] li");
    await failed.waitFor();
    // What went well takes the words of what did not away; numbers that there are none of are told.
    await page.locator("[data-view=requests] select").selectOption("number");
    for (const [typed, number, says] of [["20", 20, "Requests 1 to"], ["0", 1, "There is no "
      + "request 0: this is the first."], ["1.5", 2, "There is no request 1.5: this is request 2."],
    ["9999", REQUESTS, "There is no request 9,999: this is the last."]] as const) {
      await page.locator("[data-go]").fill(typed);
      await page.locator("[data-act=go]").click();
      await chosen(page, number);
      await page.locator("[data-view=requests] .status[data-phase=done]", { hasText: says })
        .waitFor();
      assert.equal(await failed.count(), 0);
    }
    await page.context().close();
  });

test("the run stays where it is, goes to a request when asked, and other lanes are looked up anew",
  async () => {
    const { page, errors } = await openPage(browser,
      `${served.address}${LINK.replace("&view=requests", "")}&at=600`);
    await page.waitForFunction(() => document.querySelector('[data-figure="position"]')
      ?.getAttribute("data-value") === "600");
    await page.locator("[data-view-of=requests]").click();
    await chosen(page, 600);
    await page.locator("[data-go]").fill("900");
    await page.keyboard.press("Enter");
    await chosen(page, 900);
    const node = line(page, 900).locator("[data-column=node]");
    const before = await node.getAttribute("data-value");
    await page.locator("[data-view-of=run]").click();
    assert.equal(await figure(page, "position"), 600);
    await page.locator("[data-view-of=requests]").click();
    await page.locator("[data-act=show-in-run]").click();
    await page.waitForFunction(() => document.querySelector('[data-figure="position"]')
      ?.getAttribute("data-value") === "900");
    await part(page, "compare-with").click();
    await page.locator("[data-view-of=requests]").click();
    await line(page, 900).locator("[data-lane=B][data-column=node]").waitFor();
    assert.equal(await node.first().getAttribute("data-value"), before);
    assert.deepEqual(errors, []);
    await page.context().close();
  });
