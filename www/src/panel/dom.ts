/** A few words for building and changing elements; nothing here keeps state. */

type Attributes = Record<string, string | number | boolean | null | EventListener>;
type Child = Node | string | null;

/** An element with attributes (a function is a listener, null and false leave it out). */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** The element of this name inside an app's root: names are its own, and not the page's. */
export function part<T extends HTMLElement = HTMLElement>(root: HTMLElement, name: string): T {
  const element = root.querySelector<T>(`[data-part="${name}"]`);
  if (element === null) throw new Error(`the skeleton has no part ${name}`);
  return element;
}

let ids = 0;

/** An id for labels and the like, of which no page has another. */
export function uniqueId(name: string): string {
  ids += 1;
  return `kvscope-${name}-${ids}`;
}

/** Writes only what changed: text is set sixty times a second. */
/** Where a text stands alone its characters change, and not the node, which would be laid out as
 *  one that has just come. */
export function setText(element: Element, text: string): void {
  const [only, more] = element.childNodes;
  if (only?.nodeType === Node.TEXT_NODE && more === undefined) {
    if (only.nodeValue !== text) only.nodeValue = text;
  } else if (element.textContent !== text) element.textContent = text;
}

/** Writes what is chosen into a field, but for the one that somebody is at: what they have written
 *  there is newer. */
export function setValue(field: HTMLInputElement, value: number): void {
  if (!field.matches(":focus")) field.value = String(value);
}

/** Chooses an option; what is chosen already costs nothing. */
export function setChosen(select: HTMLSelectElement, value: string): void {
  if (select.value !== value) select.value = value;
}

export function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** A figure as shown, with the exact value for whoever wants it. */
export function setFigure(element: HTMLElement, text: string, exact: number | string): void {
  setText(element, text);
  setAttribute(element, "data-value", String(exact));
}

const SVG = "http://www.w3.org/2000/svg";

/** A 16 × 16 line icon from path data; what is filled comes last. */
export function icon(path: string, filled?: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  for (const d of filled === undefined ? [path] : [path, filled]) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", d);
    if (d === filled) line.setAttribute("class", "half");
    svg.append(line);
  }
  return svg;
}

/** The part of a slider's track before its thumb, for the style sheet to colour. */
export function setFill(slider: HTMLInputElement): void {
  const min = Number(slider.min);
  const share = (Number(slider.value) - min) / (Number(slider.max) - min || 1);
  const at = `${(100 * share).toFixed(2)}%`;
  // Written again it would have its style made again.
  if (slider.style.getPropertyValue("--at") !== at) slider.style.setProperty("--at", at);
}

/** Says beside a field what stands against what was typed there; "" takes it away. */
export function refuse(field: HTMLElement, say: HTMLElement, problem: string): void {
  say.hidden = problem === "";
  setText(say, problem);
  setAttribute(field, "aria-invalid", problem === "" ? null : "true");
}
