/** How time to first token is spread: one bar a bin, the objective as a line. */
import { h, setAttribute, setText } from "../dom.ts";
import * as format from "../../text/format.ts";
import type { Totals } from "../../engine/protocol.ts";

/** More bars than this would be thinner than the gaps between them. */
const COLUMNS = 44;

type Ttft = NonNullable<Totals["ttft"]>;

export class TtftSpread {
  readonly element: HTMLElement;
  readonly #bars = h("div", { class: "bars", role: "img" });
  readonly #low = h("span", {});
  readonly #high = h("span", {});
  readonly #parts = h("p", { class: "ceiling" });

  constructor() {
    this.element = h("div", { class: "wide ttft", hidden: true }, this.#bars,
      h("div", { class: "bars-axis" }, this.#low, this.#high), this.#parts);
  }

  render(ttft: Ttft | undefined): void {
    this.element.hidden = ttft === undefined || ttft.completed === 0;
    if (ttft === undefined || ttft.completed === 0) return;
    this.#draw(ttft);
    setText(this.#parts, `On average ${format.seconds(ttft.wait_s)} of wait, `
      + `${format.seconds(ttft.transfer_s)} of transfer, ${format.seconds(ttft.prefill_s)} of `
      + "prefill");
    setAttribute(this.#bars, "aria-label", "Distribution of time to first token: half within "
      + `${format.seconds(ttft.p50_s)}, 90 % within ${format.seconds(ttft.p90_s)}, 99 % within `
      + `${format.seconds(ttft.p99_s)}.`);
  }

  #draw(ttft: Ttft): void {
    const columns = spread(ttft);
    const most = Math.max(...columns.map((column) => column.requests));
    while (this.#bars.childElementCount > columns.length) this.#bars.lastElementChild?.remove();
    while (this.#bars.childElementCount < columns.length) this.#bars.append(h("i", {}));
    columns.forEach(({ upto_s, requests }, i) => {
      const bar = this.#bars.children[i] as HTMLElement;
      bar.style.setProperty("height", `${(100 * requests) / most}%`);
      setAttribute(bar, "data-late", upto_s > ttft.slo_s ? "" : null);
      setAttribute(bar, "title", `up to ${format.seconds(upto_s)}: `
        + format.plural(requests, "request"));
    });
    setText(this.#low, `≤ ${format.seconds(columns[0]?.upto_s ?? 0)}`);
    setText(this.#high, `≤ ${format.seconds(columns.at(-1)?.upto_s ?? 0)}`);
  }
}

interface Column {
  upto_s: number;
  requests: number;
}

/** The bins in use, neighbours merged until there are few enough to see. Exported for tests. */
export function spread({ bin_s, bin_requests }: Pick<Ttft, "bin_s" | "bin_requests">): Column[] {
  let first = 0;
  let last = bin_requests.length - 1;
  while (first < last && bin_requests[first] === 0) first += 1;
  while (last > first && bin_requests[last] === 0) last -= 1;
  const group = Math.ceil((last - first + 1) / COLUMNS);
  const columns: Column[] = [];
  for (let i = first; i <= last; i += group) {
    const end = Math.min(i + group, last + 1);
    let requests = 0;
    for (let k = i; k < end; k += 1) requests += bin_requests[k] ?? 0;
    columns.push({ upto_s: bin_s[end - 1] ?? 0, requests });
  }
  return columns;
}
