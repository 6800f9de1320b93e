/** The npm package: packed, installed in an empty folder, and used in Node and in a page. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { pack } from "../../npm/pack.ts";
import { kvscope, withoutCli } from "./cli.ts";
import { DESKTOP, launch, serve, type Served } from "./harness.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const TRACE = here("../../tests/data/broken.jsonl");
/** Good lines only: what is no UTF-8 is another line once it is text. */
const WHOLE = here("../../tests/data/mooncake.jsonl");
const folder = mkdtempSync(join(tmpdir(), "kvscope-package-"));

let browser: Browser;
let served: Served;
before(async () => {
  pack(join(folder, "made"));
  const tar = execFileSync("npm", ["pack", "--silent"], { cwd: join(folder, "made"),
    encoding: "utf8" }).trim().split("\n").at(-1)!;
  const installed = join(folder, "node_modules/kvscope");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, "made", tar), "-C", installed, "--strip", "1"]);
  [browser, served] = await Promise.all([launch(), serve({ "/trace.jsonl": WHOLE }, folder)]);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

const cli = "the example in Node gives the command line's figures";
test(cli, { skip: withoutCli(cli) }, () => {
  cpSync(here("../../examples/node.mjs"), join(folder, "node.mjs"));
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
const session: Session = await Session.read({ nodes: 8 });
session.push(new Uint8Array(1));
export const frame: Frame = session.frame(true);
// @ts-expect-error there is no such setting
await Session.read({ knots: 8 });
`);
  const check = (resolution: string, module: string) => execFileSync("node", [
    here("../node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--target", "es2022",
    "--module", module, "--moduleResolution", resolution, "--ignoreConfig", "use.ts",
  ], { cwd: folder, encoding: "utf8" });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  assert.equal(check("nodenext", "nodenext"), "");
  assert.equal(check("bundler", "esnext"), "");
});
