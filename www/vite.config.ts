import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { offline } from "./vite.offline.ts";

/**
 * What the built page may do. The worker is started from a blob so that it inherits this policy. A
 * trace may be fetched from an address that somebody names; once a file is open the page shuts even
 * that (shell/shut.ts). The development server needs inline styles, so it goes without.
 */
const policy = (connect: string) => [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  `connect-src ${connect}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** `connect` is where it may fetch from. */
export const contentSecurityPolicy = (connect: string): Plugin => ({
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: policy(connect) },
      injectTo: "head-prepend",
    },
  ],
});

/** Browsers fetch an icon again when the address changes, and that would be a request. */
export const favicon: Plugin = {
  name: "favicon",
  transformIndexHtml: () => {
    const icon = readFileSync(new URL("src/style/favicon.svg", import.meta.url), "base64");
    const attrs = { rel: "icon", href: `data:image/svg+xml;base64,${icon}` };
    return [{ tag: "link", attrs, injectTo: "head" }];
  },
};

/** The documents as a book, where `cargo xtask book` has made one. */
export const BOOK = fileURLToPath(new URL("../target/book", import.meta.url));

/** Its chapters, each a title and a page. */
function chapters(): [title: string, page: string][] {
  if (!existsSync(`${BOOK}/index.html`)) return [];
  const summary = readFileSync(new URL("../docs/SUMMARY.md", import.meta.url), "utf8");
  return [...summary.matchAll(/^- \[(.+)\]\((.+)\.md\)$/gm)].map(([, title, page]) =>
    [title!, `${page}.html`]);
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const MAIN = at("src/main.ts");

type Graph = { getModuleInfo(id: string): { importedIds: readonly string[] } | null };

/** One file of everything that the first view imports: what the parts that come later share with it
 *  would be files of their own, which compress worse. */
function firstChunk(): (id: string, graph: Graph) => string | null {
  let first: Set<string> | null = null;
  const reached = (graph: Graph) => {
    const found = new Set([MAIN]);
    for (const id of found) {
      for (const next of graph.getModuleInfo(id)?.importedIds ?? []) found.add(next);
    }
    return found;
  };
  return (id, graph) => ((first ??= reached(graph)).has(id) ? "first" : null);
}

/** A package of the core: one that is shown, or the one whose runs break on purpose. */
const packageOf = (mode: string, shown: string) => at(mode === "crash-test" ? "pkg-crash" : shown);

/** The live view's core in one piece, and the tables of the one that is shown. */
export const inOnePiece = (mode: string) => [
  { find: /^kvscope-wasm\/kvscope_(first|whole)/,
    replacement: `${packageOf(mode, "pkg")}/kvscope_bg` },
  { find: /^kvscope-wasm\/(tables|later)\.json/, replacement: at("pkg/$1.json") },
  { find: "kvscope-wasm", replacement: packageOf(mode, "pkg") },
];

/** The core's glue names a core to take where it is given none, and would bring it along. */
const givenCore: Plugin = {
  name: "given-core",
  enforce: "pre",
  transform: (code, id) => (id.endsWith("/kvscope.js")
    ? code.replace("new URL('kvscope_bg.wasm', import.meta.url)", "undefined") : null),
};

/** Workers are bundled apart. */
export const worker = { format: "es" as const, plugins: () => [givenCore] };

export default defineConfig(({ mode }) => ({
  base: "./",
  plugins: [contentSecurityPolicy("'self' https:"), favicon, offline],
  define: { "import.meta.env.KVSCOPE_BOOK": JSON.stringify(chapters()) },
  resolve: {
    alias: [
      ...(mode === "crash-test" ? inOnePiece(mode)
        : [{ find: "kvscope-wasm", replacement: at("pkg") }]),
      { find: "kvscope-answers", replacement: packageOf(mode, "pkg-answers") },
    ],
  },
  worker,
  build: {
    target: ["chrome107", "firefox113", "safari16.4"],
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstChunk() }] } } },
    // What a style sheet shows later must not be fetched later: nothing is, after a drop.
    assetsInlineLimit: (path) => path.endsWith("/chevron.svg"),
  },
  server: { host: "127.0.0.1" },
}));
