/**
 * The service worker: with the network off, the page that was there last is there again, views
 * that were never opened included. A build is one set of files whose names carry the hash of their
 * content; only the page itself has a name of its own. So the page is asked of the network first,
 * always, and a new build shows at the next load; everything it names comes from what is kept.
 *
 * vite.offline.ts writes it to sw.js, with BUILD, FILES and NAMED before it.
 */

/** The hash of all files; the files themselves; and those of them that the page names. */
declare const BUILD: string;
declare const FILES: string[];
declare const NAMED: string[];

interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  oninstall: ((event: Waiting) => void) | null;
  onactivate: ((event: Waiting) => void) | null;
  onfetch: ((event: Fetching) => void) | null;
}

const scope = self as unknown as Scope;
const root = scope.registration.scope;
const PAGE = "index.html";
/** Other copies of the page may lie on the same origin: each has caches of its own. */
const mine = `kvscope ${root} `;
const kept = mine + BUILD;

scope.oninstall = (event) => event.waitUntil(install());
scope.onactivate = (event) => event.waitUntil(activate());
scope.onfetch = (event) => {
  const { url, method, mode } = event.request;
  if (method !== "GET" || !url.startsWith(root)) return;
  const name = url.slice(root.length).split(/[?#]/)[0] ?? "";
  if (mode === "navigate" && (name === "" || name === PAGE)) event.respondWith(page(event.request));
  else if (name.startsWith("assets/")) event.respondWith(asset(event.request));
  else if (FILES.includes(name)) event.respondWith(freshOrKept(event.request));
  // Anything else is somebody's trace, and none of our business.
};

async function install(): Promise<void> {
  const cache = await caches.open(kept);
  const fetched = FILES.map(async (name) => {
    const hashed = name.startsWith("assets/");
    const answer = await fetch(root + name, { cache: hashed ? "default" : "no-cache" });
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    if (name === PAGE) await isOfThisBuild(answer.clone());
    await cache.put(root + name, answer);
  });
  // Half a build is none: what was there before stays, and the next visit tries again.
  await Promise.all(fetched).catch(async (error: unknown) => {
    await caches.delete(kept);
    throw error;
  });
  await scope.skipWaiting();
}

/** The next build may be deployed while this one is fetched. */
async function isOfThisBuild(answer: Response): Promise<void> {
  const text = await answer.text();
  const missing = NAMED.find((name) => !text.includes(name));
  if (missing !== undefined) throw new Error(`the page does not name ${missing}`);
}

/** The build before this one is kept too, for tabs that have it open. */
async function activate(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(mine) && name !== kept);
  await Promise.all(builds.slice(0, -1).map((name) => caches.delete(name)));
  await scope.clients.claim();
}

async function page(request: Request): Promise<Response> {
  const answer = await fetch(request).catch(() => null);
  if (answer !== null && answer.status < 500) return answer;
  return await keptOne(PAGE) ?? answer ?? Response.error();
}

/** Of whichever build it is: no two files share a name. */
async function asset(request: Request): Promise<Response> {
  return await caches.match(request.url, { ignoreVary: true }) ?? fetch(request);
}

async function freshOrKept(request: Request): Promise<Response> {
  const answer = await fetch(request).catch(() => null);
  return answer ?? await keptOne(request.url.slice(root.length)) ?? Response.error();
}

async function keptOne(name: string): Promise<Response | undefined> {
  return (await caches.open(kept)).match(root + name, { ignoreVary: true });
}
