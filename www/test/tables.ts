/** Tables that no core has, so that no test leans on a policy's name. */
import type { ParamSpec, TableRow, Tables } from "../src/engine/protocol.ts";

function param(name: string, rest: Partial<ParamSpec> & Pick<ParamSpec, "kind" | "default">) {
  return { name, label: name, help: "", unit: "", log: false, ...rest };
}

function row(id: string, params: ParamSpec[] = [], needs: string[] = []): TableRow {
  return { id, title: id, summary: "", params, needs };
}

const choice = (...ids: string[]) => ids.map((id) => ({ id, label: id, needs: [] }));

export const tables: Tables = {
  version: "0",
  routers: [
    row("plain"),
    row("scored", [
      param("weight", { kind: "number", default: 10, min: 0, max: 100 }),
      param("match", { kind: "choice", default: "prefix", choices: choice("prefix", "any") }),
      param("dynamic", { kind: "switch", default: false }),
      param("floor", { kind: "number", default: 0.8, only_if: { name: "match", value: "any" } }),
      param("soft", { kind: "switch", default: false, only_if: { name: "floor", value: 0.5 } }),
      param("every", { kind: "integer", default: 100, role: "rule" }),
    ]),
    row("needs-time", [], ["timed_clock"]),
    { ...row("seer", [
      param("ends", { kind: "choice", default: "guessed", choices: [
        { id: "guessed", label: "guessed", needs: [] },
        { id: "true", label: "true", needs: ["ends"], foresight: "how it ends" },
      ] }),
    ], ["moves"]), foresight: "the next move" },
  ],
  evictions: [row("fifo"), row("lru")],
  migrations: [row("auto"), row("none")],
  clocks: ["logical", "timed"].map((id) => ({ ...row(id), meets: [] })),
  perturbations: [],
  workloads: [
    { ...row("toolagent"), default_requests: 1000, duration_s: 60 },
    { ...row("second"), default_requests: 2000, duration_s: 60 },
  ],
  studies: [{ id: "figure", kind: "figure", title: "Figure", summary: "", source: "",
    default_seeds: 1 }],
  models: [
    { id: "large", title: "Large", kv_bytes_per_token: 327_680 },
    { id: "small", title: "Small", kv_bytes_per_token: 131_072 },
  ],
  hardware: [],
  origins: ["gods", "nobody", "men"].map((id) => ({ id, title: `Of ${id}` })),
  settings: [
    param("nodes", { kind: "integer", default: 8, min: 1, max: 1024, log: true }),
    param("capacity_blocks", { kind: "integer", default: 5859, min: 1, max: 2 ** 30,
      units: ["tokens", "GiB"] }),
    param("block_size", { kind: "integer", default: 512, min: 1, max: 65_536 }),
    param("insertion", { kind: "choice", default: "flat", choices: choice("flat", "tree") }),
    param("seed", { kind: "integer", default: 0 }),
  ],
  series: {
    each: ["request", "time_s", "resident_share"], timed: ["queue_max"], by_node: ["node_requests"],
  },
  metrics: [{ id: "token_hit_rate", label: "Token hit rate", unit: "share", better: "more" },
    { id: "evictions", label: "Evictions", unit: "", better: "neither" }],
};
