/** Opening a trace by its address; why one is not fetched stands beside it. */
import type { App } from "../app/app.ts";
import { h, setAttribute, setText, uniqueId } from "./dom.ts";

/** `opened` is called once an address is on its way. */
export function addressField(app: App, opened: () => void): HTMLElement {
  const [field, said] = [uniqueId("address"), uniqueId("address-said")];
  const error = h("p", { id: said, class: "error", role: "alert", hidden: true });
  // Not of type url: that refuses paths beside the page, in words that are the browser's.
  const input = h("input", { id: field, "data-part": "address", type: "text", inputmode: "url",
    spellcheck: "false", autocomplete: "off", placeholder: "https://…", "aria-describedby": said });
  const open = (event: Event) => {
    event.preventDefault();
    const refused = app.source.openAddress(input.value);
    setText(error, refused);
    error.hidden = refused === "";
    setAttribute(input, "aria-invalid", refused === "" ? null : "true");
    if (refused !== "") return;
    input.value = "";
    opened();
  };
  return h("form", { class: "address", submit: open },
    h("label", { for: field }, "Open by address"),
    h("div", {}, input, h("button", { type: "submit", class: "small", "data-part": "address-open" },
      "Open")),
    error);
}
