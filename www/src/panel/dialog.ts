/** Sheets over the page. */
import { h, uniqueId } from "./dom.ts";

/** Its heading, and the button that closes it. */
export function sheetHead(heading: HTMLElement, close: string): HTMLElement {
  return h("div", { class: "sheet-head" }, heading, h("button", { "data-part": close,
    class: "icon-button", type: "button", "aria-label": "Close" }, "×"));
}

/** A sheet over the page; a click beside it closes it, as its own button does. */
export function dialog(name: string, title: string, ...content: HTMLElement[])
  : HTMLDialogElement {
  const heading = uniqueId(name);
  const sheet = h("dialog", { "data-part": name, class: `help-sheet ${name}-sheet`,
    "aria-labelledby": heading, click: (event) => {
      if (event.target === sheet) sheet.close();
    } }, sheetHead(h("h2", { "data-part": `${name}-title`, id: heading }, title), `${name}-close`),
  ...content);
  sheet.querySelector("button")?.addEventListener("click", () => sheet.close());
  return sheet;
}
