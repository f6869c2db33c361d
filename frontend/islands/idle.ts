// A session ends when no hand has been on the keys for a while. Typing is said to the server once a minute; what the page
// asks by itself is marked as such. When the session has ended the page is covered, its words stay beneath, and it opens
// again as soon as the same person has come in again, in a tab beside it.
import htmx from "htmx.org";

const SAID_EVERY = 60_000;
let said = Date.now(); // the page itself was asked for just now
let covered = false;

export function watchIdle(): void {
  const { live } = document.body.dataset;
  if (live === undefined) return;
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { triggeringEvent, headers } = (event as CustomEvent<{ triggeringEvent?: Event; headers: Record<string, string> }>).detail;
    if (!triggeringEvent?.isTrusted) headers["X-By-Itself"] = "1";
  });
  for (const hand of ["keydown", "pointerdown", "input"]) document.addEventListener(hand, stir, { passive: true });
  document.body.addEventListener("desk:signed-out", cover);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
}

function stir(event: Event): void {
  if (!event.isTrusted || covered || Date.now() - said < SAID_EVERY) return;
  said = Date.now();
  void ask().then((who) => {
    if (who === null) htmx.trigger(document.body, "desk:signed-out", {});
  });
}

/** Who is in now, and the token for forms; null: nobody; undefined: the server can't be reached. */
async function ask(): Promise<{ user: number; token: string } | null | undefined> {
  try {
    const response = await fetch("/ban/con-day/", { credentials: "same-origin" });
    if (response.status === 401) return null;
    return response.ok ? ((await response.json()) as { user: number; token: string }) : undefined;
  } catch {
    return undefined;
  }
}

function cover(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog.signed-out");
  if (!dialog || covered) return;
  covered = true;
  document.body.classList.add("covered");
  dialog.addEventListener("close", () => {
    if (covered) dialog.showModal(); // Escape, pressed twice, closes any dialog
  });
  dialog.showModal();
}

function look(): void {
  if (!covered || document.hidden) return;
  void ask().then((who) => {
    if (!who || !covered) return;
    if (String(who.user) !== document.body.dataset.user) {
      location.reload(); // somebody else's page now: the drafts of the one before stay theirs
      return;
    }
    document.querySelectorAll<HTMLInputElement>("input[name=csrfmiddlewaretoken]").forEach((field) => (field.value = who.token));
    covered = false;
    document.body.classList.remove("covered");
    document.querySelector<HTMLDialogElement>("dialog.signed-out")?.close();
    htmx.trigger(document.body, "desk:signed-in", {});
    htmx.trigger(document.body, "desk:changed", {});
  });
}
