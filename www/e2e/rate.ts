/**
 * How fast a file comes into the core in a worker: `node --import tsx e2e/rate.ts TRACE BYTES`.
 * Reads the trace again and again to at least BYTES, beside the same without the core; prints, a
 * line each: name, seconds, bytes, what was read. Not a test.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { launch, serve } from "./harness.ts";
import type { Asked, Told } from "./rate-worker.ts";

const [trace, least] = process.argv.slice(2);
if (trace === undefined || least === undefined) throw new Error("which trace, and how long?");
const times = Math.ceil(Number(least) / statSync(trace).size);
const folder = mkdtempSync(join(tmpdir(), "kvscope-rate-"));
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
await build({
  root: file(".."),
  logLevel: "warn",
  build: {
    outDir: folder,
    emptyOutDir: true,
    lib: { entry: file("rate-worker.ts"), formats: ["es"], fileName: () => "worker.js" },
  },
});
writeFileSync(join(folder, "index.html"), "<!doctype html><input type=file>");
const served = await serve({ "/core.wasm": file("../pkg/kvscope_bg.wasm") }, folder);
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(served.address);
  await page.setInputFiles("input", trace);
  const { bytes, requests, stream_s, own_buffer_s, core_s } = await page.evaluate(read, times);
  const counted = `${requests} requests`;
  for (const [name, seconds] of [["stream", stream_s], ["own_buffer", own_buffer_s],
    ["core", core_s]] as const) {
    process.stdout.write(`file/${name}\t${seconds}\t${bytes}\treading a file\t${counted}\n`);
  }
} finally {
  await browser.close();
  await served.close();
  rmSync(folder, { recursive: true });
}

/** Runs in the page. */
async function read(times: number): Promise<Told> {
  const core = await WebAssembly.compileStreaming(fetch("/core.wasm"));
  const input = document.querySelector<HTMLInputElement>("input")!;
  const worker = new Worker("/worker.js", { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Told>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    const asked: Asked = { file: input.files![0]!, times, core };
    worker.postMessage(asked);
  });
}
