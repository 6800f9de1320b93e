/** How a part of the page looks where a picture of it is to look the same. */

/** What a picture stands on and is written with, as CSS has it. */
export interface Look {
  ground: string;
  ink: string;
  font: string;
}

/** As an element has it now. */
export function lookOf(element: Element): Look {
  const { backgroundColor: ground, color: ink, fontFamily: font } = getComputedStyle(element);
  return { ground, ink, font };
}
