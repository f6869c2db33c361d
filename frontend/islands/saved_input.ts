// What was typed into a form whose session had ended has come back with the page: it is written into that form again. Where the
// page has no such form any more the words stand there to be copied.

type Words = Record<string, string[]>;
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export function writeSavedInput(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-saved-input]")) {
    const words = JSON.parse(place.querySelector("script")?.textContent ?? "{}") as Words;
    const form = formOf(place.dataset.savedInput ?? "", words);
    if (!form) continue;
    const fields = fieldsOf(form).filter((field) => !(field instanceof HTMLInputElement && field.type === "hidden"));
    const left = Object.fromEntries(Object.entries(words).map(([name, values]) => [name, [...values]]));
    for (const field of fields) write(field, left[field.name] ?? []);
    for (let up = form.parentElement; up; up = up.parentElement) if (up instanceof HTMLDetailsElement) up.open = true;
    place.querySelector<HTMLElement>("[data-written]")?.removeAttribute("hidden");
    place.querySelector<HTMLElement>("[data-unwritten]")?.setAttribute("hidden", "");
  }
}

/** The form that is sent there; of several the one whose own values, which nobody types, are those that were sent. */
function formOf(path: string, words: Words): HTMLFormElement | undefined {
  return [...document.forms].find((form) => {
    const action = new URL(form.getAttribute("action") ?? "", location.href).pathname;
    if (form.method !== "post" || action !== path) return false;
    return fieldsOf(form).every(
      (field) =>
        !(field instanceof HTMLInputElement) || field.type !== "hidden" || !words[field.name] || SHIFTS.includes(field.name) ||
        words[field.name]?.includes(field.value),
    );
  });
}

const SHIFTS = ["csrfmiddlewaretoken", "seen", "key", "back", "browser"]; // they may be others by now

function fieldsOf(form: HTMLFormElement): Field[] {
  return [...form.elements].filter(
    (field): field is Field =>
      (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) && field.name !== "",
  );
}

function write(field: Field, values: string[]): void {
  if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
  else if (field instanceof HTMLInputElement && ["file", "password", "submit"].includes(field.type)) return;
  else if (values.length > 0) field.value = values.shift() ?? "";
  else return;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
