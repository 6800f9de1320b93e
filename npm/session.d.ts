/** Replays a request trace of an LLM serving cluster without a page: browsers, Node and Deno. */
import type { Comparison, OtherLane } from "./compare.d.ts";
import type { Config, Decision, Frame, Migration, ReadReport, Tables } from "./kvscope.d.ts";

export type * from "./compare.d.ts";
export type * from "./kvscope.d.ts";
export type * from "./monitoring.d.ts";

/** Bytes, or text in UTF-8. */
export type Chunk = Uint8Array | ArrayBuffer | string;

/** One to four configurations serving one trace in lock-step. Every method throws a
 *  `KvscopeError` that names what was found and what was expected. */
export class Session {
  /** A session whose trace comes in chunks; loads the core when it is the first. */
  static read(config: Config | Config[]): Promise<Session>;
  /** A session on a built-in workload. `seed` is a decimal u64. */
  static workload(config: Config | Config[], id: string,
    options?: { seed?: string; requests?: number }): Promise<Session>;
  private constructor();
  /** Parses a chunk of the trace: any size, cut anywhere. It is not decompressed. */
  push(chunk: Chunk): void;
  /** Parses all that comes, and serves while it comes, so that memory does not grow with it. */
  pushAll(chunks: AsyncIterable<Chunk> | Iterable<Chunk> | ReadableStream<Uint8Array> | Blob)
    : Promise<void>;
  /** The trace has ended. */
  finish(): void;
  /** Serves at most n of the requests that wait; returns how many. */
  step(n: number): number;
  /** Serves every request that waits, and after `finish` the rest; returns how many. */
  run(): number;
  /** Requests parsed and not served yet. */
  readonly waiting: number;
  /** Keeps the trace and checkpoints within so many MiB, so that `seek` may go back; before the
   *  first step. */
  remember(mebibytes: number): void;
  /** Goes to the moment after request n, as far as the trace has come; returns where that is. */
  seek(n: number): number;
  /** The first lane as it stands; with `series`, its course too. */
  frame(series?: boolean): Frame;
  /** The other lanes as they stand. */
  others(series?: boolean): OtherLane[];
  /** What `kvscope run --json` prints, of the first lane. */
  summary(): Record<string, unknown>;
  /** The same of every lane. */
  summaries(): Record<string, unknown>[];
  /** The lanes beside each other; two at least. */
  comparison(): Comparison;
  /** Migrations of the first lane (the first 10,000). */
  migrations(): Migration[];
  /** What the reader has seen: format, units, bad lines. */
  report(): ReadReport;
  /** Whether decisions are taken down from now on. */
  explain(wanted: boolean): void;
  /** The latest decision taken down. */
  decision(): Decision | null;
  /** Gives the memory back; nothing else may be called after it. */
  free(): void;
}

/** Every policy, workload, preset and setting, with parameters, ranges and help. */
export function policies(): Promise<Tables>;
