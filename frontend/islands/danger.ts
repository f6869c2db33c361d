// Whom to ring, beside what is being written: markup of our own server, out of fixed sentences; read out once, not at each key.

const shown = new WeakMap<Element, string>();

export function showDanger(around: ParentNode, markup: string): void {
  for (const place of around.querySelectorAll("[data-danger]")) {
    if ((shown.get(place) ?? "") === markup && shown.has(place)) continue;
    shown.set(place, markup);
    place.innerHTML = markup;
  }
}
