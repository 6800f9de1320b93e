/** A trace comes in by dropping it anywhere, or by the button. */
import type { App } from "../app/app.ts";
import { byId } from "../panel/dom.ts";

export function acceptTraces(app: App): void {
  const input = byId<HTMLInputElement>("file");
  const veil = byId("veil");
  byId("open").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file !== undefined) app.openFile(file);
    // The same file may be chosen again.
    input.value = "";
  });

  const carriesFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const show = (on: boolean) => {
    veil.hidden = !on;
  };
  addEventListener("dragenter", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    show(true);
  });
  addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("dragleave", (event) => {
    // Leaving the window, not one element for the next.
    if (event.relatedTarget === null) show(false);
  });
  addEventListener("drop", (event) => {
    show(false);
    if (!carriesFile(event)) return;
    event.preventDefault();
    const [file, ...others] = event.dataTransfer?.files ?? [];
    if (file !== undefined) app.openFile(file, others);
  });
}
