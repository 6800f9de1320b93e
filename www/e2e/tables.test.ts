/** The page's menus have the rows of docs/policies.md, which a native test holds to the tables. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openPage } from "./harness.ts";
import { browser, served } from "./site.ts";

const DOCUMENT = fileURLToPath(new URL("../../docs/policies.md", import.meta.url));
const PAGE = readFileSync(DOCUMENT, "utf8");
const MENUS = {
  router: "Routers",
  eviction: "Eviction policies",
  migration: "Migration and replication",
  clock: "Clocks",
};

/** The ids of a section's rows, in order. */
function documented(section: string): string[] {
  const text = PAGE.split(/^## /m).find((part) => part.startsWith(section)) ?? "";
  return [...text.matchAll(/^### `([^`]+)`/gm)].map((match) => match[1]!);
}

test("menus, documents and tables have the same rows", async () => {
  const { page } = await openPage(browser, `${served.address}#v=1`);
  await page.locator("[data-choice=router] option").first().waitFor({ state: "attached" });
  for (const [menu, section] of Object.entries(MENUS)) {
    const groups = await page.locator(`[data-choice=${menu}] option`).evaluateAll((options) =>
      options.map((option) => [option.closest("optgroup")?.label ?? "",
        (option as HTMLOptionElement).value] as const));
    const rows = documented(section);
    assert.ok(groups.length >= 2, menu);
    assert.deepEqual(groups.map(([, id]) => id).sort(), [...rows].sort(), menu);
    // In each group of the menu they stand as they do in the table.
    for (const group of new Set(groups.map(([label]) => label))) {
      const shown = groups.filter(([label]) => label === group).map(([, id]) => id);
      assert.deepEqual(shown, rows.filter((id) => shown.includes(id)), `${menu}, ${group}`);
    }
  }
  await page.context().close();
});
