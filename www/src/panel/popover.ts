/** Menus that open under the button they belong to, inside the window. */

export function place(menu: HTMLElement, opener: HTMLElement): void {
  menu.addEventListener("toggle", () => {
    const box = opener.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8));
    menu.style.setProperty("left", `${left}px`);
    menu.style.setProperty("top", `${box.bottom + 6}px`);
  });
}
