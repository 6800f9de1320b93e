/** The npm package: packed, installed in an empty folder; used in Node, in Deno and in a page. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { pack } from "../../npm/pack.ts";
import { kvscope, withoutCli } from "./cli.ts";
import { without } from "./installed.ts";
import { DESKTOP, launch, serve, type Served } from "./harness.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const TRACE = here("../../tests/data/broken.jsonl");
/** Good lines only: what is no UTF-8 is another line once it is text. */
const WHOLE = here("../../tests/data/mooncake.jsonl");
const folder = mkdtempSync(join(tmpdir(), "kvscope-package-"));
const made = join(folder, "made");
const installed = join(folder, "node_modules/kvscope");

let browser: Browser;
let served: Served;
let tarball: string;
before(async () => {
  pack(made);
  tarball = execFileSync("npm", ["pack", "--silent"], { cwd: made,
    encoding: "utf8" }).trim().split("\n").at(-1)!;
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(made, tarball), "-C", installed, "--strip", "1"]);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  cpSync(here("../../examples/node.mjs"), join(folder, "node.mjs"));
  [browser, served] = await Promise.all([launch(), serve({ "/trace.jsonl": WHOLE }, folder)]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

const cli = "the example in Node gives the command line's figures";
test(cli, { skip: withoutCli(cli) }, () => {
  const told = execFileSync("node", ["node.mjs", TRACE], { cwd: folder, encoding: "utf8" });
  const figures = JSON.parse(told) as Record<string, unknown>;
  const printed = JSON.parse(kvscope("run", TRACE, "--nodes", "8", "--router", "cache_aware",
    "--json")) as Record<string, unknown>;
  assert.ok(Object.keys(figures).length > 30);
  assert.equal(figures["requests"], 60);
  for (const [name, value] of Object.entries(figures)) {
    assert.deepEqual(value, printed[name], name);
  }
});

const deno = "the example in Deno prints what it prints in Node, and a file of Deno's own is read";
test(deno, { skip: without("deno", "npm install -g deno", deno) }, () => {
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: folder, encoding: "utf8" });
  const inNode = run("node", "node.mjs", TRACE);
  assert.equal(run("deno", "run", "--allow-read", "node.mjs", TRACE), inNode);
  writeFileSync(join(folder, "deno.ts"), `import { Session, type Config } from "kvscope";
const config: Config = { nodes: 8, router: { id: "cache_aware" } };
const session = await Session.read(config);
await session.pushAll((await Deno.open(Deno.args[0]!)).readable);
session.finish();
session.run();
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(session.summary())));
`);
  assert.equal(run("deno", "run", "--check", "--allow-read", "deno.ts", TRACE),
    inNode.trimEnd());
});

const lint = "publint has nothing to say";
test(lint, { skip: without("publint", "npm install -g publint", lint) }, () => {
  const told = execFileSync("publint", ["--strict", made], { encoding: "utf8" });
  assert.match(told, /All good!/);
});

const attw = "its types are found however somebody looks for them";
test(attw, { skip: without("attw", "npm install -g @arethetypeswrong/cli", attw) }, () => {
  // Where it finds a problem it fails.
  const args = [join(made, tarball), "--profile", "esm-only", "--no-emoji", "--no-color"];
  assert.match(execFileSync("attw", args, { encoding: "utf8" }), /"kvscope\/kv-scope"/);
});

test("the element of the package plays, and opens the page that its host names", async () => {
  const { customElements, exports } = JSON.parse(readFileSync(join(installed, "package.json"),
    "utf8")) as { customElements: string; exports: Record<string, { default: string }> };
  const { modules } = JSON.parse(readFileSync(join(installed, customElements), "utf8")) as
    { modules: { path: string }[] };
  assert.deepEqual(modules.map(({ path }) => `./${path}`), [exports["./kv-scope"]!.default]);
  writeFileSync(join(folder, "figure.html"), `<!doctype html><title>a figure</title>
    <script type="module" src="node_modules/kvscope/${modules[0]!.path}"></script>
    <kv-scope figure="random" home="https://example.org/kvscope/"></kv-scope>`);
  const context = await browser.newContext(DESKTOP);
  const page = await context.newPage();
  await page.goto(`${served.address}figure.html`);
  await page.locator("kv-scope [part=play][data-state=pause]").waitFor();
  await page.locator("kv-scope [part=link][href^='https://example.org/kvscope/#v=']").waitFor();
  await context.close();
});

test("in a page a file, a stream and text give one figure, lanes compare, and errors are told",
  async () => {
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>a page</title>");
    const context = await browser.newContext(DESKTOP);
    const page = await context.newPage();
    await page.goto(served.address);
    const found = await page.evaluate(async () => {
      const address = `${document.baseURI}node_modules/kvscope/session.js`;
      const { Session, policies } = await import(address) as typeof import("../../npm/session.js");
      const config = { nodes: 4, capacity_blocks: 50, router: { id: "cache_aware" } };
      const text = await (await fetch("trace.jsonl")).text();
      const hits: unknown[] = [];
      for (const chunks of [[text], new Blob([text]), (await fetch("trace.jsonl")).body!]) {
        const session = await Session.read(config);
        await session.pushAll(chunks);
        session.finish();
        session.run();
        hits.push(session.summary()["hit_tokens"]);
        session.free();
      }
      const two = await Session.workload([config, { ...config, router: { id: "round_robin" } }],
        "toolagent", { seed: "7", requests: 3000 });
      const served = two.run();
      const { sentence } = two.comparison();
      const error = await Session.read({ ...config, nodes: 0 }).then(() => null,
        (thrown: Error) => thrown);
      return { hits, served, sentence, error: `${error?.name}: ${error?.message}`,
        routers: (await policies()).routers.length };
    });
    assert.equal(new Set(found.hits).size, 1, String(found.hits));
    assert.ok(Number(found.hits[0]) > 0);
    assert.equal(found.served, 3000);
    assert.match(found.sentence, /router/i);
    assert.match(found.error, /^KvscopeError: .*nodes/s);
    assert.ok(found.routers > 10);
    await context.close();
  });

test("its types are found and true", () => {
  writeFileSync(join(folder, "use.ts"), `import { Session, type Frame } from "kvscope";
import { KvScope, type Moment } from "kvscope/kv-scope";
const session: Session = await Session.read({ nodes: 8 });
session.push(new Uint8Array(1));
export const frame: Frame = session.frame(true);
// @ts-expect-error there is no such setting
await Session.read({ knots: 8 });
const figure: KvScope = document.querySelector("kv-scope")!;
figure.trace = new Blob([]);
export const moment: Promise<Moment | null> = figure.snapshot();
`);
  const check = (resolution: string, module: string) => execFileSync("node", [
    here("../node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--target", "es2022",
    "--module", module, "--moduleResolution", resolution, "--ignoreConfig", "use.ts",
  ], { cwd: folder, encoding: "utf8" });
  assert.equal(check("nodenext", "nodenext"), "");
  assert.equal(check("bundler", "esnext"), "");
});
