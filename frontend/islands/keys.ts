// The keyboard does everything. A key is printed on what it does (data-key); here it only finds that thing and presses it.

import { hasTheKeys, isWriting } from "./writing";

const OFF = "desk.keys-off";
const COMPOSING = 229; // the key belongs to whoever composes letters (UI Events, 5.3): Safari says no more of it
const STILL_TYPING = 1000; // milliseconds

export function startKeys(): void {
  document.addEventListener("keydown", press);
  document.addEventListener("input", (event) => ([field, typed] = [event.target as Element, Date.now()]));
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest(".keys-open")) showKeys();
    if (target.closest("[data-next-row]")) step(1);
  });
  document.body.addEventListener("htmx:afterSettle", markRow);
  document.body.addEventListener("htmx:beforeRequest", setOut);
  for (const end of ["htmx:afterSwap", "htmx:afterSettle", "htmx:sendError", "htmx:responseError", "htmx:sendAbort"]) {
    document.body.addEventListener(end, arrive);
  }
  document.body.addEventListener("htmx:historyRestore", markRow);
  const off = document.querySelector<HTMLInputElement>("[data-keys-off]");
  if (off) {
    off.checked = localStorage.getItem(OFF) === "1";
    off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : ""));
  }
}

function press(event: KeyboardEvent): void {
  if (event.altKey || event.metaKey || event.keyCode === COMPOSING) return;
  const dialog = document.querySelector("dialog[open]");
  if (/^F\d+$/.test(event.key) && !event.ctrlKey && !event.shiftKey) {
    const thing = dialog?.matches(".signed-out") ? null : find(event.key); // the telephone's keys work while one types, too
    if (thing) event.preventDefault();
    if (!event.repeat) thing?.click();
    return;
  }
  if (event.isComposing || dialog) return;
  if (event.ctrlKey) {
    if (event.key === "Enter") submitCurrent(event);
    return;
  }
  const typing = isTyping(event.target);
  if (event.key === "Escape") {
    escape(event, typing);
    return;
  }
  if (event.key === "Enter") {
    enter(event);
    return;
  }
  if (!field?.isConnected && Date.now() - typed < STILL_TYPING) return; // the field went while one typed: these are its letters
  if (typing || localStorage.getItem(OFF) === "1") return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "j" || key === "k") {
    event.preventDefault();
    step(key === "j" ? 1 : -1);
    return;
  }
  const thing = find(key);
  if (thing) event.preventDefault();
  if (event.repeat) return; // a key that lies there does nothing twice
  // While a case is on its way a key waits for it and never falls on the one before; a action under way takes no second.
  if (coming && (!thing || thing.closest("#work"))) meant = coming === "row" ? key : "";
  else if (thing) use(thing);
}

/** Answers, where nothing else has the keyboard and nothing is being written. In a field it sends nothing that has a key of its
 * own to be sent by, and in a menu of the telephone it presses the button that stands beside the field. */
function enter(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (!hasTheKeys(target)) {
    const answer = isWriting() ? null : document.querySelector<HTMLElement>('#strip [data-phone="answer"]');
    if (!answer?.offsetParent || event.repeat) return;
    event.preventDefault();
    answer.click();
  } else if (sendsByEnter(target) && !event.defaultPrevented) {
    const beside = target.closest(".menu")?.querySelector<HTMLElement>("[data-enter]");
    if (!beside && !target.closest("form")?.querySelector("[data-submit]")) return;
    event.preventDefault();
    if (!event.repeat) beside?.click();
  }
}

/** A browser sends the form when Enter is pressed here. */
function sendsByEnter(target: HTMLElement): boolean {
  return target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && !["button", "submit", "reset", "image", "file"].includes(target.type));
}

let field: Element | null = null; // the last one that was typed in
let typed = 0;

let coming: "row" | "action" | "" = "";
let awaited: XMLHttpRequest | null = null;
let meant = "";

type Asked = { target: Element; elt: Element; xhr: XMLHttpRequest; requestConfig: { verb: string } };

/** A row was opened or a action sent; the page's own refreshing (a GET of no row) hinders nobody. */
function setOut(event: Event): void {
  const { target, elt, xhr, requestConfig } = (event as CustomEvent<Asked>).detail;
  const row = elt.matches("[data-row]");
  if (target.id === "work" && (row || requestConfig.verb !== "get")) {
    [coming, awaited, meant] = [row ? "row" : "action", xhr, ""];
  }
}

/** Another case, or this one after a step, is on its way. */
export function somethingComes(): boolean {
  return coming !== "";
}

function arrive(event: Event): void {
  if (!coming || (event as CustomEvent<Asked>).detail.xhr !== awaited) return;
  if (event.type === "htmx:afterSwap") {
    coming = "row"; // it is there, and takes keys in a moment
    return;
  }
  const key = event.type === "htmx:afterSettle" ? meant : "";
  [coming, awaited, meant] = ["", null, ""];
  const thing = key ? find(key) : null;
  if (thing) use(thing);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

function escape(event: KeyboardEvent, typing: boolean): void {
  if (typing) {
    (event.target as HTMLElement).blur();
    return;
  }
  document.querySelector("details.me[open]")?.removeAttribute("open");
  const way = find("Escape");
  if (way) use(way);
}

function submitCurrent(event: KeyboardEvent): void {
  const form = (event.target as Element).closest("form") ?? document.querySelector("form.action, form#call-form");
  const button = form?.querySelector<HTMLButtonElement>("button[data-submit]");
  if (button && !button.disabled) {
    event.preventDefault();
    button.click();
  }
}

function find(key: string): HTMLElement | null {
  const things = document.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  return [...things].find((thing) => thing.offsetParent !== null && !thing.hasAttribute("disabled")) ?? null;
}

function use(thing: HTMLElement): void {
  if (thing instanceof HTMLInputElement) {
    thing.focus();
    thing.select();
  } else {
    thing.click();
  }
}

// ---------- the rows ----------

function rows(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("#rows [data-row]")];
}

let lastIndex = -1;

/** Open the row below or above. Where the open row has left the list, its successor stands in its place. */
function step(by: 1 | -1): void {
  const all = rows();
  if (all.length === 0) return;
  const current = all.findIndex((row) => row.hasAttribute("aria-current"));
  const from = current >= 0 ? current + by : by > 0 ? Math.max(lastIndex, 0) : lastIndex - 1;
  const row = all[Math.min(Math.max(from, 0), all.length - 1)];
  if (!row) return;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  if (!row.hasAttribute("aria-current")) row.click();
}

function markRow(): void {
  const open = document.getElementById("work")?.dataset.code ?? "";
  rows().forEach((row, index) => {
    if (row.dataset.row === open) {
      row.setAttribute("aria-current", "true");
      lastIndex = index;
    } else {
      row.removeAttribute("aria-current");
    }
  });
}

// ---------- all the keys of this page ----------

function showKeys(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#keys");
  const list = dialog?.querySelector("dl");
  if (!dialog || !list) return;
  list.replaceChildren();
  const seen = new Set<string>();
  const notes = document.querySelectorAll<HTMLElement>("[data-key-note], [data-key]");
  for (const thing of notes) {
    const key = thing.dataset.keyNote ?? thing.dataset.key ?? "";
    if (seen.has(key) || (thing.dataset.key && thing.offsetParent === null)) continue;
    seen.add(key);
    list.append(line(key, thing.dataset.does ?? ""));
  }
  dialog.showModal();
}

function line(key: string, does: string): HTMLElement {
  const row = document.createElement("div");
  const name = document.createElement("dt");
  for (const part of key.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = part === "Escape" ? "Esc" : part.length === 1 ? part.toUpperCase() : part;
    name.append(cap);
  }
  const says = document.createElement("dd");
  says.textContent = does;
  row.append(name, says);
  return row;
}
