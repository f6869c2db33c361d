// What the server tells anew by itself takes nothing from under a hand (`hx-ext="calm" hx-swap="calm"`): every element that
// means the same stays, so that a press begun before the news ends on the same button after it. With `data-calm` it stands
// still while a form of it is open.
import htmx from "htmx.org";
import { morphChildren } from "./morph";

type Asked = { elt: Element; target: Element; shouldSwap: boolean; requestConfig: { verb: string } };

export function keepCalm(): void {
  htmx.defineExtension("calm", {
    isInlineSwap: (style) => style === "calm",
    handleSwap: (style, target, fragment) => {
      if (style !== "calm" || !(target instanceof Element)) return false;
      morphChildren(target, fragment as DocumentFragment);
      return [...target.children];
    },
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (isOpen((event as CustomEvent<Asked>).detail.elt)) event.preventDefault();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event as CustomEvent<Asked>;
    if (detail.requestConfig.verb === "get" && isOpen(detail.target)) detail.shouldSwap = false; // opened since it was asked
  });
}

function isOpen(place: Element): boolean {
  return place.matches("[data-calm]") && place.querySelector("details[open] > form") !== null;
}
