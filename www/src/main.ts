/** One app on the page, and what only a page has. Reading order: app, engine, worker, panel. */
import "./style/page.css";
import { App } from "./app/app.ts";
import { View } from "./panel/view.ts";
import { keepAddress } from "./shell/address.ts";
import { loadAgain } from "./shell/again.ts";
import { acceptDrops } from "./shell/drop.ts";
import { fetchRest } from "./shell/interest.ts";
import { listenForKeys } from "./shell/keys.ts";
import { workOffline } from "./shell/offline.ts";
import { shutOnFile } from "./shell/shut.ts";
import { keepTheme } from "./shell/theme.ts";
import { prefersReducedMotion, watchWidth } from "./shell/window.ts";

const root = document.querySelector<HTMLElement>("[data-kvscope]");
if (root === null) throw new Error("index.html has no element for the app");
const app = new App();
const reducedMotion = prefersReducedMotion();
const view = new View(app, root, { reducedMotion });
keepTheme(app, view);
watchWidth(view);
shutOnFile(app);
acceptDrops(app, view);
loadAgain(root);
fetchRest(app, root);
listenForKeys(app, view);
keepAddress(app, reducedMotion);
workOffline(app);
