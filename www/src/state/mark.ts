/** A file's mark: what tells whoever opens a link which file it was made with. Never its content:
 *  a name, a size, and a short hash of its beginning. */

export interface FileMark {
  name: string;
  bytes: number;
  /** Of the first 64 KiB; "" where the page may not hash, which browsers allow on secure origins
   *  only. */
  hash: string;
}

/** Two days of one trace seldom differ in size and never begin alike, and this is read at once. */
const HASHED_BYTES = 64 << 10;
/** Letters of the hash: 64 bits, so that no two files of a person meet. */
const HASH_LETTERS = 16;

/** Throws where the file cannot be read. */
export async function markOf(file: File): Promise<FileMark> {
  const { name, size: bytes } = file;
  const beginning = await file.slice(0, HASHED_BYTES).arrayBuffer();
  // Absent on insecure origins, whatever the types say.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return { name, bytes, hash: "" };
  const digest = new Uint8Array(await subtle.digest("SHA-256", beginning));
  const letters = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { name, bytes, hash: letters.slice(0, HASH_LETTERS) };
}

/** Whether two marks are of one file, as far as both tell; its name may have been changed. */
export function isSameFile(one: FileMark, other: FileMark): boolean {
  const hashed = one.hash !== "" && other.hash !== "";
  return one.bytes === other.bytes && (!hashed || one.hash === other.hash);
}

export function writeMark({ name, bytes, hash }: FileMark, out: URLSearchParams): void {
  out.set("file", name);
  out.set("file.bytes", String(bytes));
  if (hash !== "") out.set("file.hash", hash);
}

/** The mark that a link carries, or null; what is no size and no hash is left out. */
export function readMark(given: URLSearchParams): FileMark | null {
  const name = given.get("file");
  const bytes = given.get("file.bytes") ?? "";
  const hash = given.get("file.hash") ?? "";
  if (name === null || !/^\d{1,16}$/.test(bytes)) return null;
  return { name, bytes: Number(bytes), hash: /^[0-9a-f]{16}$/.test(hash) ? hash : "" };
}
