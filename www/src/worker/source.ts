/** A trace as bytes, pulled one chunk at a time. While a chunk is worked at the next one is read;
 *  nothing is before the first is asked for. */
import { openUrl } from "./address.ts";
import { ReadFailure } from "./failure.ts";
import { Inflated, compressionOf } from "./inflate.ts";
import type { TraceSource } from "./run.ts";

/** Whoever pulls is done with a chunk before pulling the next: its buffer may be used again. */
export interface ByteSource {
  pull(): Promise<Uint8Array | null>;
  /** Bytes taken from the source as it lies there, compressed or not. */
  readonly read_bytes: number;
  readonly total_bytes: number | null;
  readonly compression: string;
  close(): void;
}

/** What Chromium gives at most at a time. Of two such buffers one is filled while the other is
 *  worked at. */
const VIEW_BYTES = 2 << 20;

/** Opens a trace, wherever it lies. */
export function openTrace(source: TraceSource, stop?: AbortSignal): Promise<ByteSource> {
  return openSource(() => (source.kind === "file" ? openFile(source.file)
    : openUrl(source.url, stop)));
}

/** Opens a source at its beginning, looking at its first bytes for compression. */
export async function openSource(open: () => Promise<RawSource>): Promise<ByteSource> {
  const raw = await open();
  const head = await raw.pull();
  const compression = compressionOf(head);
  const first = new Prepended(head, raw);
  if (compression === "") return first;
  return new Inflated(compression, first, open);
}

/** Bytes of a file or a response, uncompressed as far as this class knows. */
export class RawSource implements ByteSource {
  read_bytes = 0;
  readonly compression = "";
  readonly total_bytes: number | null;
  readonly #reader: Reader;
  readonly #failing: string;
  readonly #look: (head: Uint8Array) => void;
  /** The chunk that is on its way. */
  #next: Promise<Uint8Array | null> | null = null;

  /** `failing` is what a person is told when reading breaks off; `look` throws where the first
   *  bytes are those of something else. */
  constructor(stream: ReadableStream<Uint8Array>, total_bytes: number | null, failing: string,
    look: (head: Uint8Array) => void = () => undefined) {
    this.total_bytes = total_bytes;
    this.#failing = failing;
    this.#look = look;
    this.#reader = readerOf(stream);
  }

  async pull(): Promise<Uint8Array | null> {
    for (;;) {
      const next = this.#next ?? this.#reader.read();
      this.#next = null;
      const chunk = await next.catch(() => {
        throw new ReadFailure(this.#failing);
      });
      if (chunk === null) return null;
      if (this.read_bytes === 0 && chunk.byteLength > 0) this.#look(chunk);
      this.read_bytes += chunk.byteLength;
      this.#readAhead();
      if (chunk.byteLength > 0) return chunk;
    }
  }

  #readAhead(): void {
    this.#next = this.#reader.read();
    // Told to whoever pulls it, and to nobody if nobody does.
    this.#next.catch(() => undefined);
  }

  close(): void {
    void this.#reader.cancel().catch(() => undefined);
  }
}

const nothing = () => new ReadableStream<Uint8Array>({ start: (ended) => ended.close() });

export async function openFile(file: File): Promise<RawSource> {
  // The stream of no bytes fails, or never ends, when it is read into a buffer of our own.
  const stream = file.size === 0 ? nothing() : file.stream();
  return new RawSource(stream, file.size,
    `${file.name} changed on disk, or can no longer be read. Open it again.`);
}

interface Reader {
  /** The next chunk, which stays as it is until the chunk after it has come and one more is asked
   *  for. */
  read(): Promise<Uint8Array | null>;
  cancel(): Promise<void>;
}

/** A reader into large buffers of our own where the browser has one: about twice the rate. */
function readerOf(stream: ReadableStream<Uint8Array>): Reader {
  let byob: ReadableStreamBYOBReader;
  try {
    byob = stream.getReader({ mode: "byob" });
  } catch {
    const plain = stream.getReader();
    return {
      read: async () => (await plain.read()).value ?? null,
      cancel: () => plain.cancel(),
    };
  }
  // The one longest not used is filled next.
  const buffers = [new ArrayBuffer(VIEW_BYTES), new ArrayBuffer(VIEW_BYTES)];
  return {
    async read() {
      const { value, done } = await byob.read(new Uint8Array(buffers.shift()!));
      if (done || value === undefined) return null;
      buffers.push(value.buffer);
      return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    },
    cancel: () => byob.cancel(),
  };
}

/** Puts back a chunk that was taken to look at it. */
class Prepended implements ByteSource {
  #head: Uint8Array | null;
  readonly #rest: ByteSource;

  constructor(head: Uint8Array | null, rest: ByteSource) {
    this.#head = head;
    this.#rest = rest;
  }

  get read_bytes(): number {
    return this.#rest.read_bytes;
  }
  get total_bytes(): number | null {
    return this.#rest.total_bytes;
  }
  get compression(): string {
    return this.#rest.compression;
  }

  async pull(): Promise<Uint8Array | null> {
    const head = this.#head;
    if (head === null) return this.#rest.pull();
    this.#head = null;
    return head;
  }

  close(): void {
    this.#rest.close();
  }
}
