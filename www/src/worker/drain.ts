/** Reads a source to its end into a core that takes it in as it comes and keeps a part. */
import type { Sampler, Source } from "../engine/protocol.ts";
import { openTrace } from "./source.ts";

/** Bytes parsed at a go. */
const SLICE_BYTES = 1 << 20;

/** `heard` is told how many bytes were read, of how many if that is known, else of 0. */
export async function drain(source: Source, into: Sampler, memory: WebAssembly.Memory,
  heard: (done: number, of: number) => void): Promise<void> {
  if (source.kind === "workload") {
    into.synthesize(source.id, source.seed, source.requests);
    return;
  }
  const bytes = await openTrace(source);
  try {
    for (let chunk = await bytes.pull(); chunk !== null; chunk = await bytes.pull()) {
      for (let at = 0; at < chunk.byteLength; at += SLICE_BYTES) {
        const slice = chunk.subarray(at, at + SLICE_BYTES);
        const pointer = into.reserve(slice.byteLength);
        // Made anew each time: the memory may have grown, and old views are dead then.
        new Uint8Array(memory.buffer, pointer, slice.byteLength).set(slice);
        into.commit(slice.byteLength);
      }
      heard(bytes.read_bytes, bytes.total_bytes ?? 0);
    }
    into.finish();
  } finally {
    bytes.close();
  }
}
