/** Two apps on one page, without the shell that a page has once: for two.test.ts. */
import "../../src/style/page.css";
import { App } from "../../src/app/app.ts";
import { startPainter } from "../../src/draw/easel/start.ts";
import { Studio } from "../../src/draw/easel/studio.ts";
import { View } from "../../src/panel/view.ts";

const studio = new Studio(startPainter, true);

for (const root of document.querySelectorAll<HTMLElement>("[data-kvscope]")) {
  const app = new App();
  new View(app, root, studio);
  app.start(root.dataset["kvscope"] ?? "");
}
