/** A trace, or a configuration, comes in by dropping it anywhere on the page. */
import type { App } from "../app/app.ts";
import type { View } from "../panel/view.ts";

export function acceptDrops(app: App, view: View): void {
  const carriesFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragenter", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    view.showVeil(true);
  });
  addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("dragleave", (event) => {
    // Leaving the window, not one element for the next.
    if (event.relatedTarget === null) view.showVeil(false);
  });
  addEventListener("drop", (event) => {
    view.showVeil(false);
    if (!carriesFile(event)) return;
    event.preventDefault();
    // Browsers hand a folder over as a file that cannot be read.
    const [files, folders] = [false, true].map((wanted) =>
      [...event.dataTransfer?.items ?? []].filter((item) =>
        item.kind === "file" && (item.webkitGetAsEntry()?.isDirectory ?? false) === wanted)
        .map((item) => item.getAsFile()).filter((file) => file !== null)) as [File[], File[]];
    void app.openFiles(files, folders.map(({ name }) => name));
  });
}
