/**
 * What the page around a frame may say to the figure in it, and what it hears. Everything that
 * comes in is looked at before anything is done, and nothing in it is an address to fetch. Pure.
 */

/** Of this conversation; a message of another version is answered by an error. */
export const PROTOCOL = 1;

/** What may be configured from outside: all that a figure takes, but for `src`. */
export const CONFIGURABLE = ["figure", "config", "view", "seed", "nodes", "router", "eviction",
  "capacity", "speed", "theme", "controls", "paused"] as const;

/** No attribute needs more letters, and no trace that is copied may have more bytes. */
export const MOST_LETTERS = 8192;
export const MOST_BYTES = 256 << 20;

export type Trace = Blob | ArrayBuffer | ReadableStream<Uint8Array>;
export type Attributes = Record<string, string | null>;

export type Command =
  | { type: "ping" | "play" | "pause" | "snapshot" }
  | { type: "seek"; requests: number }
  | { type: "load"; trace: Trace | null }
  | { type: "configure"; attributes: Attributes };

/** A number or a text of the sender's own, which the answer carries. */
export type Id = string | number | null;

export type Read = { id: Id; command: Command } | { id: Id; why: string };

/** Null where the message is none of this conversation: a page's parts say many things. */
export function read(data: unknown): Read | null {
  if (typeof data !== "object" || data === null || !("kvscope" in data)) return null;
  const message = data as Record<string, unknown>;
  const { id: given } = message;
  const id = typeof given === "number" || (typeof given === "string" && given.length <= 100)
    ? given : null;
  if (message["kvscope"] !== PROTOCOL) {
    return { id, why: `kvscope is ${shown(message["kvscope"])}; this frame speaks ${PROTOCOL}.` };
  }
  const command = commandOf(message);
  return typeof command === "string" ? { id, why: command } : { id, command };
}

/** What is asked for, or why it cannot be. */
function commandOf({ type, requests, trace, attributes }: Record<string, unknown>)
  : Command | string {
  switch (type) {
    case "ping":
    case "play":
    case "pause":
    case "snapshot":
      return { type };
    case "seek":
      if (typeof requests === "number" && Number.isFinite(requests) && requests >= 0) {
        return { type, requests };
      }
      return `seek takes requests, a number from 0 on, and not ${shown(requests)}.`;
    case "load":
      return loaded(trace);
    case "configure":
      return configured(attributes);
    default:
      return `type is ${shown(type)}, and not one of ping, load, configure, play, pause, seek, `
        + "snapshot.";
  }
}

function loaded(trace: unknown): Command | string {
  if (trace === null || trace instanceof Blob || trace instanceof ReadableStream) {
    return { type: "load", trace };
  }
  if (!(trace instanceof ArrayBuffer)) {
    return "load takes trace, a File, a Blob, an ArrayBuffer, a ReadableStream or null (never an "
      + `address), and not ${shown(trace)}.`;
  }
  if (trace.byteLength <= MOST_BYTES) return { type: "load", trace };
  return `trace is an ArrayBuffer of ${trace.byteLength} bytes; one may have ${MOST_BYTES}. Send a `
    + "File or a Blob, which is read in pieces.";
}

function configured(attributes: unknown): Command | string {
  if (typeof attributes !== "object" || attributes === null || Array.isArray(attributes)) {
    return `configure takes attributes, an object, and not ${shown(attributes)}.`;
  }
  const told: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (!CONFIGURABLE.some((one) => one === name)) {
      return `${shown(name)} cannot be configured; what can is ${CONFIGURABLE.join(", ")}.`;
    }
    if (value === null) told[name] = null;
    else if (typeof value === "string" || typeof value === "number") told[name] = String(value);
    else return `${name} takes a text, a number or null, and not ${shown(value)}.`;
    if ((told[name]?.length ?? 0) > MOST_LETTERS) {
      return `${name} has ${told[name]?.length} letters; it may have ${MOST_LETTERS}.`;
    }
  }
  return { type: "configure", attributes: told };
}

/** What came in, short enough to be read. */
function shown(value: unknown): string {
  if (typeof value === "string") {
    return `“${value.length > 60 ? `${value.slice(0, 60)}…` : value}”`;
  }
  if (typeof value === "number" || typeof value === "boolean" || value === null) {
    return String(value);
  }
  return value === undefined ? "nothing" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

/**
 * Whom the frame listens to. `asked` is what its address says by `origin`: one origin, `*` for
 * whoever the parent is, or nothing, and then the first ping's origin is it. Null is nobody: the
 * parent has no origin of its own, and was not let in by `*`.
 */
export function originOf(asked: string | null, ping: string): string | null {
  if (asked === "*") return ping === "null" ? "*" : ping;
  if (asked !== null) return asked === ping ? asked : null;
  return ping === "null" ? null : ping;
}
