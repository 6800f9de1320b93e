/** The figures of a sweep's runs: as people read them, in order, and as a file. Pure. */
import type { CellResult, Tables } from "../../engine/protocol.ts";
import * as format from "../../text/format.ts";

export type Metric = Tables["metrics"][number];

/** A figure in its metric's unit. */
export function figure({ unit }: Metric, value: number, decimals: number): string {
  switch (unit) {
    case "share":
      return format.share(value, decimals);
    case "s":
      return format.axisSeconds(value);
    case "1/s":
      return format.rate(value);
    default:
      return Number.isInteger(value) ? format.integer(value)
        : format.value(Number(value.toPrecision(4)));
  }
}

/** The lines that `kvscope sweep --csv` prints, of these runs. */
export function sweepCsv(
  metrics: Metric[],
  axes: string[],
  results: Iterable<CellResult>,
): string {
  const all = [...results].sort((a, b) => a.row.cell - b.row.cell);
  const lines = all.map(({ row, values }) => [row.cell, row.group,
    ...axes.map((name) => row.point[name] ?? ""), row.config.seed ?? 0,
    ...values.map((value) => value ?? "")]);
  const head = ["cell", "group", ...axes, "seed", ...metrics.map(({ id }) => id)];
  return csvOf([head, ...lines]);
}

/** Lines of a file: what has a comma, a quote or a line's end in it is quoted. */
export function csvOf(lines: (string | number)[][]): string {
  const quoted = (text: string) =>
    /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return `${lines.map((line) => line.map((one) => quoted(String(one))).join(",")).join("\n")}\n`;
}

/** Results in the order of a metric, an axis or the seed; without one in that of their cells. */
export function sortedBy(
  results: CellResult[],
  metrics: string[],
  by: string,
  descending: boolean,
): CellResult[] {
  const at = metrics.indexOf(by);
  const key = ({ row, values }: CellResult): number | string | null =>
    at >= 0 ? values[at] ?? null : by === "seed" ? Number(row.config.seed ?? 0)
      : row.point[by] ?? null;
  const number = (value: string | number) => (value === "" ? Number.NaN : Number(value));
  const compare = (a: CellResult, b: CellResult): number => {
    const [one, other] = [key(a), key(b)];
    // What has no value comes last, whichever way.
    if (one === null || other === null) {
      return Number(one === null) - Number(other === null) || a.row.cell - b.row.cell;
    }
    const numeric = number(one) - number(other);
    const order = Number.isNaN(numeric) ? String(one).localeCompare(String(other)) : numeric;
    return (descending ? -order : order) || a.row.cell - b.row.cell;
  };
  return [...results].sort(by === "" ? (a, b) => a.row.cell - b.row.cell : compare);
}

/** What of the rows is looked at: a value of each axis that is named, and words that all occur. */
export interface Filter {
  point: Readonly<Record<string, string>>;
  text: string;
}

export function matching(results: CellResult[], { point, text }: Filter): CellResult[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return results.filter(({ row }) => {
    const all = Object.entries(row.point).map(([name, value]) => `${name}=${value}`);
    const said = [...all, `seed=${row.config.seed ?? 0}`].join(" ").toLowerCase();
    return Object.entries(point).every(([name, value]) => row.point[name] === value)
      && words.every((word) => said.includes(word));
  });
}
