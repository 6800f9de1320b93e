/** What stands on the page before anything runs: the places that panels fill, by name. */
import { sheetHead } from "./dialog.ts";
import { h, icon, setAttribute, uniqueId } from "./dom.ts";

const ICONS = {
  down: "M4 6l4 4 4-4",
  lock: "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  ring: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z",
  half: "M8 2a6 6 0 0 1 0 12z",
};
const FILES = ".jsonl,.ndjson,.json,.csv,.log,.txt,.gz,.zst,application/json,text/csv,"
  + "application/gzip";

/** Puts an empty app into `root`. The picture and its buttons come before the controls that stand
 *  left of them, so that the keyboard reaches Play before forty settings. */
export function buildSkeleton(root: HTMLElement): void {
  const stage = h("section", { "data-part": "stage", class: "panel stage",
    "aria-label": "The cluster", tabindex: -1 });
  const skip = h("a", { class: "skip", href: "#", click: (event) => {
    event.preventDefault();
    stage.focus();
  } }, "Skip to the cluster");
  fillStage(stage);
  root.classList.add("kvscope");
  setAttribute(root, "data-starting", "");
  root.replaceChildren(header(skip), h("div", { "data-part": "layout", class: "layout" },
    centre(stage), controls(), results()), ...overlays());
}

/** A button with the menu that it opens. */
function withMenu(button: HTMLButtonElement, menu: string): HTMLElement[] {
  const popover = h("div", { "data-part": menu, class: "popover", popover: true });
  button.popoverTargetElement = popover;
  return [button, popover];
}

function header(skip: HTMLElement): HTMLElement {
  const chip = h("button", { "data-part": "trace-chip", class: "chip", type: "button",
    "data-later": true },
    h("b", { "data-part": "trace-name" }, "Starting…"), " ",
    h("span", { "data-part": "trace-facts" }), icon(ICONS.down));
  const share = h("button", { "data-part": "share", class: "button", type: "button",
    "data-later": true }, "Share");
  return h("header", { class: "top" }, skip,
    h("h1", { class: "logo" }, h("i", {}, "kv"), "scope"),
    ...withMenu(chip, "samples"),
    h("nav", { "data-part": "views", class: "views", "aria-label": "Views" }),
    h("span", { class: "privacy" }, icon(ICONS.lock), "Your trace never leaves this page"),
    h("span", { class: "grow" }),
    h("button", { "data-part": "help-open", class: "icon-button", type: "button",
      "data-later": true, "aria-label": "Keys and help" }, "?"),
    h("button", { "data-part": "theme", class: "icon-button", type: "button",
      "aria-label": "Theme" }, icon(ICONS.ring, ICONS.half)),
    ...withMenu(share, "share-menu"),
    h("button", { "data-part": "open", class: "button primary", type: "button" }, "Open trace…"),
    h("input", { "data-part": "file", type: "file", hidden: true, "aria-label": "Trace file",
      accept: FILES }));
}

function controls(): HTMLElement {
  return h("aside", { "data-part": "controls", class: "side left", "aria-label": "Configuration" },
    sheetHead(h("h2", {}, "Configuration"), "controls-close"),
    h("p", { "data-part": "edits", class: "edits", hidden: true }),
    h("div", { "data-part": "control-groups" }));
}

function fillStage(stage: HTMLElement): void {
  stage.append(
    h("div", { class: "stage-top" },
      h("p", { "data-part": "caption", class: "caption" }, "Starting the simulator…"),
      h("div", { "data-part": "lanes", class: "lanes-bar" })),
    h("div", { "data-part": "notice", class: "notice", hidden: true }),
    h("div", { "data-part": "multiples", class: "multiples", role: "group",
      "aria-label": "The clusters side by side", hidden: true }),
    h("div", { "data-part": "cluster-box", class: "cluster-box" },
      h("canvas", { "data-part": "cluster", role: "img", tabindex: 0,
        "aria-label": "The cluster, before its first request." }),
      h("div", { "data-part": "tip", class: "tip", hidden: true }),
      h("div", { "data-part": "empty", class: "empty" }, h("p", {}, "Starting the simulator…"))),
    h("div", { "data-part": "node-bar", class: "node-bar", role: "group",
      "aria-label": "The chosen node", hidden: true }));
}

function centre(stage: HTMLElement): HTMLElement {
  return h("main", { class: "centre" },
    h("div", { "data-part": "loading", class: "loading", hidden: true }),
    h("div", { "data-part": "kept", class: "kept", role: "status", hidden: true }),
    stage,
    h("div", { "data-part": "transport", class: "transport", role: "toolbar",
      "aria-label": "Playing" },
    h("button", { "data-part": "controls-open", class: "button controls-open", type: "button",
      "aria-expanded": "false" }, "Configure")),
    h("section", { "data-part": "strips", class: "panel strips",
      "aria-label": "The run over time" },
    h("p", { class: "awaited" }, "The run over time appears here, from its first request on.")));
}

function results(): HTMLElement {
  const heading = uniqueId("results");
  return h("aside", { class: "side right", "aria-label": "Results" },
    h("section", { "data-part": "compare", class: "compare-results", hidden: true }),
    h("section", { class: "headline", "aria-labelledby": heading },
      h("div", { class: "so-far" }, h("h2", { "data-part": "so-far", id: heading }, "So far"),
        h("div", { "data-part": "scope", class: "scope", role: "group",
          "aria-label": "What figures are of" })),
      h("div", { "data-part": "figures", class: "tiles" })),
    h("p", { "data-part": "watch", class: "watch", hidden: true }),
    h("section", { class: "details" },
      h("h2", { "data-part": "which", class: "which", hidden: true }),
      h("div", { "data-part": "tabs", class: "tabs", role: "tablist", "aria-label": "Details" }),
      h("div", { "data-part": "panels" })));
}

function overlays(): HTMLElement[] {
  return [
    h("div", { "data-part": "backdrop", class: "backdrop", hidden: true }),
    h("div", { "data-part": "veil", class: "veil", hidden: true }, h("div", {},
      h("b", {}, "Drop the trace to run it"),
      h("span", {}, "It is read here, in your browser, and never leaves this page."))),
    h("div", { "data-part": "spoken", class: "unseen", "aria-live": "polite", role: "status" }),
  ];
}
