/** Finds what the core said about one field, so that it can stand beside its control. */
import type { Failure } from "../../engine/protocol.ts";

export function reasonFor(failure: Failure | null, ...names: string[]): string {
  const wanted = normal(names.join("."));
  const reason = failure?.reasons.find((r) => normal(r.path) === wanted);
  return reason === undefined ? "" : `Expected ${reason.expected}; found ${reason.value}.`;
}

/** `router.params.alpha` and `router.alpha` are one place; so are `router.id` and `router`. */
function normal(path: string): string {
  return path.replace(/^settings\./, "").replace(".params.", ".").replace(/\.id$/, "");
}
