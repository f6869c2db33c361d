// Whether somebody is in the middle of writing: then no key sends it, and nothing takes them away from it.
import { asItCame, type Field } from "./drafts";

const OUTSIDE = "#strip, [role=search], dialog";

/** A form is in hand: a field of this page says something else than it came with. */
export function isWriting(): boolean {
  const fields = document.querySelectorAll<Field>("form :is(input, textarea, select)");
  return [...fields].some((field) => !["hidden", "radio"].includes(field.type) && !field.closest(OUTSIDE) && !asItCame(field));
}

/** Something has the keyboard: a field, a button, a link, an open menu. */
export function hasTheKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target !== document.body && target !== document.documentElement && target.id !== "content";
}
