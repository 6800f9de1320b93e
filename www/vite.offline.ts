/** Puts sw.js into the built page: the service worker with the files of this build. */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformWithOxc, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const WORKER = here("src/shell/offline-worker.ts");
const PUBLIC = here("public");

export const offline: Plugin = {
  name: "offline",
  apply: "build",
  generateBundle: {
    // After the page itself is there.
    order: "post",
    async handler(_, bundle) {
      // Something else is built with the same settings: only the page works offline.
      if (bundle["index.html"] === undefined) return;
      const contents = new Map<string, Uint8Array | string>(Object.values(bundle).map((file) =>
        [file.fileName, file.type === "chunk" ? file.code : file.source]));
      for (const name of readdirSync(PUBLIC)) contents.set(name, readFileSync(`${PUBLIC}/${name}`));
      const files = [...contents.keys()].sort();
      const page = String(contents.get("index.html") ?? "");
      const named = files.filter((name) => name.startsWith("assets/") && page.includes(name));
      if (named.length === 0) this.error("index.html names no file of the build");
      const hash = createHash("sha256");
      for (const name of files) hash.update(name).update("\0").update(contents.get(name)!);
      const { code } = await transformWithOxc(readFileSync(WORKER, "utf8"), WORKER);
      const values = { BUILD: hash.digest("hex").slice(0, 16), FILES: files, NAMED: named };
      const head = Object.entries(values).map(([name, value]) =>
        `const ${name} = ${JSON.stringify(value)};\n`).join("");
      this.emitFile({ type: "asset", fileName: "sw.js", source: `${head}${code}` });
    },
  },
};
