// A field with a list of offers below it (WAI-ARIA combobox): the keys, and what a screen reader is told of them, are
// @github/combobox-nav's, which leaves them alone while letters are being composed.
import Combobox from "@github/combobox-nav";

export type Offers = {
  /** Open the list on these rows, each a `role="option"` or around one; none: close it. */
  show: (rows: readonly HTMLElement[]) => void;
  close: () => void;
};

/** `list` comes to stand right behind `input`, closed; `taken` hears which option was chosen, by key or by finger. */
export function offersOf(input: HTMLInputElement, list: HTMLElement, taken?: (option: HTMLElement) => void): Offers {
  list.setAttribute("role", "listbox");
  list.hidden = true;
  input.after(list);
  const keys = new Combobox(input, list, { tabInsertsSuggestions: false });
  const close = (): void => {
    list.hidden = true;
    keys.stop();
  };
  const show = (rows: readonly HTMLElement[]): void => {
    list.replaceChildren(...rows);
    list.hidden = rows.length === 0;
    if (list.hidden) keys.stop();
    else keys.start();
  };
  list.addEventListener("pointerdown", (event) => {
    if ((event.target as Element).closest("[role=option]")) event.preventDefault(); // the field keeps the keyboard
  });
  list.addEventListener("combobox-commit", (event) => taken?.(event.target as HTMLElement));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  return { show, close };
}
