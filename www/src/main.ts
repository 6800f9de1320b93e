import type { Frame } from "./protocol.ts"; export type { Frame };
