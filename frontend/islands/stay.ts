// While somebody talks, links and forms change the page in place: a page read anew would cut the line for seconds.
import htmx from "htmx.org";

const SIGN_IN = "/ban/vao/";
const STRIP = "body > section#phone-place";
const OUTSIDE = "[target], [download], [data-reload]";

/** From now on, as long as `busy` says so. */
export function changeInPlace(busy: () => boolean): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[href]");
    if (!busy() || !link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.matches(OUTSIDE) || link.origin !== location.origin || link.getAttribute("href")?.startsWith("#")) return;
    event.preventDefault();
    void go(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!busy() || event.defaultPrevented || form.matches(OUTSIDE)) return;
    event.preventDefault();
    const said = new FormData(form, event.submitter);
    const url = new URL(form.getAttribute("action") ?? "", location.href); // a button may be named `action`, and hide the property
    if (form.method === "get") {
      for (const [name, value] of said) url.searchParams.set(name, String(value));
      void go(url.href);
    } else void go(url.href, said);
  });
  window.addEventListener("popstate", () => {
    if (busy()) void go(location.href, undefined, false);
  });
}

/** Show another page of the desk in this one; the telephone's strip and what runs behind it stay. */
async function go(url: string, said?: FormData, push = true): Promise<void> {
  const sent: RequestInit = said ? { method: "POST", body: said } : {};
  const response = await fetch(url, { credentials: "same-origin", ...sent }).catch(() => undefined);
  const kind = response?.headers.get("content-type") ?? "";
  if (!response || !kind.startsWith("text/html")) {
    htmx.trigger(document.body, "htmx:sendError", { elt: document.querySelector("#content form") ?? document.body });
    return;
  }
  if (response.status === 401 || new URL(response.url).pathname === SIGN_IN) document.body.dispatchEvent(new CustomEvent("desk:signed-out-here"));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (push) history.pushState({}, "", response.url);
  document.title = page.title;
  document.body.className = page.body.className;
  exchange(page);
  for (const event of ["htmx:afterSettle", "desk:page", "desk:phone"]) document.body.dispatchEvent(new CustomEvent(event, { detail: {} }));
  if (document.querySelector(`${STRIP} :is(input, select, textarea):focus`)) return;
  const first = document.querySelector<HTMLElement>("[autofocus]") ?? document.querySelector<HTMLElement>("#content");
  first?.focus();
}

/** Show all of the page but the strip, which stays where it is: a menu open there, what is typed, a button being pressed. */
function exchange(page: Document): void {
  const [strip, place] = [document.querySelector(STRIP), page.querySelector(STRIP)];
  const now = [...page.body.childNodes];
  if (!strip || !place) {
    document.body.replaceChildren(...now);
    htmx.process(document.body);
    return;
  }
  for (const child of [...document.body.childNodes]) if (child !== strip) child.remove();
  const middle = now.indexOf(place as HTMLElement);
  strip.before(...now.slice(0, middle));
  strip.after(...now.slice(middle + 1));
  // Not the strip: as it may bear the mark of a request, htmx would take it for another element and forget what it asks next.
  for (const child of document.body.children) if (child !== strip) htmx.process(child);
}

changeInPlace.go = go;
