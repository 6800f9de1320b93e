/** A figure that has a frame to itself, and the conversation with the page around it. */
import { VIEWS } from "../state/setup.ts";
import { PROTOCOL, originOf, read, type Command, type Id } from "./messages.ts";

/** What a conversation has to do with of a `<kv-scope>`. */
export interface Figure extends HTMLElement {
  trace: Blob | ArrayBuffer | ReadableStream<Uint8Array> | null;
  play(): void;
  pause(): void;
  seek(requests: number): void;
  snapshot(): Promise<unknown>;
}

const TOLD = ["progress", "frame", "done", "error"] as const;

/** What the frame's address says: `?origin=` who may talk to it; the fragment what runs, as a link
 *  or with the names of attributes. Whoever wrote the address asked for a trace it names. */
export function addressed(): Record<string, string> {
  const told = new URLSearchParams(location.hash.slice(1));
  const attributes: Record<string, string> = {};
  for (const name of ["figure", "view", "theme", "controls", "paused"]) {
    const value = told.get(name);
    // A link of the page says which of its views is open by the same word.
    if (value === null || (name === "view" && VIEWS.some((view) => view === value))) continue;
    attributes[name] = value;
    told.delete(name);
  }
  const trace = told.get("trace");
  told.delete("trace");
  if (trace !== null) attributes["src"] = trace;
  if (told.size > 0) attributes["config"] = told.toString();
  return attributes;
}

/** Answers the page around the frame from its first message on. */
export function converse(figure: Figure, version: string): void {
  const asked = new URLSearchParams(location.search).get("origin");
  let origin: string | null = null;
  const tell = (message: Record<string, unknown>): void => {
    if (origin !== null) parent.postMessage({ kvscope: PROTOCOL, ...message }, origin);
  };
  for (const type of TOLD) {
    figure.addEventListener(type, ({ detail }: CustomEventInit<unknown>) => tell({ type, detail }));
  }
  addEventListener("message", (event) => {
    // Whoever is not the page around the frame hears nothing, not even that it is not heard.
    if (parent === self || event.source !== parent) return;
    const from = originOf(asked, event.origin);
    if (from === null || (origin !== null && origin !== from)) return;
    const heard = read(event.data);
    if (heard === null) return;
    origin ??= "command" in heard && heard.command.type === "ping" ? from : origin;
    // Before the first ping there is nobody to answer.
    if (origin === null) return;
    const { id } = heard;
    const fail = (message: string) =>
      tell({ type: "error", id, detail: { kind: "message", message, reasons: [] } });
    if ("why" in heard) return fail(heard.why);
    obey(figure, heard.command, version, id, tell).catch((error: unknown) =>
      fail(error instanceof Error ? error.message : String(error)));
  });
}

async function obey(figure: Figure, command: Command, version: string, id: Id,
  tell: (message: Record<string, unknown>) => void): Promise<void> {
  switch (command.type) {
    case "ping":
      return tell({ type: "ready", id, detail: { version } });
    case "play":
      return figure.play();
    case "pause":
      return figure.pause();
    case "seek":
      return figure.seek(command.requests);
    case "snapshot":
      return tell({ type: "snapshot", id, detail: await figure.snapshot() });
    case "load":
      figure.trace = command.trace;
      return;
    case "configure":
      for (const [name, value] of Object.entries(command.attributes)) {
        if (value === null) figure.removeAttribute(name);
        else figure.setAttribute(name, value);
      }
  }
}
