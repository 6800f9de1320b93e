/** Somebody else's page, on a port of its own, with kvscope unpacked beside it. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { scratchFile } from "./data.ts";
import { DESKTOP, launch, serve, type Served } from "./harness.ts";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
export const TRACE = fileURLToPath(new URL("../../tests/data/mooncake.jsonl", import.meta.url));

export interface Told {
  requests: number;
  playing: boolean;
  link: string;
  lanes: Record<string, number | string | null>[];
}
export type Figure = HTMLElement & { trace: unknown; play(): void; pause(): void;
  seek(to: number): void; snapshot(): Promise<Told | null> };

/** The built page below /kvscope/, as somebody has it who unpacked it beside their own pages. */
export function unpacked(): Record<string, string> {
  const files = readdirSync(DIST, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(files.filter((name) => statSync(join(DIST, name)).isFile())
    .map((name) => [`/kvscope/${name}`, join(DIST, name)]));
}

/** The page itself, and the host's pages on a port of their own. */
export interface Hosts {
  browser: Browser;
  home: Served;
  host: Served;
}

const pages: Record<string, string> = {};
let count = 0;

/** Both servers for the tests of a file. */
export function hosts(): Hosts {
  const made = {} as Hosts;
  before(async () => {
    const [browser, home] = await Promise.all([launch(), serve()]);
    const host = await serve(Object.assign(pages, unpacked(), { "/trace.jsonl": TRACE }));
    Object.assign(made, { browser, home, host });
  });
  after(async () => {
    await made.browser?.close();
    await Promise.all([made.home?.close(), made.host?.close()]);
  });
  return made;
}

/** A page of the host's with this in it. */
export async function open({ browser, host }: Hosts, body: string, options = DESKTOP)
  : Promise<{ page: Page; errors: string[] }> {
  count += 1;
  pages[`/${count}.html`] = scratchFile(`${count}.html`, `<!doctype html><html lang="en"><head>
    <title>A page</title><meta name="color-scheme" content="light dark">
    <script type="module" src="./kvscope/embed/kv-scope.js"></script></head>
    <body><main><h1>A page</h1>${body}</main></body></html>`);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${host.address}${count}.html`);
  return { page, errors };
}

/** Waits until the figure of this place says so, and returns what it says then. */
export async function until(page: Page, place: number, what: "moves" | "rests" | number,
  more = 0): Promise<Told> {
  await page.waitForFunction(([place, what, more]) => {
    const figure = document.querySelectorAll("kv-scope")[place] as Figure & { last?: Told | null };
    void figure.snapshot?.().then((told) => { figure.last = told; });
    const { last } = figure;
    if (last === null || last === undefined) return false;
    if (what === "moves") return last.playing && last.requests > more;
    return !last.playing && (what === "rests" ? last.requests > more : last.requests === what);
  }, [place, what, more] as const, { timeout: 60_000, polling: 50 });
  return page.evaluate((place) =>
    (document.querySelectorAll("kv-scope")[place] as Figure).snapshot() as Promise<Told>, place);
}

export const told = (page: Page, place: number): Promise<Told> => page.evaluate((place) =>
  (document.querySelectorAll("kv-scope")[place] as Figure).snapshot() as Promise<Told>, place);
