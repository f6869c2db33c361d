// What a citizen is writing stays in this browser: through a page read anew, a closed tab, a lost network. On this device
// alone, for a day, until it has been sent or is thrown away. Photos can't be kept so, and the page says it.
import { timeOfDay } from "./words";

const PREFIX = "report.draft.";
const BEGUN = "begun"; // the form that the box of another page began: its draft goes on from those very words
const KEPT_FOR = 24 * 3600 * 1000; // milliseconds
const KEPT = "text place place_code place_for latitude longitude landmark phone name visibility topic urgent denounces key".split(" ");
const WORTH_IT = ["text", "place", "landmark"]; // a number alone is none

type Draft = { at: number; began: string; photos: number; fields: Record<string, string> };

export function mount(root: ParentNode): void {
  forgetOld();
  for (const sent of root.querySelectorAll<HTMLElement>("[data-sent-key]")) forgetSent(sent.dataset["sentKey"] ?? "");
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-report-draft]")) serve(form);
}

function serve(form: HTMLFormElement): void {
  const how = form.dataset["reportDraft"] ?? "";
  const name = PREFIX + (how === BEGUN ? BEGUN : (form.dataset["draftName"] ?? ""));
  const began = form.querySelector("textarea")?.defaultValue ?? "";
  const restored = form.querySelector<HTMLElement>("[data-draft-restored]");
  const kept = form.querySelector<HTMLElement>("[data-draft-kept]");
  const offline = form.querySelector<HTMLElement>("[data-offline]");

  const save = (): void => {
    const fields = Object.fromEntries(KEPT.map((each) => [each, valueOf(form, each)]));
    if (!WORTH_IT.some((each) => fields[each]?.trim())) return localStorage.removeItem(name);
    const photos = form.querySelectorAll("[data-shots] li:not([data-add])").length;
    if (put(name, { at: Date.now(), began, photos, fields }) && kept) kept.hidden = false;
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  window.addEventListener("pagehide", () => {
    if (valueOf(form, "key")) save(); // a ward chosen from the list, a photo that came late
  });

  if (how === "back") {
    localStorage.removeItem(PREFIX + BEGUN);
    save();
  } else {
    const draft = read(name);
    if (draft && (how !== BEGUN || draft.began === began)) {
      for (const each of KEPT) fill(form, each, draft.fields[each] ?? "");
      form.querySelector("textarea")?.dispatchEvent(new Event("input", { bubbles: true }));
      if (restored && draft.fields["text"] !== began) {
        const said = restored.querySelector("[data-draft-said]");
        const words = draft.photos > 0 ? restored.dataset["sayPhotos"] : restored.dataset["say"];
        if (said) said.textContent = (words ?? "").replace("{at}", timeOfDay(new Date(draft.at)));
        restored.hidden = false;
      }
    }
  }
  for (const drop of form.querySelectorAll<HTMLButtonElement>("[data-draft-drop]")) {
    drop.addEventListener("click", () => {
      form.querySelector<HTMLInputElement>("input[name=key]")?.remove(); // nothing is saved on the way out; the new page has its own
      localStorage.removeItem(name);
      location.assign(form.dataset["draftAnew"] ?? location.href);
    });
  }

  form.addEventListener(
    "submit",
    (event) => {
      if (navigator.onLine || !offline) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      save();
      offline.textContent = offline.dataset["sayOffline"] ?? "";
    },
    { capture: true },
  );
  window.addEventListener("online", () => {
    if (offline?.textContent) offline.textContent = offline.dataset["sayOnline"] ?? "";
  });
}

function valueOf(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement && field.type === "checkbox") return field.checked ? field.value : "";
  if (field instanceof RadioNodeList || field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)
    return field.value;
  return "";
}

function fill(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value !== "";
  else if (field instanceof RadioNodeList || field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) {
    if (value || name !== "visibility") field.value = value;
  } else if (value) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
}

/** A browser without room, or told to keep nothing, keeps nothing: the form works as ever. */
function put(name: string, draft: Draft): boolean {
  try {
    localStorage.setItem(name, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

function read(name: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function forgetSent(key: string): void {
  for (const name of drafts()) if (read(name)?.fields["key"] === key) localStorage.removeItem(name);
}

function forgetOld(): void {
  for (const name of drafts()) {
    const draft = read(name);
    if (!draft || Date.now() - draft.at > KEPT_FOR) localStorage.removeItem(name);
  }
}

function drafts(): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}
