/** Several of many: each a button that stays down, with a mark, and a box behind it for the
 *  keyboard and for who listens. */
import { h } from "../dom.ts";

/** `key` tells it from the others, for whoever had the keyboard when they are made anew. */
export function pickOf({ id, label, help }: { id: string; label: string; help: string },
  checked: boolean, key: string, change: (on: boolean) => void): HTMLElement {
  const box = h("input", { type: "checkbox", value: id, "data-key": key, checked,
    change: () => change(box.checked) });
  return h("label", { class: "pick", title: help }, box, h("span", {}, label));
}
