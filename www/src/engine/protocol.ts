/**
 * What the page and its worker say to each other. The page owns pixels, the worker owns the wasm
 * instance and the file; everything between them is one of the messages below.
 */
import type {
  Config,
  Decision,
  Frame,
  KvscopeError,
  Migration,
  ReadReport,
  Study,
  Tables,
} from "../../../src/wasm/kvscope.d.ts";

export type * from "../../../src/wasm/kvscope.d.ts";

/** Where the requests come from. A file is read again from its beginning at every restart. */
export type Source =
  | { kind: "workload"; id: string; seed: string; requests: number }
  | { kind: "file"; file: File }
  | { kind: "url"; url: string; name: string };

export type ToWorker =
  /** The compiled core, once, before anything is answered. */
  | { type: "core"; core: WebAssembly.Module }
  /** Forget the run there may be and start this one. Answers carry its number. */
  | { type: "start"; run: number; config: Config; source: Source; explain: boolean }
  /** Serve at most `max_requests` within `budget_ms`, then answer with one frame. */
  | { type: "advance"; run: number; max_requests: number; budget_ms: number; series: boolean }
  /** Read no further; what was read is served to its end. */
  | { type: "stop_reading"; run: number }
  /** Whether frames bring the latest decision from now on. */
  | { type: "explain"; run: number; wanted: boolean }
  /** The object that the command line prints. */
  | { type: "summary"; run: number }
  /** Figure 5 of Mooncake FAST'25 on this source, apart from the run there may be. */
  | { type: "study"; run: number; source: Source; study: string; seeds: number }
  /** A seed nobody has chosen. */
  | { type: "new_seed"; run: number };

export type FromWorker =
  | { type: "ready"; tables: Tables }
  | { type: "started"; run: number }
  /** `migrations` is the whole list, present when it changed and the series was asked for. */
  | {
      type: "frame";
      run: number;
      frame: Frame;
      migrations: Migration[] | null;
      load: LoadState;
      report: ReadReport;
      /** The latest one, where decisions are wanted. */
      decision: Decision | null;
    }
  | { type: "study"; study: Study }
  | { type: "seed"; seed: string }
  | { type: "summary"; run: number; summary: Record<string, unknown> }
  /** The run cannot go on, and the worker can take another. */
  | { type: "failed"; run: number; failure: Failure }
  /** The wasm instance is gone (a panic, out of memory): only a new worker helps. */
  | { type: "crashed"; message: string };

/** How far reading has come. */
export interface LoadState {
  phase: "reading" | "held" | "complete" | "stopped";
  /** Bytes of the source taken so far, as it lies on disk (compressed where it is). */
  read_bytes: number;
  /** Its size, where known. */
  total_bytes: number | null;
  /** Recent rate while reading; 0 while held back. */
  bytes_per_s: number;
  /** "gzip", "zstd" or "". */
  compression: string;
}

/** An error as data: what the page shows, and beside which control. */
export interface Failure {
  kind: KvscopeError["kind"] | "file";
  message: string;
  reasons: NonNullable<KvscopeError["reasons"]>;
}
