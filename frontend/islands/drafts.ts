// What is typed is kept in this browser as it is typed, for this person alone, until it has been sent.
import { timeOfDay, word } from "./words";

const KEPT_FOR = 7 * 24 * 3600 * 1000;
type Draft = { at: number; fields: Record<string, string> };

export function keepDrafts(): void {
  forgetOld();
  forgetSent();
  document.body.addEventListener("desk:page", forgetSent);
  document.addEventListener("input", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-draft]");
    if (form) save(form);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful } = (event as CustomEvent<{ elt: Element; successful: boolean }>).detail;
    if (successful && elt instanceof HTMLFormElement && elt.dataset.draft) localStorage.removeItem(place(elt.dataset.draft));
  });
  document.body.addEventListener("htmx:afterSettle", restoreAll);
  restoreAll();
}

function forgetSent(): void {
  document.querySelectorAll<HTMLElement>("[data-draft-done]").forEach((done) => {
    localStorage.removeItem(place(done.dataset.draftDone ?? ""));
  });
}

function place(name: string): string {
  return `desk.draft.${document.body.dataset.user ?? ""}.${name}`;
}

function fieldsOf(form: HTMLFormElement): (HTMLInputElement | HTMLTextAreaElement)[] {
  const only = form.dataset.draftOnly?.split(" ");
  return [...form.elements].filter(
    (field): field is HTMLInputElement | HTMLTextAreaElement =>
      (field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && ["text", "tel"].includes(field.type))) &&
      field.name !== "" &&
      (!only || only.includes(field.name)),
  );
}

function save(form: HTMLFormElement): void {
  const fields: Record<string, string> = {};
  for (const field of fieldsOf(form)) if (field.value.trim()) fields[field.name] = field.value;
  const name = place(form.dataset.draft ?? "");
  if (Object.keys(fields).length === 0) {
    localStorage.removeItem(name);
    return;
  }
  localStorage.setItem(name, JSON.stringify({ at: Date.now(), fields } satisfies Draft));
  say(form, `${word("draft")} ${timeOfDay()}.`);
}

function restoreAll(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-draft]").forEach((form) => {
    if (form.dataset.restored) return;
    form.dataset.restored = "1";
    const draft = read(place(form.dataset.draft ?? ""));
    if (!draft) return;
    let restored = false;
    for (const field of fieldsOf(form)) {
      const kept = draft.fields[field.name];
      if (kept && !field.value) {
        field.value = kept;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        restored = true;
      }
    }
    if (restored) say(form, word("restored"));
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
    if (!draft || Date.now() - draft.at > KEPT_FOR) localStorage.removeItem(name);
  }
}
