/** A trace behind an address: fetched as it is, and whatever else comes back is told in words. */
import { ReadFailure } from "./failure.ts";
import { RawSource } from "./source.ts";

const BY_HAND = "Download the file and drop it here";

/** `stop` gives up what is on its way. Nothing is sent along: no cookie to others, no referrer. */
export async function openUrl(url: string, stop?: AbortSignal): Promise<RawSource> {
  const response = await answerOf(url, stop);
  const { body, headers } = response;
  if (!response.ok || body === null) {
    throw new ReadFailure(`${url} could not be read: ${refusal(response.status)}`);
  }
  const length = Number(headers.get("content-length") ?? Number.NaN);
  const encoded = headers.get("content-encoding") !== null;
  return new RawSource(body, Number.isFinite(length) && !encoded ? length : null,
    `The connection broke off while ${url} was being read. The figures cover what came; restart `
    + "to fetch it again.", (head) => refuseOthers(url, head));
}

async function answerOf(url: string, stop?: AbortSignal): Promise<Response> {
  const signal = stop ?? null;
  try {
    return await fetch(url, { referrerPolicy: "no-referrer", signal });
  } catch {
    if (signal?.aborted) throw new ReadFailure(`Reading ${url} was given up.`);
    throw new ReadFailure(await whyNone(url, signal));
  }
}

/** Browsers do not say whether nobody answered or the answer may not be used here; one more
 *  question, whose answer cannot be read, tells. */
async function whyNone(url: string, signal: AbortSignal | null): Promise<string> {
  const { origin, host } = new URL(url);
  const own = origin === self.origin;
  const answers = !own && await fetch(url, { method: "HEAD", mode: "no-cors", signal,
    referrerPolicy: "no-referrer" }).then(() => true, () => false);
  if (!answers) {
    return `${url} could not be read: no server answers there${navigator.onLine
      ? ". Is the address right?" : ", and this machine is offline."}`;
  }
  return `${host} has the file, and does not let pages of other sites read it: it would have to `
    + `send the header Access-Control-Allow-Origin (CORS). ${BY_HAND}, or put it where this is `
    + "allowed, as raw.githubusercontent.com does.";
}

/** What a status means to somebody who wants the file. */
function refusal(status: number): string {
  if (status === 404 || status === 410) {
    return `the server answered ${status}, there is no such file. Check the name and the folder, `
      + "and whether it is public.";
  }
  if (status === 401 || status === 403) {
    return `the server answered ${status}, not without signing in, which this page does nowhere. `
      + `${BY_HAND}.`;
  }
  if (status === 429 || status >= 500) {
    return `the server answered ${status}, not now. Restart to try again, or: ${BY_HAND}.`;
  }
  return `the server answered ${status} and sent no file. ${BY_HAND}.`;
}

/** Whatever the server calls it, the first bytes tell. */
function refuseOthers(url: string, head: Uint8Array): void {
  const text = new TextDecoder().decode(head.subarray(0, 256)).trimStart().toLowerCase();
  if (/^<(!doctype html|html|head|!--)/.test(text)) {
    throw new ReadFailure(`${url} is a web page and not a trace, whatever it shows. Use the `
      + `address of the file itself (“Raw”, “Download”), or: ${BY_HAND}.`);
  }
  if (text.startsWith("version https://git-lfs.github.com/")) {
    throw new ReadFailure(`${url} is a pointer of Git LFS and not the file it stands for. `
      + `${BY_HAND}.`);
  }
}
