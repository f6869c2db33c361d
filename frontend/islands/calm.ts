// A list that changes by itself (`data-calm`) stands still while somebody has something of it open.

export function standStill(): void {
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = (event as CustomEvent<{ elt: Element }>).detail;
    if (elt.matches("[data-calm]") && elt.querySelector("details[open]")) event.preventDefault();
  });
}
