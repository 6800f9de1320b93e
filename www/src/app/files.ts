/** The run as files: its figures, its series, its picture. */
import type { Series } from "../engine/protocol.ts";

/** One line a sample, with the names of `Series`; per node after the rest. */
export function seriesCsv(series: Series): string {
  const { samples, nodes } = series;
  const columns: [name: string, values: ArrayLike<number>][] = [
    ["request", series.request],
    ["time_s", series.time_s],
    ["blocks", series.blocks],
    ["prefix_hits", series.prefix_hits],
    ["input_tokens", series.input_tokens],
    ["hit_tokens", series.hit_tokens],
    ["ceiling_tokens", series.ceiling_tokens],
    ["evictions", series.evictions],
    ["migrated_blocks", series.migrated_blocks],
    ["resident_share", series.resident_share],
    ["ttft_mean_s", series.ttft_mean_s],
    ["ttft_p99_s", series.ttft_p99_s],
    ["queue_max", series.queue_max],
  ];
  // Columns of the timed clock are empty under the logical one.
  const kept = columns.filter(([, values]) => values.length >= samples);
  const perNode = (name: string) => Array.from({ length: nodes }, (_, i) => `${name}_${i}`);
  const lines = [[...kept.map(([name]) => name), ...perNode("node_requests"),
    ...perNode("node_work_tokens")].join(",")];
  for (let i = 0; i < samples; i += 1) {
    const [from, to] = [i * nodes, (i + 1) * nodes];
    lines.push([...kept.map(([, values]) => values[i]), ...series.node_requests.slice(from, to),
      ...series.node_work_tokens.slice(from, to)].join(","));
  }
  return `${lines.join("\n")}\n`;
}

export function saveCsv(series: Series): void {
  save("kvscope-series.csv", new Blob([seriesCsv(series)], { type: "text/csv" }));
}

export function saveJson(summary: Record<string, unknown>): void {
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  save("kvscope-summary.json", new Blob([text], { type: "application/json" }));
}

/** The canvas as it stands, on the ground it stands on. */
export function savePicture(canvas: HTMLCanvasElement, ground: string): void {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const pen = copy.getContext("2d");
  if (pen === null) return;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.drawImage(canvas, 0, 0);
  copy.toBlob((blob) => {
    if (blob !== null) save("kvscope-cluster.png", blob);
  }, "image/png");
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Not at once: the browser may still be about to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
