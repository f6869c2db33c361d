// The telephone's strip on the page: whatever the server says of it is put in its place without taking anything from a hand.
import htmx from "htmx.org";
import { morphChildren } from "./morph";

type Swap = { target: Element; xhr: XMLHttpRequest; serverResponse: string; shouldSwap: boolean; requestConfig: { verb: string } };
const PLACES = ["phone-place", "strip"];

let asked = 0;
let shown = 0; // an answer to something asked before this one comes too late
const numbers = new WeakMap<XMLHttpRequest, number>();

export function keepStrip(): void {
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const { target, xhr } = (event as CustomEvent<Swap>).detail;
    if (PLACES.includes(target.id)) numbers.set(xhr, (asked += 1));
  });
  document.body.addEventListener("htmx:beforeSwap", show);
}

export function refresh(): void {
  htmx.trigger(document.body, "desk:phone", {});
}

/** Why something was refused stays there until the next thing is done, or another call is in hand. */
function keepRefusal(place: Element, now: DocumentFragment): void {
  const refusal = place.querySelector("#strip > [data-refusal]");
  const [shown, strip] = [place.querySelector<HTMLElement>("#strip"), now.querySelector<HTMLElement>("#strip")];
  if (refusal && shown && strip && shown.dataset.call === strip.dataset.call) strip.append(refusal.cloneNode(true));
}

function show(event: Event): void {
  const { detail } = event as CustomEvent<Swap>;
  const choice = detail.target.id === "transfer-to"; // whom a call may go to: who is chosen stays chosen
  if (!detail.shouldSwap || !(choice || PLACES.includes(detail.target.id))) return;
  const now = document.createElement("template");
  now.innerHTML = detail.serverResponse;
  if (choice) {
    detail.shouldSwap = false;
    morphChildren(detail.target, now.content);
    return;
  }
  const place = document.getElementById("phone-place");
  if (!place || !now.content.querySelector("#strip")) return;
  detail.shouldSwap = false;
  const number = numbers.get(detail.xhr) ?? asked;
  if (number < shown && detail.xhr.status < 400) {
    if (detail.requestConfig.verb !== "get") refresh();
    return;
  }
  shown = Math.max(shown, number);
  if (detail.requestConfig.verb === "get") keepRefusal(place, now.content);
  morphChildren(place, now.content);
  // Not the place itself: it bears the mark of the request whose answer this is, so that htmx would take it for another element
  // and forget what is to be asked next.
  for (const child of place.children) htmx.process(child);
  document.body.dispatchEvent(new CustomEvent("desk:strip"));
}
