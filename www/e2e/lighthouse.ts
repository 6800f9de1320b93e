/**
 * Lighthouse on the built page, compressed as hosts send it: `node --import tsx e2e/lighthouse.ts
 * [desktop|mobile] [still]`. It is fetched by npx and is no dependency; prints the scores and what
 * they are made of. `still`: as whoever asks for less motion has it, where the first run rests.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const VERSION = "12.8.2";
const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".css": "text/css",
  ".js": "text/javascript", ".wasm": "application/wasm", ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json" };
const METRICS = ["first-contentful-paint", "largest-contentful-paint", "speed-index",
  "total-blocking-time", "cumulative-layout-shift"];

interface Report {
  categories: Record<string, { title: string; score: number | null }>;
  audits: Record<string, { title: string; displayValue?: string }>;
}

const server = createServer(({ url }, response) => {
  const path = decodeURIComponent(new URL(url ?? "/", "http://localhost").pathname);
  const file = join(DIST, normalize(path.replace(/\/$/, "/index.html")));
  if (!existsSync(file)) return void response.writeHead(404).end();
  response.writeHead(200, { "content-encoding": "gzip",
    "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  response.end(gzipSync(readFileSync(file)));
});
await once(server.listen(0, "127.0.0.1"), "listening");
const told = process.argv.slice(2);
const out = join(tmpdir(), `kvscope-lighthouse-${process.pid}.json`);
const flags = ["--headless=new", "--no-sandbox", "--disable-gpu",
  ...(told.includes("still") ? ["--force-prefers-reduced-motion"] : [])];
const { port } = server.address() as AddressInfo;
const lighthouse = spawn("npx", ["--yes", `lighthouse@${VERSION}`, `http://127.0.0.1:${port}/`,
  "--quiet", "--only-categories=performance,accessibility,best-practices", "--output=json",
  `--output-path=${out}`, `--chrome-flags=${flags.join(" ")}`,
  ...(told.includes("mobile") ? [] : ["--preset=desktop"])],
{ stdio: "inherit", env: { CHROME_PATH: "/usr/bin/chromium", ...process.env } });
await once(lighthouse, "exit");
server.close();
const { categories, audits } = JSON.parse(readFileSync(out, "utf8")) as Report;
for (const { title, score } of Object.values(categories)) {
  process.stdout.write(`${title}\t${Math.round(100 * (score ?? 0))}\n`);
}
for (const id of METRICS) {
  process.stdout.write(`${audits[id]?.title}\t${audits[id]?.displayValue}\n`);
}
