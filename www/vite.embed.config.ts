/**
 * What other pages load, beside the page in dist: `embed/kv-scope.js`, one module file with a name
 * that stays, and the core it fetches; embed.html for frames; the gallery figures.html; the book,
 * where there is one.
 */
import { cpSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { gallery } from "./gallery.ts";
import { BOOK, contentSecurityPolicy, favicon, inOnePiece, worker } from "./vite.config.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(at("package.json"), "utf8")) as { version: string };

/** Style sheets that the page links: a figure has them inside its shadow (draw/sheets.ts). */
const withoutLinkedStyles: Plugin = {
  name: "without-linked-styles",
  enforce: "pre",
  resolveId: (id, importer) =>
    (id.endsWith(".css") && importer?.endsWith(".ts") ? "\0nothing" : null),
  load: (id) => (id === "\0nothing" ? "" : null),
};

const STILLS = "../docs/figures";

const withGallery: Plugin = {
  name: "gallery",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "figures.html", source: gallery() });
    for (const name of readdirSync(at(STILLS))) {
      const source = readFileSync(at(`${STILLS}/${name}`));
      this.emitFile({ type: "asset", fileName: `figures/${name}`, source });
    }
  },
};

const withBook: Plugin = {
  name: "book",
  closeBundle() {
    if (existsSync(BOOK)) cpSync(BOOK, at("dist/book"), { recursive: true });
  },
};

export default defineConfig(({ mode }) => ({
  base: "./",
  publicDir: false as const,
  plugins: [withoutLinkedStyles, contentSecurityPolicy("'self'"), favicon, withGallery, withBook],
  define: { "import.meta.env.KVSCOPE_VERSION": JSON.stringify(version) },
  resolve: { alias: inOnePiece(mode) },
  worker,
  build: {
    target: ["chrome107", "firefox113", "safari16.4"],
    modulePreload: false,
    emptyOutDir: false,
    rolldownOptions: {
      input: { "kv-scope": at("src/element/kv-scope.ts"), frame: at("embed.html") },
      output: {
        entryFileNames: "embed/[name].js",
        chunkFileNames: "embed/[name]-[hash].js",
        assetFileNames: "embed/[name]-[hash][extname]",
      },
    },
  },
}));
