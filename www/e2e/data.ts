/** The real trace and what it must give, where this machine has them. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

export interface Vector {
  nodes: number;
  capacity: number;
  eviction: string;
  router: string;
  params?: Record<string, string | number | boolean>;
  expect: Record<string, number | number[]>;
}

const beside = (path: string) => fileURLToPath(new URL(`../../../shared/${path}`, import.meta.url));
const TRACE = join(process.env["KVSCOPE_TRACES"] ?? beside("traces"), "conversation_trace.jsonl");
const VECTORS = join(process.env["KVSCOPE_VECTORS"] ?? beside("vectors"), "conversation.json");

/** Why the tests on the real trace cannot run, or false. Said aloud: a skip must be seen. */
export function unavailable(test: string): string | false {
  const missing = [TRACE, VECTORS].find((path) => !existsSync(path));
  if (missing === undefined) return false;
  const reason = `${missing} is not there`;
  process.stdout.write(`SKIPPED ${test}: ${reason}\n`);
  return reason;
}

export const tracePath = (): string => TRACE;

export interface TimedVector {
  nodes: number;
  capacity: number;
  eviction: string;
  router: string;
  flops: number;
  bandwidth_bytes_s: number;
  expect: { mean_ttft_s: number; p99: number; transferred_blocks: number };
}

export function timedVector(router: string): TimedVector {
  const { timed } = JSON.parse(readFileSync(VECTORS, "utf8")) as { timed: TimedVector[] };
  const found = timed.find((v) => v.router === router);
  if (found === undefined) throw new Error(`no timed vector ${router}`);
  return found;
}

/** The entry of a configuration: parameters are compared as they stand in the file. */
export function vector(
  nodes: number,
  capacity: number,
  eviction: string,
  router: string,
  params: Vector["params"] = {},
): Vector {
  const { logical } = JSON.parse(readFileSync(VECTORS, "utf8")) as { logical: Vector[] };
  const wanted = JSON.stringify(params);
  const found = logical.find((v) => v.nodes === nodes && v.capacity === capacity
    && v.eviction === eviction && v.router === router
    && JSON.stringify(v.params ?? {}) === wanted);
  if (found === undefined) throw new Error(`no vector ${nodes}×${capacity} ${eviction} ${router}`);
  return found;
}

type Named = Pick<Vector, "nodes" | "capacity" | "router" | "eviction" | "params">;

export function fragment(v: Named): string {
  const parts = new URLSearchParams({
    v: "1", speed: "max", nodes: String(v.nodes), capacity_blocks: String(v.capacity),
    router: v.router, eviction: v.eviction,
  });
  for (const [name, value] of Object.entries(v.params ?? {})) {
    parts.set(`router.${name}`, String(value));
  }
  return `#${parts.toString()}`;
}

const scratch = mkdtempSync(join(tmpdir(), "kvscope-"));

export function scratchFile(name: string, content: Uint8Array | string): string {
  mkdirSync(scratch, { recursive: true });
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

/** Gzip in one member or in several, as `cat a.gz b.gz` makes them. */
export function gzipped(path: string, members: number): Buffer {
  const plain = readFileSync(path);
  const size = Math.ceil(plain.length / members);
  const parts = Array.from({ length: members }, (_, i) =>
    gzipSync(plain.subarray(i * size, (i + 1) * size)));
  return Buffer.concat(parts);
}
