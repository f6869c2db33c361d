// The box: while one types, the answers it may mean, chosen by arrow keys or a tap. Enter alone searches, as without JavaScript.
// Pattern: WAI-ARIA combobox with a list (APG 1.2).

import { showDanger } from "./danger.ts";

const WAIT = 180; // milliseconds after the last key

type Answer = { title: string; about: string; url: string };

export function mount(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-suggest]")) serve(form);
}

function serve(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input[name=q]");
  const where = form.dataset["suggest"];
  if (!input || !where) return;
  const box = Object.assign(document.createElement("div"), { className: "suggest" });
  const list = Object.assign(document.createElement("ul"), { id: `${input.id}-goi-y`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset["suggestions"] ?? "");
  input.replaceWith(box);
  box.append(input, list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]] as const)
    input.setAttribute(name, value);
  let timer = 0;
  let asked = "";
  let at = -1;

  const close = (): void => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (to: number): void => {
    const items = [...list.querySelectorAll("a")];
    at = items.length ? (to + items.length) % items.length : -1;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    const chosen = items[at];
    if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
  };
  const show = (answers: readonly Answer[]): void => {
    list.replaceChildren(
      ...answers.map((answer, place) => {
        const item = document.createElement("li");
        item.setAttribute("role", "presentation");
        const id = `${list.id}-${place}`;
        const link = Object.assign(document.createElement("a"), { id, href: answer.url, textContent: answer.title, tabIndex: -1 });
        link.setAttribute("role", "option");
        link.append(Object.assign(document.createElement("small"), { textContent: answer.about }));
        item.append(link);
        return item;
      }),
    );
    at = -1;
    list.hidden = !answers.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = async (): Promise<void> => {
    const words = input.value.trim();
    if (words === asked) return;
    asked = words;
    if (words.length < 2) return close();
    const response = await fetch(where, { method: "POST", body: new URLSearchParams({ q: words }) });
    if (!response.ok || words !== input.value.trim()) return;
    const { answers, danger } = (await response.json()) as { answers: Answer[]; danger: string };
    show(answers);
    showDanger(form.parentElement ?? form, danger);
  };
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask().catch(close), WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      choose(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      list.querySelectorAll("a")[at]?.click();
    }
  });
  box.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && box.contains(event.relatedTarget))) close();
  });
}
