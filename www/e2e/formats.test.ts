/** Traces of many kinds: the page says how each was read, and a change of that changes the run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { drop, finished, obstacle, openTab } from "./actions.ts";
import { scratchFile } from "./data.ts";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const sample = (name: string): string =>
  fileURLToPath(new URL(`../../tests/data/${name}`, import.meta.url));

/** One node, so that every block seen before in its place is a hit. */
const START = "#v=1&speed=max&nodes=1&capacity_blocks=1000";

async function dropped(path: string, more = ""): Promise<{ page: Page; errors: string[] }> {
  const opened = await openPage(browser, served.address + START + more);
  await openTab(opened.page, "trace");
  await drop(opened.page, path);
  await finished(opened.page);
  return opened;
}

/** The value that the panel has beside a name, and what it was decided from. */
async function fact(page: Page, name: string): Promise<string> {
  const value = page.locator(`[data-panel=trace] dt:text-is("${name}") + dd`);
  const why = page.locator(`[data-panel=trace] dt:text-is("${name}") + dd + .why`);
  return [await value.innerText(), ...await why.allInnerTexts()].join(" ");
}

const control = (page: Page, name: string) =>
  page.locator(`[data-panel=trace] [data-param="${name}"]`);

/** What a setting stands at, as a person reads it, and why. */
async function setting(page: Page, name: string): Promise<[value: string, why: string]> {
  const input = control(page, name).locator("select, input").first();
  const value = await input.evaluate((field) => (field instanceof HTMLSelectElement
    ? field.selectedOptions[0]!.text : (field as HTMLInputElement).value));
  return [value, await control(page, name).locator(".note").innerText()];
}

interface Expected {
  format: RegExp;
  unit: [RegExp, RegExp];
  size: [string, RegExp];
  scope: [RegExp, RegExp];
  /** Worked out by hand. */
  hits: string;
}

const SAMPLES: Record<string, Expected> = {
  // Local ids: 1 and 2 of "one" come again twice, once after the sub-agent's 1 and 1 7.
  "weka.json": {
    format: /Weka.*over several lines/, unit: [/^seconds \(as read\)$/, /./],
    size: ["64", /rows|field|stated|session/], scope: [/^local \(as read\)$/, /./],
    hits: "256/578",
  },
  // Both begin with sys_prompt 1; their second blocks differ. Blocks of 512, 5 and 4 of them.
  "ragpulse.jsonl": {
    format: /RAGPulse.*one JSON object a line/, unit: [/^seconds \(as read\)$/, /./],
    size: ["512", /./], scope: [/^global \(as read\)$/, /./], hits: "512/4400",
  },
  "mooncake.csv": {
    format: /CSV with a header/, unit: [/^milliseconds \(as read\)$/, /./],
    size: ["512", /./], scope: [/^global \(as read\)$/, /./], hits: "512/2560",
  },
  "mooncake_array.json": {
    format: /Mooncake.*in an array/, unit: [/^milliseconds \(as read\)$/, /./],
    size: ["512", /./], scope: [/^global \(as read\)$/, /./], hits: "512/2560",
  },
};

for (const [name, { format, unit, size, scope, hits }] of Object.entries(SAMPLES)) {
  test(`${name}, dropped: the panel says how it was read`, async () => {
    const { page, errors } = await dropped(sample(name));
    assert.match(await fact(page, "Format"), format);
    for (const [setting_, [value, why]] of [["time_unit", unit], ["id_scope", scope]] as const) {
      const shown = await setting(page, setting_);
      assert.match(shown[0], value);
      assert.match(shown[1], why);
    }
    const shown = await setting(page, "block_size");
    assert.equal(shown[0], size[0]);
    assert.match(shown[1], size[1]);
    assert.match(await fact(page, "Order"), /^(not )?by time/);
    assert.equal(await page.locator('[data-figure="hit_rate"]').getAttribute("data-value"), hits);
    assert.equal(await obstacle(page), "");
    assert.deepEqual(errors, []);
    await page.context().close();
  });
}

/** Two sessions with the same two ids, ten seconds apart if its times are seconds. */
const PAIR = ["a", "b"].map((id, i) => JSON.stringify({ session_id: id, timestamp: 10 * i,
  input_length: 1024, output_length: 1, hash_ids: [1, 2] })).join("\n");

test("scope, unit and block size set by hand: the run starts over and the figures follow",
  async () => {
    const { page, errors } = await dropped(scratchFile("pair.jsonl", PAIR));
    const hits = () => page.locator('[data-figure="hit_rate"]').getAttribute("data-value");
    assert.equal(await hits(), "1024/2048");
    await control(page, "id_scope").locator("select").selectOption("local");
    await page.locator('[data-figure="hit_rate"][data-value="0/2048"]').waitFor();
    assert.equal((await setting(page, "id_scope"))[1], "set by hand");
    await control(page, "id_scope").locator("select").selectOption("auto");
    await page.locator('[data-figure="hit_rate"][data-value="1024/2048"]').waitFor();
    assert.match((await setting(page, "id_scope"))[0], /^global \(as read\)$/);
    for (const [unit, length] of [["seconds", "0:10"], ["milliseconds", "0:00"]] as const) {
      await control(page, "time_unit").locator("select").selectOption(unit);
      await page.locator(`[data-panel=trace] dt:text-is("Length") + dd:text-is("${length}")`)
        .waitFor();
      assert.equal((await setting(page, "time_unit"))[1], "set by hand");
    }
    // Blocks of 100 tokens: the two that come again are no more than that.
    const field = control(page, "block_size").locator("input");
    await field.fill("100");
    await field.press("Enter");
    await page.locator('[data-figure="hit_rate"][data-value="200/2048"]').waitFor();
    await control(page, "block_size").locator(".reset").click();
    await page.locator('[data-figure="hit_rate"][data-value="1024/2048"]').waitFor();
    assert.deepEqual(errors, []);
    await page.context().close();
  });

/** Five prompts of eight blocks. */
const LENGTHS = `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type
${[1, 2, 3, 4, 5].map((s) => `${s},GPT-4,4096,10,4106,Conversation log`).join("\n")}
`;

test("a trace without block ids has no hit rate until a shared prefix is asked for", async () => {
  const { page, errors } = await dropped(scratchFile("lengths.csv", LENGTHS));
  const rate = page.locator('[data-figure="hit_rate"]');
  assert.equal(await rate.innerText(), "–");
  assert.match(await page.locator("[data-part=watch]").innerText(), /no block ids/);
  const field = control(page, "shared_prefix").locator("input").first();
  await field.fill("0.5");
  await field.press("Enter");
  // Four blocks of each prompt are those of the first.
  await page.locator(`[data-figure="hit_rate"][data-value="${4 * 4 * 512}/${5 * 4096}"]`).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a file that is no trace is told by its first bytes, with what would help", async () => {
  const { page } = await openPage(browser, served.address + START);
  await drop(page, scratchFile("table.parquet", "PAR1\x15\x04\x15\x10 and so on PAR1"));
  await page.locator("[data-notice=nothing]").waitFor();
  assert.match(await obstacle(page), /parquet/i);
  await page.context().close();
});
