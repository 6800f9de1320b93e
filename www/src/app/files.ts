/** The run as files: its figures, its series, its picture. */
import type { Look } from "../draw/look.ts";
import type { Series, Tables } from "../engine/protocol.ts";

/** One line a sample, with the columns of the table of `Series`; those by node after the rest. */
export function seriesCsv(series: Series, { each, timed, by_node }: Tables["series"]): string {
  const { samples, nodes } = series;
  const column = (name: string) => series[name as keyof Series] as Float64Array | Uint32Array;
  // Columns of the timed clock are empty under the logical one.
  const kept = [...each, ...timed.filter((name) => column(name).length > 0)];
  const perNode = (name: string) => Array.from({ length: nodes }, (_, i) => `${name}_${i}`);
  const lines = [[...kept, ...by_node.flatMap(perNode)].join(",")];
  for (let i = 0; i < samples; i += 1) {
    lines.push([...kept.map((name) => column(name)[i]),
      ...by_node.flatMap((name) => [...column(name).slice(i * nodes, (i + 1) * nodes)])].join(","));
  }
  return `${lines.join("\n")}\n`;
}

export function saveCsv(series: Series, table: Tables["series"]): void {
  save("kvscope-series.csv", new Blob([seriesCsv(series, table)], { type: "text/csv" }));
}

export function saveJson(summary: Record<string, unknown>): void {
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  save("kvscope-summary.json", new Blob([text], { type: "application/json" }));
}

/** A canvas, and the lines that say above it what it is of. */
export interface Pictured {
  canvas: HTMLCanvasElement;
  lines: readonly string[];
}

const TEXT_PX = 13;
const LINE_PX = 19;
const SIDE_PX = 16;

/** A text in lines of a width, broken at its spaces. A word that is wider alone ends in an
 *  ellipsis. Exported for tests. */
export function inLines(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (measure(longer) <= width) lines.splice(-1, 1, longer);
    else lines.push(cut(word, width, measure));
  }
  return lines;
}

function cut(word: string, width: number, measure: (text: string) => number): string {
  if (measure(word) <= width) return word;
  const letters = [...word];
  while (letters.length > 0 && measure(`${letters.join("")}…`) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** The canvases as they stand, side by side, on the ground they stand on, as a PNG. */
export function pictureOf(pictures: readonly Pictured[], look: Look): Promise<Blob | null> {
  const copy = document.createElement("canvas");
  const pen = copy.getContext("2d");
  const [first] = pictures;
  if (pen === null || first === undefined) return Promise.resolve(null);
  const ratio = first.canvas.width / Math.max(1, first.canvas.clientWidth);
  const fontOf = (line: number) => `${line === 0 ? 650 : 400} ${TEXT_PX * ratio}px ${look.font}`;
  // The first line is the name, in as many lines as it takes.
  const told = pictures.map(({ canvas, lines }) => lines.flatMap((line, i) => {
    pen.font = fontOf(i);
    return inLines(line, canvas.width - 2 * SIDE_PX * ratio, (text) => pen.measureText(text).width)
      .map((text) => ({ text, font: pen.font }));
  }));
  const lines = Math.max(...told.map((all) => all.length));
  const top = lines === 0 ? 0 : Math.round((lines * LINE_PX + SIDE_PX / 2) * ratio);
  copy.width = pictures.reduce((sum, { canvas }) => sum + canvas.width, 0);
  copy.height = top + Math.max(...pictures.map(({ canvas }) => canvas.height));
  if (copy.width === 0) return Promise.resolve(null);
  pen.fillStyle = look.ground;
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.fillStyle = look.ink;
  let left = 0;
  pictures.forEach(({ canvas }, at) => {
    for (const [i, { text, font }] of told[at]!.entries()) {
      pen.font = font;
      pen.fillText(text, left + SIDE_PX * ratio, (i + 1) * LINE_PX * ratio);
    }
    pen.drawImage(canvas, left, top);
    left += canvas.width;
  });
  return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
}

export async function savePicture(pictures: readonly Pictured[], look: Look): Promise<void> {
  const blob = await pictureOf(pictures, look);
  if (blob !== null) save("kvscope-cluster.png", blob);
}

/** Text of some kind, told by the ending of its name. */
export function saveText(name: string, text: string): void {
  const type = name.endsWith(".json") ? "application/json" : "text/csv";
  save(name, new Blob([text], { type }));
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Not at once: the browser may still be about to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
