/** Loads the page again where a part of it could not be loaded and somebody asks for it. */
export function loadAgain(root: HTMLElement): void {
  root.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-act=load-again]")) location.reload();
  });
}
