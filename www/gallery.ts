/** The page figures.html: every figure as a picture that needs no script, with what it opens. */
import { FIGURES, type Figure } from "./src/state/scenes.ts";

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;")
  .replace(/"/g, "&quot;");

export function gallery(): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="Scenes from an LLM serving cluster, one idea each." />
    <title>kvscope: figures</title>
    <link rel="stylesheet" href="./figures/figures.css" />
  </head>
  <body>
    <header>
      <h1><a href="./index.html">kvscope</a>: figures</h1>
      <p>Scenes from a cluster that serves language models, one idea each. Every picture opens as a
      run that plays, with the same seed and at the same moment, and goes into a page of your own:
      <code>&lt;kv-scope figure="${FIGURES[0]?.id ?? ""}"&gt;</code>.</p>
    </header>
    <main>
${FIGURES.map(figureHtml).join("\n")}
    </main>
  </body>
</html>
`;
}

function figureHtml({ id, title, sentence, link }: Figure): string {
  return `      <figure id="${id}">
        <a href="./index.html#${escaped(link)}"><img src="./figures/${id}.webp" width="960"
          height="540" loading="lazy" decoding="async" alt="${escaped(sentence)}" /></a>
        <figcaption><b>${escaped(title)}</b> ${escaped(sentence)} <span><a
          href="./index.html#${escaped(link)}">Open the run</a> · <a
          href="./embed.html#figure=${id}">Alone</a> · <code>figure="${id}"</code></span>
        </figcaption>
      </figure>`;
}
