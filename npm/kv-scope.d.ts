/** `<kv-scope>`, which importing this defines: a cluster that serves a trace, in a page. */

/** What a figure may be handed in place of a workload. */
export type GivenTrace = File | Blob | ArrayBuffer | ReadableStream<Uint8Array>;

/** One cluster in figures, of the run so far; null where there is no such figure. */
export interface LaneFigures {
  name: string;
  hit_rate: number | null;
  top_share: number | null;
  ttft_mean_s: number | null;
  ttft_p99_s: number | null;
}

/** A moment of the run. */
export interface Moment {
  requests: number;
  /** Seconds of the trace. */
  time_s: number;
  done: boolean;
  playing: boolean;
  lanes: LaneFigures[];
}

/** A moment, its picture as a PNG, and the link that opens it. */
export interface Snapshot extends Moment {
  link: string;
  image: Blob | null;
}

/** What the `detail` of each event is. */
export interface Events {
  ready: { version: string };
  progress: { read_bytes: number; total_bytes: number | null; done: boolean };
  frame: Moment;
  done: Moment;
  error: { kind: string; message: string; reasons: string[] };
}

/** The element; its attributes are in custom-elements.json. */
export class KvScope extends HTMLElement {
  /** The trace that it runs on in place of a workload; null takes it away again. */
  trace: GivenTrace | null;
  /** Plays on from where it rests. */
  play(): void;
  /** Rests where it is. */
  pause(): void;
  /** Goes to the moment after so many requests, and rests there. */
  seek(requests: number): void;
  /** The moment that stands there now; null before the first request. */
  snapshot(): Promise<Snapshot | null>;
}

declare global {
  interface HTMLElementTagNameMap {
    "kv-scope": KvScope;
  }
}
