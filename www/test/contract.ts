/** The types that cross the wasm border, as the TypeScript compiler reads them, as plain data. */
import { fileURLToPath } from "node:url";
import { API, SymbolFlags, TypeFlags, type Checker, type Symbol, type Type }
  from "typescript/unstable/sync";

const CONFIG = fileURLToPath(new URL("../tsconfig.json", import.meta.url));
const CONTRACTS = ["kvscope", "monitoring", "compare", "analysis"].map((name) =>
  fileURLToPath(new URL(`../../src/wasm/${name}.d.ts`, import.meta.url)));

export type Shape =
  | { kind: "anything" }
  | { kind: "basic"; text: string }
  | { kind: "literal"; text: string; value: unknown }
  | { kind: "column"; text: string }
  | { kind: "list"; text: string; of: Shape }
  | { kind: "tuple"; text: string; of: Shape[] }
  | { kind: "record"; text: string; of: Shape }
  | { kind: "union"; text: string; of: Shape[] }
  | { kind: "object"; text: string; properties: Map<string, Property> };

export interface Property {
  optional: boolean;
  shape: Shape;
}

const ANYTHING: Shape = { kind: "anything" };
const COLUMN = /^(Float64|Uint32|Uint16)Array$/;
const BASIC = TypeFlags.String | TypeFlags.Number | TypeFlags.Boolean | TypeFlags.Null;

/** The shape of every type that the contracts export, by name. */
export function readContract(): Map<string, Shape> {
  const api = new API();
  try {
    const project = api.updateSnapshot({ openProjects: [CONFIG] }).getProject(CONFIG);
    const { checker, program } = project!;
    const reader = new Reader(checker);
    const exported = CONTRACTS.flatMap((path) => {
      const file = program.getSourceFile(path);
      return checker.getExportsOfModule(checker.getSymbolAtLocation(file!)!);
    });
    return new Map(exported.map((symbol) =>
      [symbol.name, reader.shapeOf(checker.getDeclaredTypeOfSymbol(symbol))]));
  } finally {
    api.close();
  }
}

class Reader {
  readonly #checker: Checker;
  readonly #known = new Map<number, Shape>();

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  shapeOf(type: Type): Shape {
    const known = this.#known.get(type.id);
    if (known !== undefined) return known;
    const shape = this.#read(type, this.#checker.typeToString(type));
    this.#known.set(type.id, shape);
    return shape;
  }

  #read(type: Type, text: string): Shape {
    if (type.flags & (TypeFlags.Unknown | TypeFlags.TypeParameter)) return ANYTHING;
    if (type.flags & BASIC) return { kind: "basic", text };
    if (type.isStringLiteralType() || type.isBooleanLiteralType()) {
      return { kind: "literal", text, value: type.value };
    }
    if (type.isUnionType()) return { kind: "union", text, of: this.#members(type.getTypes()) };
    if (!type.isObjectType()) throw new Error(`the contract: the test knows no type ${text}`);
    if (COLUMN.test(type.getSymbol()?.name ?? "")) {
      return { kind: "column", text: type.getSymbol()!.name };
    }
    if (type.isTypeReference() && this.#checker.isTupleType(type)) {
      const of = this.#checker.getTypeArguments(type).map((one) => this.shapeOf(one));
      return { kind: "tuple", text, of };
    }
    if (type.isTypeReference() && this.#checker.isArrayType(type)) {
      return { kind: "list", text, of: this.shapeOf(this.#checker.getTypeArguments(type)[0]!) };
    }
    const [index] = this.#checker.getIndexInfosOfType(type);
    if (index !== undefined) return { kind: "record", text, of: this.shapeOf(index.valueType) };
    const own = this.#checker.getPropertiesOfType(type).filter((one) => this.#isOurs(one));
    const properties = own.map((one): [string, Property] => [one.name, this.#property(one)]);
    return { kind: "object", text, properties: new Map(properties) };
  }

  /** True and false are one, and "undefined" is what an optional property may be. */
  #members(types: readonly Type[]): Shape[] {
    const kept = types.filter((type) => (type.flags & TypeFlags.Undefined) === 0);
    const literal = (type: Type) => type.isBooleanLiteralType();
    const shapes = kept.filter((type) => !literal(type)).map((type) => this.shapeOf(type));
    return kept.some(literal) ? [...shapes, { kind: "basic", text: "boolean" }] : shapes;
  }

  #property(symbol: Symbol): Property {
    const optional = (symbol.flags & SymbolFlags.Optional) !== 0;
    if (symbol.flags & SymbolFlags.Method) return { optional, shape: ANYTHING };
    return { optional, shape: this.shapeOf(this.#checker.getTypeOfSymbol(symbol)!) };
  }

  /** An error also has what all errors have. */
  #isOurs({ declarations }: Symbol): boolean {
    return declarations.every(({ path }) => !path.includes("/lib."));
  }
}

/** Compares values with shapes, and keeps account of what has come. */
export class Check {
  /** Optional properties and members of unions: all there are, and those that came. */
  readonly #possible = new Set<string>();
  readonly #met = new Set<string>();

  /** What no value so far has been, though the types allow it. */
  get unmet(): string[] {
    return [...this.#possible].filter((one) => !this.#met.has(one)).sort();
  }

  /** What is wrong with a value; `at` says where in the value, `of` where in the types. */
  faults(value: unknown, shape: Shape, at: string, of = at): string[] {
    const wrong = shape.kind === "anything" ? []
      : [`${at} is ${JSON.stringify(value)?.slice(0, 60)}, not ${shape.text}`];
    const each = (values: unknown[], shapeAt: (i: number) => Shape) => values.flatMap((one, i) =>
      this.faults(one, shapeAt(i), `${at}[${i}]`, `${of}[]`));
    switch (shape.kind) {
      case "anything":
        return [];
      case "basic":
        return (value === null ? "null" : typeof value) === shape.text ? [] : wrong;
      case "literal":
        return value === shape.value ? [] : wrong;
      case "column":
        return value?.constructor.name === shape.text ? [] : wrong;
      case "list":
        return Array.isArray(value) ? each(value, () => shape.of) : wrong;
      case "tuple":
        return Array.isArray(value) && value.length === shape.of.length
          ? each(value, (i) => shape.of[i]!) : wrong;
      case "record":
        return isObject(value) ? each(Object.values(value), () => shape.of) : wrong;
      case "union":
        return this.#union(value, shape.of, at, of);
      case "object":
        return isObject(value) ? this.#object(value, shape, at, of) : wrong;
    }
  }

  #union(value: unknown, members: Shape[], at: string, of: string): string[] {
    const nameOf = (shape: Shape) => `${of} as ${shape.kind === "anything" ? "?" : shape.text}`;
    for (const member of members) this.#possible.add(nameOf(member));
    let least: string[] = [`${at} is of no member`];
    for (const member of members) {
      const faults = this.faults(value, member, at, of);
      if (faults.length === 0) {
        this.#met.add(nameOf(member));
        return [];
      }
      // The member it comes closest to is the one it was meant to be.
      if (isObject(value) === (member.kind === "object")) least = faults;
    }
    return least;
  }

  #object(value: object, shape: Shape & { kind: "object" }, at: string, of: string): string[] {
    const name = shape.text.startsWith("{") ? of : shape.text;
    const faults = Object.keys(value).filter((key) => !shape.properties.has(key))
      .map((key) => `${at}.${key} is not declared`);
    for (const [key, property] of shape.properties) {
      const one = (value as Record<string, unknown>)[key];
      if (property.optional) this.#possible.add(`${name}.${key}?`);
      if (one !== undefined) {
        if (property.optional) this.#met.add(`${name}.${key}?`);
        faults.push(...this.faults(one, property.shape, `${at}.${key}`, `${name}.${key}`));
      } else if (!property.optional) {
        faults.push(`${at}.${key} is missing`);
      }
    }
    return faults;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
