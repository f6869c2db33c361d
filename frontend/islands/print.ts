// A button that prints the page; where scripts don't run the browser's own menu does.

export function mount(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-print-page]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
