/** What the window is like, as far as the view has to know. */
import type { View } from "../panel/view.ts";

/** The same width as in style/narrow.css. */
const NARROW = "(max-width: 860px)";

export function prefersReducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function watchWidth(view: View): void {
  const narrow = matchMedia(NARROW);
  narrow.addEventListener("change", () => view.setNarrow(narrow.matches));
  view.setNarrow(narrow.matches);
}

/** Calls when the system goes over from light to dark or back; returns how to stop that. */
export function watchScheme(act: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", act);
  return () => dark.removeEventListener("change", act);
}
