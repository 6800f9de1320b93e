/** A control for one row of a table of parameters: slider and field, switch, or choice. */
import { h, setAttribute, setChosen, setFill, setText, uniqueId } from "../dom.ts";
import { capacityWords } from "../../text/capacity.ts";
import * as format from "../../text/format.ts";
import type { Config, ParamSpec, ParamValue } from "../../engine/protocol.ts";
import { logShift, positionOf, rangeOf, valueAt, type Range } from "./scale.ts";
import { unmetNeed } from "../../state/needs.ts";
import { typedNumber, type Typed } from "./typed.ts";

export interface ParamControl {
  element: HTMLElement;
  /** A `note` keeps its line while there is nothing to say: what lies below stays where it is. */
  update(value: ParamValue, error: string, config: Config, note?: string): void;
}

interface Input {
  elements: Node[];
  write(value: ParamValue, config: Config): void;
  /** Why what is typed was not taken, or "". */
  problem?(): string;
}

/** How a value is had from a text, and from a value the number where a slider stands. */
export interface Worded {
  /** What the text of a field means. */
  read(text: string): Typed;
  /** Null where it is not known. */
  amountOf(value: ParamValue): number | null;
}

interface Reading extends Worded {
  onChange(value: ParamValue): void;
  /** The input has come to have a problem, or no longer has. */
  onProblem(): void;
}

export function paramControl(
  spec: ParamSpec,
  onChange: (value: ParamValue) => void,
  worded: Partial<Worded> = {},
): ParamControl {
  const plain: Worded = { read: (text) => typedNumber(spec, text), amountOf: Number };
  const id = uniqueId("param");
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  let refused = "";
  const onProblem = () => {
    const problem = input.problem?.() || refused;
    error.hidden = problem === "";
    setText(error, problem);
    setAttribute(element, "data-invalid", problem === "" ? null : "");
  };
  const input = inputFor(spec, id, { ...plain, ...worded, onChange, onProblem });
  const note = h("p", { class: "note", hidden: true });
  const help = h("p", { class: "help", id: `${id}-help`, hidden: true }, helpText(spec));
  const more = h("button", {
    class: "what",
    type: "button",
    "aria-label": `About ${spec.label}`,
    "aria-expanded": "false",
    "aria-controls": help.id,
    title: spec.help,
    click: () => {
      help.hidden = !help.hidden;
      setAttribute(more, "aria-expanded", String(!help.hidden));
    },
  }, "?");
  const reset = h("button", {
    class: "reset",
    type: "button",
    hidden: true,
    title: `Back to the default, ${shown(spec, spec.default)}`,
    "aria-label": `Reset ${spec.label} to its default`,
    click: () => onChange(spec.default),
  }, "↺");
  const [field, ...below] = input.elements;
  const label = h("label", { for: id }, spec.label);
  const head = h("div", { class: "param-head" }, label, more, reset, field ?? null);
  const element = h("div", { class: "param", "data-param": spec.name, "data-kind": spec.kind },
    head, ...below, note, error, help);
  return {
    element,
    update(value, problem, config, text) {
      input.write(value, config);
      refused = problem;
      onProblem();
      reset.hidden = String(value) === String(spec.default);
      note.hidden = text === undefined;
      setText(note, text ?? "");
    },
  };
}

function inputFor(spec: ParamSpec, id: string, reading: Reading): Input {
  const { onChange } = reading;
  switch (spec.kind) {
    case "switch": {
      const box = h("input", { id, type: "checkbox", role: "switch", class: "switch",
        change: () => onChange(box.checked) });
      return { elements: [box], write: (value) => { box.checked = value === true; } };
    }
    case "choice": {
      const choices = spec.choices ?? [];
      const options = choices.map((c) => h("option", { value: c.id }, c.label));
      const select = h("select", { id, change: () => onChange(select.value) }, ...options);
      const write = (value: ParamValue, config: Config) => {
        choices.forEach((choice, i) => closeUnmet(options[i]!, choice.label, choice, config));
        setChosen(select, String(value));
      };
      return { elements: [select], write };
    }
    case "number":
    case "integer":
      return numberInput(spec, id, reading);
  }
}

function numberInput(spec: ParamSpec, id: string, reading: Reading): Input {
  const field = numberField(spec, id, reading);
  const range = rangeOf(spec);
  if (range === null || spec.name === "seed") return field;
  let last: number | null = null;
  const { onChange, amountOf } = reading;
  const slider = h("input", {
    type: "range",
    min: 0,
    max: 1,
    step: "any",
    "aria-label": spec.label,
    input: () => {
      setFill(slider);
      onChange(valueAt(range, Number(slider.value)));
    },
    keydown: (event) => {
      const by = last === null ? 0 : stepOf(event as KeyboardEvent, range, last);
      if (last === null || by === 0) return;
      event.preventDefault();
      const next = Math.min(Math.max(last + by, range.min), range.max);
      onChange(Number(next.toPrecision(12)));
    },
  });
  return {
    ...field,
    elements: [...field.elements, slider],
    write(next, config) {
      field.write(next, config);
      last = amountOf(next);
      const stands = valueAt(range, Number(slider.value));
      if (last !== null && (document.activeElement !== slider || stands !== last)) {
        slider.value = String(positionOf(range, last));
      }
      setFill(slider);
      setAttribute(slider, "aria-valuetext",
        `${shown(spec, next)} ${hasOwnUnit(spec, next) ? "" : spec.unit}`.trim());
    },
  };
}

/** The field keeps a text that was not taken, beside the reason, until another value comes. */
function numberField(spec: ParamSpec, id: string, reading: Reading): Input {
  let last: ParamValue = spec.default;
  let problem = "";
  const field = h("input", {
    id,
    class: "number",
    type: "text",
    inputmode: spec.units !== undefined ? "text" : "decimal",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": `${id}-error`,
    change: () => {
      const typed = reading.read(field.value);
      problem = "problem" in typed ? `${typed.problem} It is still ${shown(spec, last)}.` : "";
      setAttribute(field, "aria-invalid", problem === "" ? null : "true");
      reading.onProblem();
      if ("value" in typed && typed.value !== last) reading.onChange(typed.value);
    },
  });
  const unit = spec.unit === "" ? null : h("span", { class: "unit" }, spec.unit);
  return {
    elements: [h("span", { class: "value" }, field, unit)],
    problem: () => problem,
    write(next) {
      if (next !== last) problem = "";
      last = next;
      if (problem === "" && document.activeElement !== field) field.value = shown(spec, next);
      setAttribute(field, "aria-invalid", problem === "" ? null : "true");
      field.style.setProperty("--characters", String(Math.max(field.value.length, 2)));
      if (unit !== null) unit.hidden = hasOwnUnit(spec, next);
    },
  };
}

/** Arrow keys move by one where values are whole, else by a hundredth of what there is. */
function stepOf(event: KeyboardEvent, range: Range, value: number): number {
  const { min, max, log, whole } = range;
  const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key] ?? 0;
  if (sign === 0) return 0;
  const span = log ? Math.max(value, min, logShift(range)) : max - min;
  const step = 10 ** Math.floor(Math.log10(Math.max(span, 1e-9) / 50));
  return sign * (whole ? Math.max(1, Math.round(step)) : step);
}

/** An option that cannot be chosen now is closed and says why; one that foresees says so. */
function closeUnmet(
  option: HTMLOptionElement,
  title: string,
  row: { needs: string[]; foresight?: string },
  config: Config,
): void {
  option.disabled = unmetNeed(row, config) !== "";
  tellNeeds(option, title, row, config);
}

/** What an option needs that is not so, or what it knows that nobody can. */
export function tellNeeds(
  option: HTMLOptionElement,
  title: string,
  row: { needs: string[]; foresight?: string },
  config: Config,
): void {
  const unmet = unmetNeed(row, config);
  const note = unmet || (row.foresight === undefined ? "" : "knows the future");
  setText(option, note === "" ? title : `${title} (${note})`);
}

function shown(spec: ParamSpec, value: ParamValue): string {
  if (spec.name === "seed") return String(value);
  if (typeof value === "number") return format.value(value);
  return hasOwnUnit(spec, value) ? capacityWords(String(value)) : String(value);
}

/** Whether a value is a text that says by itself what it is in. */
function hasOwnUnit(spec: ParamSpec, value: ParamValue): boolean {
  return spec.units !== undefined && typeof value === "string" && Number.isNaN(Number(value));
}

function helpText(spec: ParamSpec): string {
  const range =
    spec.min !== undefined && spec.max !== undefined
      ? ` From ${format.value(spec.min)} to ${format.value(spec.max)}.`
      : "";
  const unit = spec.unit === "" ? "" : ` ${spec.unit}`;
  return `${spec.help}${range} Default ${shown(spec, spec.default)}${unit}.`;
}
