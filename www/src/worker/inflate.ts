/** Compressed traces: told by their first bytes, never by their name. */
import { Gunzip } from "fflate";
import { Decompress } from "fzstd";
import { integer } from "../text/format.ts";
import { DamagedFile, ReadFailure } from "./failure.ts";
import type { ByteSource, RawSource } from "./source.ts";

export function compressionOf(head: Uint8Array | null): string {
  if (head === null) return "";
  const starts = (...magic: number[]) => magic.every((byte, i) => head[i] === byte);
  if (starts(0x1f, 0x8b)) return "gzip";
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return "zstd";
  return "";
}

/** What a decompressor of the library kind looks like: push in, chunks come out. */
type Push = (chunk: Uint8Array, last: boolean) => void;

/**
 * A compressed source. Gzip goes through the browser's own decompressor, which is quick and
 * refuses files of several members (`cat a.gz b.gz`, bgzip); then the file is read again from
 * its beginning by the slower one, which does not, leaving out what was already handed on.
 */
export class Inflated implements ByteSource {
  readonly compression: string;
  #raw: ByteSource;
  #pull: (() => Promise<Uint8Array | null>) | null = null;
  #delivered = 0;
  #slow = false;
  readonly #reopen: () => Promise<RawSource>;

  constructor(compression: string, raw: ByteSource, reopen: () => Promise<RawSource>) {
    this.compression = compression;
    this.#raw = raw;
    this.#reopen = reopen;
  }

  get read_bytes(): number {
    return this.#raw.read_bytes;
  }
  get total_bytes(): number | null {
    return this.#raw.total_bytes;
  }

  async pull(): Promise<Uint8Array | null> {
    this.#pull ??= this.#quick();
    try {
      const chunk = await this.#pull();
      this.#delivered += chunk?.byteLength ?? 0;
      return chunk;
    } catch (error) {
      if (error instanceof ReadFailure) throw error;
      if (this.#slow) throw this.#damaged();
      await this.#restartSlowly();
      return this.pull();
    }
  }

  close(): void {
    this.#raw.close();
  }

  #quick(): () => Promise<Uint8Array | null> {
    if (this.compression !== "gzip" || typeof DecompressionStream === "undefined") {
      return async () => {
        throw new TypeError("no decompressor of the browser's own");
      };
    }
    const raw = this.#raw;
    const compressed = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const chunk = await raw.pull();
        if (chunk === null) controller.close();
        else controller.enqueue(chunk.slice());
      },
    });
    const reader = compressed.pipeThrough(new DecompressionStream("gzip")).getReader();
    return async () => (await reader.read()).value ?? null;
  }

  async #restartSlowly(): Promise<void> {
    this.#slow = true;
    const skip = this.#delivered;
    this.#raw.close();
    const raw = await this.#reopen();
    this.#raw = raw;
    const out: Uint8Array[] = [];
    const push = decompressor(this.compression, (chunk) => out.push(chunk));
    let seen = 0;
    let ended = false;
    this.#pull = async () => {
      for (;;) {
        const chunk = out.shift();
        if (chunk !== undefined) {
          const fresh = chunk.subarray(Math.min(Math.max(skip - seen, 0), chunk.byteLength));
          seen += chunk.byteLength;
          if (fresh.byteLength > 0) return fresh;
        } else if (ended) {
          return null;
        } else {
          const compressed = await raw.pull();
          ended = compressed === null;
          push(compressed?.slice() ?? new Uint8Array(0), ended);
        }
      }
    };
    this.#delivered = skip;
  }

  #damaged(): DamagedFile {
    return new DamagedFile(
      `The ${this.compression} data is damaged or cut short after ` +
        `${integer(this.#delivered)} bytes of trace; everything before is here.`,
    );
  }
}

/** Part of the script of the worker that reads: loading one when a file needs it would be a
 *  request. */
function decompressor(compression: string, out: (chunk: Uint8Array) => void): Push {
  if (compression === "gzip") {
    const gunzip = new Gunzip(out);
    return (chunk, last) => gunzip.push(chunk, last);
  }
  const unzstd = new Decompress(out);
  return (chunk, last) => unzstd.push(chunk, last);
}
