/** On a narrow screen the controls are a sheet that comes up from below. */
import { byId, setAttribute } from "../dom.ts";

const NARROW = "(max-width: 860px)";

export function controlsSheet(): void {
  const controls = byId("controls");
  const button = byId("controls-open");
  const backdrop = byId("backdrop");
  const narrow = matchMedia(NARROW);

  const show = (open: boolean) => {
    const asSheet = narrow.matches;
    controls.classList.toggle("open", asSheet && open);
    controls.inert = asSheet && !open;
    backdrop.hidden = !(asSheet && open);
    setAttribute(button, "aria-expanded", String(asSheet && open));
    if (asSheet && open) byId("controls-close").focus();
  };
  const close = () => {
    show(false);
    button.focus();
  };
  button.addEventListener("click", () => show(true));
  byId("controls-close").addEventListener("click", close);
  backdrop.addEventListener("click", close);
  controls.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && narrow.matches) close();
  });
  narrow.addEventListener("change", () => show(false));
  show(false);
}
