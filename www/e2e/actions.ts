/** What a person does, and what they read. */
import type { Page } from "playwright-core";

/** Drops a file of the disk on the page by the events that a browser sends. */
export async function drop(page: Page, path: string): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.id = "dropped";
    document.body.append(input);
  });
  await page.setInputFiles("#dropped", path);
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>("#dropped")!;
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(input.files![0]!);
    const target = document.querySelector("#cluster")!;
    for (const type of ["dragenter", "dragover", "drop"]) {
      target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
      if (type === "dragover" && document.querySelector<HTMLElement>("#veil")!.hidden) {
        throw new Error("no veil while a file is over the page");
      }
    }
    input.remove();
  });
}

export async function finished(page: Page): Promise<void> {
  await page.locator('#play[data-state="done"]').waitFor({ timeout: 60_000 });
}

/** The exact value behind a figure of the page. */
export async function figure(page: Page, name: string): Promise<number> {
  const text = await page.locator(`[data-figure="${name}"]`).first().getAttribute("data-value");
  return text === null || text === "" ? Number.NaN : Number(text);
}

export async function openTab(page: Page, id: string): Promise<void> {
  await page.locator(`#tab-${id}`).click();
}

/** One column of the table of nodes. */
export async function nodeColumn(page: Page, column: string): Promise<number[]> {
  return page.locator(`[data-node] [data-column="${column}"]`).evaluateAll((cells) =>
    cells.map((cell) => Number(cell.getAttribute("data-value"))));
}
