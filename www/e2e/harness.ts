/** Serves the built page on a free port and opens it in Chromium. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions,
  type Page } from "playwright-core";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".jsonl": "application/x-ndjson",
};
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Served {
  address: string;
  /** Paths asked for so far, whoever asked. */
  asked: string[];
  /** What is served, and whether it is at all: may change on the way. */
  folder: string;
  down: boolean;
  close(): Promise<void>;
}

/** Answers nothing, like a server that thinks about it for ever. */
export const SILENCE = "";

/** `extra` maps further paths to files, for traces that the page fetches itself, or to whatever
 *  answers there. */
export async function serve(
  extra: Record<string, string | ((response: ServerResponse) => void)> = {},
  folder: string = DIST,
): Promise<Served> {
  const asked: string[] = [];
  const now = { folder, down: false };
  const server: Server = createServer((request, response) => {
    if (now.down) return void request.socket.destroy();
    asked.push(request.url ?? "");
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = extra[path] ?? join(now.folder, normalize(path.replace(/\/$/, "/index.html")));
    if (file === SILENCE) return;
    if (typeof file === "function") return file(response);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-length": statSync(file).size });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(now, {
    address: `http://127.0.0.1:${port}/`,
    asked,
    close: () => new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  });
}

/** Machines that test are shared, and some are slow: who waits for what must come waits long. */
const PATIENCE_MS = 60_000;

/** With `KVSCOPE_SLOW=8` a page's own thread runs at an eighth of its speed and its workers at
 *  theirs: what reads the page before it was told, fails. */
export async function launch(): Promise<Browser> {
  const { KVSCOPE_CHROMIUM, CHROMIUM, KVSCOPE_SLOW } = process.env;
  const executablePath = KVSCOPE_CHROMIUM ?? CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    if (KVSCOPE_SLOW !== undefined) slow(context, Number(KVSCOPE_SLOW));
    return context;
  };
  return browser;
}

function slow(context: BrowserContext, rate: number): void {
  const newPage = context.newPage.bind(context);
  context.newPage = async () => {
    const page = await newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate });
    return page;
  };
}

/** No service worker, which would fetch and answer as it sees fit; one test wants it. */
const ALONE: BrowserContextOptions = { serviceWorkers: "block" };
export const DESKTOP: BrowserContextOptions = {
  ...ALONE, viewport: { width: 1440, height: 900 },
};
export const PHONE: BrowserContextOptions = {
  ...ALONE,
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

/** The page with a run on it, or the view beside the run that the link names; errors of the page
 *  fail whoever waits for them. `script` runs on it before its own. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = DESKTOP,
  script = "",
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext(options);
  if (script !== "") await context.addInitScript(script);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(url);
  const there = /[#&]view=(?!run)/.test(url) ? "main[data-view]:not([hidden])"
    : '[data-figure="position"]:not([data-value="0"])';
  await page.locator(there).waitFor({ state: "attached" });
  return { page, errors };
}
