/**
 * What the page does itself while a run plays: `node --import tsx e2e/play.ts`. Plays four lanes of
 * 16 nodes and then one run of 256, each at the speed at which its requests are seen, and prints, a
 * line each: name, value, what was counted. Not a test.
 *
 * Work is processor time of a thread, everything that is done on it (script, style, layout,
 * painting, collecting garbage), summed from one animation frame to the next: waiting for a busy
 * machine does not count. There are the page's own thread and the one of the worker that draws the
 * clusters. Tasks over 50 ms of the page's own are what a person feels, so they are by the clock;
 * what the machine makes of a page that does as little (bare.ts) stands beside them.
 */
import type { Browser } from "playwright-core";
import { part } from "./actions.ts";
import { bare } from "./bare.ts";
import { launch, openPage, serve } from "./harness.ts";

/** What a person feels as a stutter. */
const LONG_MS = 50;
const PLAYED_MS = 12_000;
/** What is compiled, laid out and filled for the first time is not playing. */
const BEGUN_MS = 3000;

const SHARED = { v: "1", workload: "conversation", clock: "timed", eviction: "lru", speed: "300" };
const LANES = { nodes: "16", capacity_blocks: "1000", router: "cache_aware",
  "b.router": "conductor", "c.router": "round_robin", "d.router": "least_requests" };
const NODES = { nodes: "256", capacity_blocks: "200", router: "cache_aware" };

/** An event of Chromium's trace: microseconds, `tdur` of the processor. */
interface Traced {
  name: string; pid: number; tid: number; ts: number; dur?: number; tdur?: number;
  args?: { name?: string };
}

interface Task {
  from: number;
  ms: number;
  busy_ms: number;
}

interface Thread {
  tasks: Task[];
  /** When its animation frames began. */
  frames: number[];
}

const served = await serve({ "/bare.html": bare });
const browser = await launch();
try {
  await play("four_lanes", LANES);
  await play("nodes_256", NODES);
  await playBare();
} finally {
  await browser.close();
  await served.close();
}

async function play(name: string, settings: Record<string, string>): Promise<void> {
  const link = new URLSearchParams({ ...SHARED, ...settings }).toString();
  const { page, errors } = await openPage(browser, `${served.address}#${link}`);
  await page.waitForTimeout(BEGUN_MS);
  const events = await traced(browser, () => page.waitForTimeout(PLAYED_MS));
  if (await part(page, "play").getAttribute("data-state") !== "playing") {
    throw new Error(`${name} had ended before it was measured`);
  }
  if (errors.length > 0) throw new Error(errors.join("; "));
  await page.context().close();
  const { page: own, painter } = threads(events);
  tellTasks(name, own);
  const counted = `${painter.frames.length} frames`;
  tell(`${name}/painted_work_p99_ms`, quantile(workOf(painter), 0.99), counted);
  tell(`${name}/painted_work_median_ms`, quantile(workOf(painter), 0.5), counted);
  tell(`${name}/painted_frame_p99_ms`, quantile(apart(painter.frames), 0.99), counted);
  tell(`${name}/painted_frames`, painter.frames.length, counted);
}

/** The same of a page that computes a little in each frame. */
async function playBare(): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${served.address}bare.html`);
  await page.waitForTimeout(BEGUN_MS);
  const events = await traced(browser, () => page.waitForTimeout(PLAYED_MS));
  await context.close();
  tellTasks("bare", threads(events).page);
}

function tellTasks(name: string, { tasks, frames }: Thread): void {
  const counted = `${frames.length} frames`;
  tell(`${name}/work_p99_ms`, quantile(workOf({ tasks, frames }), 0.99), counted);
  tell(`${name}/work_median_ms`, quantile(workOf({ tasks, frames }), 0.5), counted);
  tell(`${name}/frame_p99_ms`, quantile(apart(frames), 0.99), counted);
  tell(`${name}/long_tasks`, tasks.filter(({ ms }) => ms > LONG_MS).length, counted);
  tell(`${name}/longest_task_ms`, Math.max(0, ...tasks.map(({ ms }) => ms)), counted);
  tell(`${name}/longest_task_busy_ms`, Math.max(0, ...tasks.map((task) => task.busy_ms)), counted);
}

/** What Chromium does meanwhile. */
async function traced(of: Browser, meanwhile: () => Promise<void>): Promise<Traced[]> {
  const categories = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"];
  await of.startTracing(undefined, { categories });
  await meanwhile();
  const { traceEvents } = JSON.parse((await of.stopTracing()).toString()) as
    { traceEvents: Traced[] };
  return traceEvents;
}

/** The two threads that have animation frames: the page's own, and that of a worker. */
function threads(events: readonly Traced[]): { page: Thread; painter: Thread } {
  const mains = new Set(events.filter(({ name, args }) => name === "thread_name"
    && args?.name === "CrRendererMain").map(keyOf));
  const drawing = new Set(events.filter(({ name }) => name === "FireAnimationFrame").map(keyOf));
  const only = (ofPage: boolean): Thread => {
    const [key, more] = [...drawing].filter((key) => mains.has(key) === ofPage);
    if (key === undefined || more !== undefined) throw new Error("not one page and one painter");
    return threadOf(key, events);
  };
  return { page: only(true), painter: only(false) };
}

function keyOf({ pid, tid }: Traced): string {
  return `${pid} ${tid}`;
}

function threadOf(key: string, events: readonly Traced[]): Thread {
  const named = (wanted: string) =>
    events.filter((event) => event.name === wanted && keyOf(event) === key);
  return {
    tasks: named("RunTask").map(({ ts, dur = 0, tdur = 0 }) =>
      ({ from: ts, ms: dur / 1000, busy_ms: tdur / 1000 })).toSorted((a, b) => a.from - b.from),
    frames: named("FireAnimationFrame").map(({ ts }) => ts).toSorted((a, b) => a - b),
  };
}

/** What was done from each frame to the next. */
function workOf({ tasks, frames }: Thread): number[] {
  return frames.slice(1).map((to, i) => sum(tasks
    .filter(({ from }) => frames[i]! <= from && from < to).map(({ busy_ms }) => busy_ms)));
}

function apart(frames: readonly number[]): number[] {
  return frames.slice(1).map((to, i) => (to - frames[i]!) / 1000);
}

function tell(name: string, value: number, counted: string): void {
  process.stdout.write(`play/${name}\t${value}\t1\t\t${counted}\n`);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
