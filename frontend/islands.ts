// How the pages' small scripts start: each island mounts itself on the part of the page that it serves,
// once when the page is read and again on whatever htmx swaps in. Without JavaScript every page works without them.

export type Island = {
  /** Serve what stands inside `root`; called again for each part that is swapped in. */
  mount: (root: ParentNode) => void;
};

export function start(islands: readonly Island[]): void {
  const mountAll = (root: ParentNode): void => {
    for (const island of islands) island.mount(root);
  };
  mountAll(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target instanceof Element && event.target !== document.body) mountAll(event.target);
  });
}
