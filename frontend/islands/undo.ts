// The button that takes back what was just done goes when its half minute is over. Without JavaScript it stays, and says so.

const OFFERED = 30_000; // milliseconds, as the house has it (UNDO_SECONDS)

export function endUndo(): void {
  const watch = (root: ParentNode): void => {
    for (const form of root.querySelectorAll<HTMLFormElement>("form.undo")) setTimeout(() => form.remove(), OFFERED);
  };
  watch(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target instanceof Element && event.target !== document.body) watch(event.target);
  });
}
