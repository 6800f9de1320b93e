/** The page's colours: as the system has them, or as the person wants them. */
import type { App } from "../app/app.ts";
import type { View } from "../panel/view.ts";
import type { Theme } from "../state/state.ts";
import { keep, recall } from "./storage.ts";
import { watchScheme } from "./window.ts";

const STORED = "kvscope-theme";

export function keepTheme(app: App, view: View): void {
  const stored = recall("visits", STORED);
  app.setTheme(stored === "light" || stored === "dark" ? stored : "system");
  apply(app.store.now.theme);
  app.store.subscribe((now, before) => {
    if (now.theme === before.theme) return;
    apply(now.theme);
    view.recolour();
  });
  watchScheme(() => view.recolour());
}

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  keep("visits", STORED, theme === "system" ? null : theme);
}
