/** Two apps on one page, without the shell that a page has once: for two.test.ts. */
import "../../src/style/page.css";
import { App } from "../../src/app/app.ts";
import { View } from "../../src/panel/view.ts";

for (const root of document.querySelectorAll<HTMLElement>("[data-kvscope]")) {
  const app = new App();
  new View(app, root, { reducedMotion: true });
  app.start(root.dataset["kvscope"] ?? "");
}
