/** A trace that the host page hands over, as the file that a run reads as often as it has to. */

export type GivenTrace = File | Blob | ArrayBuffer | ReadableStream<Uint8Array>;

/** A stream can be read once, and a run more often: it is kept, so it may not be endless. */
export const MOST_STREAMED = 1 << 30;

export class NoTrace extends Error {}

export function isTrace(value: unknown): value is GivenTrace {
  return value instanceof Blob || value instanceof ArrayBuffer || value instanceof ReadableStream;
}

/** `told` hears how many bytes of a stream have come. */
export async function fileOf(
  trace: GivenTrace, given: AbortSignal, told: (bytes: number) => void,
): Promise<File> {
  if (trace instanceof File) return trace;
  if (trace instanceof ReadableStream) return streamed(trace, given, told);
  return new File([trace], "the trace of this page");
}

async function streamed(
  stream: ReadableStream<Uint8Array>, given: AbortSignal, told: (bytes: number) => void,
): Promise<File> {
  const parts: Blob[] = [];
  let bytes = 0;
  const reader = stream.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  given.addEventListener("abort", stop);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done || given.aborted) break;
      bytes += value.byteLength;
      if (bytes > MOST_STREAMED) throw new NoTrace("The stream is longer than 1 GiB. Hand over a "
        + "File or a Blob, which is read in pieces.");
      // A blob is the browser's to keep, on disk where it is large.
      parts.push(new Blob([value as Uint8Array<ArrayBuffer>]));
      told(bytes);
    }
  } catch (error) {
    stop();
    if (error instanceof NoTrace) throw error;
    throw new NoTrace(`The stream broke off: ${error instanceof Error ? error.message : error}`);
  } finally {
    given.removeEventListener("abort", stop);
  }
  return new File(parts, "the stream of this page");
}
