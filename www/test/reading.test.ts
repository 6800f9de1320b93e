import assert from "node:assert/strict";
import { test } from "node:test";
import type { ParamSpec, ReadReport } from "../src/engine/protocol.ts";
import { sayAsRead } from "../src/panel/results/reading.ts";

const choice = (name: string, ...labels: [id: string, label: string][]): ParamSpec => ({
  name, label: name, help: "", unit: "", kind: "choice", default: "auto", log: false,
  choices: labels.map(([id, label]) => ({ id, label, needs: [] })),
});
const SCOPE = choice("id_scope", ["auto", "what the trace says"],
  ["local", "local: in its session only"]);
const SIZE: ParamSpec = { name: "block_size", label: "", help: "", unit: "tokens",
  kind: "integer", default: 0, log: false };

const copy = (spec: ParamSpec): ParamSpec => structuredClone(spec);
const report = (facts: object) => facts as ReadReport;

test("where the trace decides, the control says what it decided", () => {
  const said = copy(SCOPE);
  const auto = () => said.choices?.[0]?.label;
  sayAsRead(said, SCOPE, report({ id_scope: { value: "local", by: "header", why: "" } }));
  assert.equal(auto(), "local (as read)");
  sayAsRead(said, SCOPE, report({ id_scope: { value: "mixed", by: "field", why: "" } }));
  assert.equal(auto(), "mixed (as read)", "although nobody can choose it");
  sayAsRead(said, SCOPE, report({ id_scope: { value: "local", by: "option", why: "" } }));
  assert.equal(auto(), "what the trace says", "set by hand, the trace's own word is not known");
  sayAsRead(said, SCOPE, report({ id_scope: null }));
  assert.equal(auto(), "what the trace says");
});

test("a block size that the trace says is the default, and 0 where it is set by hand", () => {
  const said = copy(SIZE);
  sayAsRead(said, SIZE, report({ block_size: { value: 64, by: "fit", why: "" } }));
  assert.equal(said.default, 64);
  sayAsRead(said, SIZE, report({ block_size: { value: 128, by: "option", why: "" } }));
  assert.equal(said.default, 0);
});
