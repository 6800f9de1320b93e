/** The address of a trace, as somebody types it or a link carries it: which are fetched, and why
 *  others are not. */

/** `trace` is what a link says, `url` what is fetched. */
export type Address = { trace: string; url: string; name: string } | { refused: string };

const REFUSED: Record<string, string> = {
  "javascript:": "An address that begins with “javascript:” is a program and no trace. It was not "
    + "run.",
  "data:": "An address that begins with “data:” is the data itself. Save it as a file and open "
    + "that.",
  "file:": "A page may not read files by their address. Drop the file here, or choose it with "
    + "“Open trace…”.",
  "blob:": "An address that begins with “blob:” is known to one tab only, and this is another. "
    + "Open the file itself.",
};

/** `base` is where the page lies. */
export function readAddress(text: string, base: string): Address {
  const trimmed = text.trim();
  const url = parsed(trimmed, base);
  if (trimmed === "" || url === null) {
    return { refused: `“${shortened(trimmed)}” is no address. One begins with https://, or is a `
      + "path beside this page." };
  }
  // A blob's origin is the page's own, too.
  const own = /^https?:$/.test(url.protocol) && url.origin === new URL(base).origin;
  if (!own && url.protocol !== "https:") return { refused: whyNot(url) };
  if (url.username !== "" || url.password !== "") {
    return { refused: "The address has a name or a password in it, which a link would give away "
      + "and browsers refuse to send. Download the file and drop it here." };
  }
  url.hash = "";
  const raw = rawOf(url);
  return { trace: own ? trimmed : raw.href, url: raw.href, name: nameOf(raw) };
}

function parsed(text: string, base: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

function whyNot({ protocol }: URL): string {
  return REFUSED[protocol] ?? (protocol === "http:"
    ? "An address that begins with http:// is not fetched: what comes that way can be changed on "
      + "it. Use https://, or download the file and drop it here."
    : `Addresses that begin with “${shortened(protocol)}” are not fetched: only https:// is, and `
      + "what lies beside this page.");
}

/** Where a page that shows a file has the file itself: GitHub's pages of files and gists. */
function rawOf(url: URL): URL {
  const [owner, second, kind, ...path] = url.pathname.split("/").slice(1);
  const inRepository = kind === "blob" || kind === "raw";
  if (url.host === "github.com" && inRepository && path.length >= 2) {
    return new URL(`https://raw.githubusercontent.com/${[owner, second, ...path].join("/")}`);
  }
  if (url.host === "gist.github.com" && second !== undefined && kind === undefined) {
    return new URL(`https://gist.githubusercontent.com/${owner}/${second}/raw`);
  }
  return url;
}

/** The last part of its path, in the letters it is meant in. */
function nameOf({ pathname, host }: URL): string {
  const last = pathname.split("/").findLast((step) => step !== "") ?? host;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

const MOST_LETTERS = 60;

function shortened(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
}
