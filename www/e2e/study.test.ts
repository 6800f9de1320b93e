/** The sheet of a study: Mooncake's Figure 5 on the real trace, claims on a built-in workload. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { drop, finished, part } from "./actions.ts";
import { tracePath, unavailable } from "./data.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const NAME = "Figure 5 of the dropped trace, beside the paper's means";

test(NAME, { skip: unavailable(NAME) }, async () => {
  const { page, errors } = await openPage(browser, `${served.address}#v=1&speed=max`);
  await drop(page, tracePath());
  await finished(page);
  await page.locator("[data-view-of=learn]").click();
  await page.getByRole("button", { name: /Figure 5/ }).first().click();
  const rows = page.locator("[data-part=study-result] tbody tr");
  await rows.first().waitFor({ timeout: 120_000 });
  const values = await rows.evaluateAll((all) => all.map((row) =>
    [...row.querySelectorAll("td")].map((cell) => Number(cell.getAttribute("data-value")))));
  assert.deepEqual(values.map(([paper]) => paper), [19.65, 5.27, 3.58, 3.07]);
  for (const [paper, mean, , , , difference] of values as number[][]) {
    assert.ok(Math.abs(mean! / paper! - 1 - difference!) < 1e-12);
  }
  // The seeds are those of the command line, and so is the verdict.
  for (const row of values) assert.ok(Math.abs(row[5]!) < 0.05, String(row));
  const verdict = await part(page, "study-verdict").innerText();
  assert.match(verdict, /^Supported: .*the order is the paper/);
  // Random's row is a mean, and opens the first of its seeds.
  assert.deepEqual(await rows.locator("[data-act=open-run]").allInnerTexts(),
    ["Open seed 1", "Open", "Open", "Open"]);
  assert.match(await part(page, "study-result").innerText(), /MFU[\s\S]*fitted/);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a claim is gone on with after a cancel, has its verdict, and opens its runs", async () => {
  const { page, errors } = await openPage(browser, `${served.address}#v=1&speed=max&requests=1500`);
  const open = async (name: RegExp) => {
    await page.locator("[data-view-of=learn]").click();
    await page.getByRole("button", { name }).click();
  };
  const study = part(page, "study");
  await open(/Claim 1/);
  await study.locator("[data-act=cancel]").click();
  await study.locator("[data-phase=cancelled]").waitFor();
  await study.locator("[data-act=again]").click();
  await study.locator("[data-phase=done]").waitFor({ timeout: 120_000 });
  const verdict = part(page, "study-verdict");
  assert.match(await verdict.innerText(), /upported.*as noted, .*made right, /);
  const before = await verdict.innerText();
  const rows = part(page, "study-result").locator("tbody tr");
  assert.equal(await rows.count(), 4);
  // The same again is there at once; another claim has other rows.
  await part(page, "study-close").click();
  await open(/Claim 7/);
  await study.locator("[data-phase=done]").waitFor({ timeout: 120_000 });
  await page.waitForFunction((text) =>
    document.querySelector("[data-part=study-verdict]")!.textContent !== text, before);
  await rows.nth(3).locator("[data-act=open-run]").click();
  await page.waitForFunction(() => new URLSearchParams(location.hash.slice(1))
    .get("router") === "enhanced");
  assert.equal(await study.isVisible(), false);
  assert.match(new URL(page.url()).hash, /beta/);
  await finished(page);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a link asks for a study, says how long it took, and runs nothing before one says so",
  async () => {
    const link = "#v=1&speed=max&requests=1500&study=claim_one_node&took=study-12.5";
    const { page, errors } = await openPage(browser, served.address + link);
    const study = part(page, "study");
    await study.getByText(/took 12.5\s?s where this link was made/).waitFor();
    await finished(page);
    assert.equal(await study.locator("[data-phase=idle]").count(), 1);
    await study.locator("[data-act=study]").click();
    await study.locator("[data-phase=done]").waitFor({ timeout: 120_000 });
    await page.waitForFunction(() => /took=study-\d/.test(location.hash));
    await part(page, "study-close").click();
    await page.waitForFunction(() => !location.hash.includes("study=claim"));
    assert.deepEqual(errors, []);
    await page.context().close();
  });
