// What is typed is kept in this browser as it is typed, for this person alone, until it has been sent. A form that edits
// what is there names the state it shows (`seen`): its draft is the whole form, and comes back only over that very state.
import { timeOfDay, word } from "./words";

const KEPT_FOR = 7 * 24 * 3600 * 1000;
const OTHERS_KEPT_FOR = 12 * 3600 * 1000; // a session's length: who didn't sign out before a colleague came to this computer
const ENDED = "desk.ended";
type Draft = { at: number; fields: Record<string, string>; seen?: string | undefined };
export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const TYPED = ["text", "tel"];
const EDITED = [...TYPED, "url", "number", "date", "checkbox"];

export function keepDrafts(): void {
  document.addEventListener("submit", (event) => {
    if ((event.target as Element).matches("[data-drafts-end]") && !event.defaultPrevented) forgetMine();
  });
  if (localStorage.getItem(ENDED) === document.body.dataset.user) localStorage.removeItem(ENDED); // signed in again
  forgetOld();
  forgetSent();
  document.body.addEventListener("desk:page", forgetSent);
  document.addEventListener("input", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-draft]");
    if (form) save(form);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    // the form itself: what it sent may have taken it from the page, and the event is told to whatever stands there yet
    const { requestConfig, successful } = (event as CustomEvent<{ requestConfig: { elt: Element }; successful: boolean }>).detail;
    const { elt } = requestConfig;
    if (successful && elt instanceof HTMLFormElement && elt.dataset.draft) localStorage.removeItem(place(elt.dataset.draft));
  });
  document.body.addEventListener("htmx:afterSettle", restoreAll);
  restoreAll();
}

/** Whoever signs out leaves no words behind on this computer; a page of theirs still open in another tab keeps none either. */
function forgetMine(): void {
  sessionStorage.clear();
  localStorage.setItem(ENDED, document.body.dataset.user ?? "");
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(place(""))) localStorage.removeItem(name);
  }
}

function forgetSent(): void {
  document.querySelectorAll<HTMLElement>("[data-draft-done]").forEach((done) => {
    localStorage.removeItem(place(done.dataset.draftDone ?? ""));
  });
  document.querySelectorAll<HTMLElement>("[data-draft-gone]").forEach((gone) => forgetCase(gone.dataset.draftGone ?? ""));
}

/** Drafts of a case that left this person's sight. */
function forgetCase(code: string): void {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("desk.draft.") && name.endsWith(`:${code}`)) localStorage.removeItem(name);
  }
}

function place(name: string): string {
  return `desk.draft.${document.body.dataset.user ?? ""}.${name}`;
}

/** The state of what this form edits; undefined: it writes something new. */
function seenIn(form: HTMLFormElement): string | undefined {
  const field = form.elements.namedItem("seen");
  return field instanceof HTMLInputElement ? field.value : undefined;
}

function fieldsOf(form: HTMLFormElement): Field[] {
  const only = form.dataset.draftOnly?.split(" ");
  const edits = seenIn(form) !== undefined;
  const kinds = edits ? EDITED : TYPED;
  return [...form.elements].filter(
    (field): field is Field =>
      (field instanceof HTMLTextAreaElement ||
        (field instanceof HTMLInputElement && kinds.includes(field.type)) ||
        (edits && field instanceof HTMLSelectElement)) &&
      field.name !== "" &&
      (!only || only.includes(field.name)),
  );
}

function isTick(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && field.type === "checkbox";
}

function nameOf(field: Field): string {
  return isTick(field) ? `${field.name}=${field.value}` : field.name;
}

function valueOf(field: Field): string {
  return isTick(field) ? (field.checked ? "1" : "") : field.value;
}

function fill(field: Field, value: string): void {
  if (isTick(field)) field.checked = value !== "";
  else field.value = value;
}

export function asItCame(field: Field): boolean {
  if (isTick(field)) return field.checked === field.defaultChecked;
  if (field instanceof HTMLSelectElement) {
    const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return field.value === first?.value;
  }
  return field.value === field.defaultValue;
}

function save(form: HTMLFormElement): void {
  if (localStorage.getItem(ENDED) === document.body.dataset.user) return;
  const name = place(form.dataset.draft ?? "");
  const seen = seenIn(form);
  const fields: Record<string, string> = {};
  const all = fieldsOf(form);
  for (const field of all) if (seen !== undefined || valueOf(field).trim()) fields[nameOf(field)] = valueOf(field);
  if (seen !== undefined ? all.every(asItCame) : Object.keys(fields).length === 0) {
    localStorage.removeItem(name);
    return;
  }
  localStorage.setItem(name, JSON.stringify({ at: Date.now(), fields, seen } satisfies Draft));
  say(form, `${word("draft")} ${timeOfDay()}.`);
}

function restoreAll(): void {
  forgetSent();
  document.querySelectorAll<HTMLFormElement>("form[data-draft]").forEach((form) => {
    if (form.dataset.restored) return;
    form.dataset.restored = "1";
    const draft = read(place(form.dataset.draft ?? ""));
    const seen = seenIn(form);
    if (!draft || draft.seen !== seen) return;
    const changed: Field[] = [];
    for (const field of fieldsOf(form)) {
      const kept = draft.fields[nameOf(field)];
      if (seen === undefined ? !kept || field.value : kept === undefined || kept === valueOf(field)) continue;
      fill(field, kept ?? "");
      changed.push(field);
    }
    for (const field of changed) field.dispatchEvent(new Event("input", { bubbles: true }));
    if (changed.length > 0) say(form, word("restored"));
  });
}

function say(form: HTMLFormElement, what: string): void {
  const line = form.querySelector<HTMLElement>("[data-draft-words]");
  if (!line) return;
  line.textContent = what;
  line.hidden = false;
}

function read(name: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function forgetOld(): void {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith("desk.draft.")) continue;
    const draft = read(name);
    const time = name.startsWith(place("")) ? KEPT_FOR : OTHERS_KEPT_FOR;
    if (!draft || Date.now() - draft.at > time) localStorage.removeItem(name);
  }
}
