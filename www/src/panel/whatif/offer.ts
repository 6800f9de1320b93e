/** What the core's table says of something that can be done, on the control that does it. */
import { runOf, type State } from "../../state/state.ts";
import { setAttribute } from "../dom.ts";

/** Opens the control, unless `rests` or for want of time, and says what it does or why not. */
export function offer(
  state: State, id: string, control: HTMLButtonElement | HTMLInputElement, rests: boolean,
): void {
  const row = state.tables?.perturbations.find((one) => one.id === id);
  const unmet = row?.needs_time === true && runOf(state).frame?.totals.ttft === undefined;
  control.disabled = rests || unmet;
  setAttribute(control, "title", unmet ? "Needs the timed clock" : row?.summary ?? "");
}
