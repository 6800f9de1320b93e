/**
 * What a machine makes of a page that does next to nothing, to stand beside what ours does: 2 ms of
 * arithmetic in each frame and 6 in every tenth, less than our page works while four lanes play,
 * beside two workers of which one works 5 ms in each frame and one 2 ms sixty times a second. How
 * much arithmetic a millisecond is, is measured first.
 */
import type { ServerResponse } from "node:http";

const SCRIPT = `
const work = (n) => {
  let x = 0;
  for (let i = 0; i < n; i += 1) x += Math.sqrt(x + i);
  return x;
};
const amounts = [3e6, 3e6, 3e6].map((n) => {
  const begun = performance.now();
  work(n);
  return n / (performance.now() - begun);
});
const per_ms = Math.max(...amounts);
const eachFrame = (act) => requestAnimationFrame(() => {
  act();
  eachFrame(act);
});`;

const PAGE = `<!doctype html><title>A bare page</title><canvas width="800" height="600"></canvas>
<script>${SCRIPT}
const addressOf = (text) => URL.createObjectURL(new Blob([${JSON.stringify(SCRIPT)}, text]));
const begin = (text) => new Worker(addressOf(text));
begin("eachFrame(() => work(5 * per_ms));");
begin("setInterval(() => work(2 * per_ms), 16);");
const pen = document.querySelector("canvas").getContext("2d");
let frame = 0;
eachFrame(() => {
  frame += 1;
  work((frame % 10 === 0 ? 6 : 2) * per_ms);
  pen.fillRect(frame % 800, 0, 3, 600);
});
</script>`;

export function bare(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE);
}
