/** Opening a trace by its address; why one is not opened stands beside it. */
import type { WholeApp } from "../app/actions.ts";
import { h, setAttribute, setText, uniqueId } from "./dom.ts";

/** `opened` is called once the trace is there. */
export function addressField(app: WholeApp, opened: () => void): HTMLElement {
  const [field, said] = [uniqueId("address"), uniqueId("address-said")];
  const error = h("p", { id: said, class: "error", role: "alert", hidden: true });
  const wait = h("p", { role: "status", hidden: true },
    "Waiting for its first requests. What is open runs on until they are there.");
  // Not of type url: that refuses paths beside the page, in words that are the browser's.
  const input = h("input", { id: field, "data-part": "address", type: "text", inputmode: "url",
    spellcheck: "false", autocomplete: "off", placeholder: "https://…", "aria-describedby": said });
  const button = h("button", { type: "submit", class: "small", "data-part": "address-open" },
    "Open");
  const waits = (on: boolean) => {
    wait.hidden = !on;
    setText(button, on ? "Give up" : "Open");
  };
  const say = (why: string, link: string) => {
    error.replaceChildren(why, ...(link === "" ? [] : [" ",
      h("a", { href: link, target: "_blank", rel: "noopener" }, "Open it in another tab")]));
    error.hidden = why === "";
    setAttribute(input, "aria-invalid", why === "" ? null : "true");
  };
  const open = async (event: Event) => {
    event.preventDefault();
    if (!wait.hidden) return app.address.giveUp();
    say("", "");
    waits(true);
    const { why, link } = await app.address.open(input.value);
    waits(false);
    say(why, link);
    if (why === "") {
      input.value = "";
      opened();
    } else if (input.offsetParent === null) app.address.tell(why);
  };
  return h("form", { class: "address", submit: (event) => void open(event) },
    h("label", { for: field }, "Open by address"), h("div", {}, input, button), wait, error);
}
