// The box: while one types, the answers it may mean, chosen by arrow keys or a tap. Enter alone searches, as without JavaScript.
import { offersOf } from "./combobox.ts";
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
  const list = Object.assign(document.createElement("ul"), { id: `${input.id}-suggestions` });
  list.setAttribute("aria-label", form.dataset["suggestions"] ?? "");
  input.replaceWith(box);
  box.append(input);
  const offers = offersOf(input, list); // an option is a link: whoever takes it follows it
  let timer = 0;
  let asked = "";

  const row = (answer: Answer, place: number): HTMLElement => {
    const item = document.createElement("li");
    item.setAttribute("role", "presentation");
    const id = `${list.id}-${place}`;
    const link = Object.assign(document.createElement("a"), { id, href: answer.url, textContent: answer.title, tabIndex: -1 });
    link.setAttribute("role", "option");
    link.append(Object.assign(document.createElement("small"), { textContent: answer.about }));
    item.append(link);
    return item;
  };
  const ask = async (): Promise<void> => {
    const words = input.value.trim();
    if (words === asked) return;
    asked = words;
    if (words.length < 2) return offers.close();
    const response = await fetch(where, { method: "POST", body: new URLSearchParams({ q: words }) });
    if (!response.ok || words !== input.value.trim()) return;
    const { answers, danger } = (await response.json()) as { answers: Answer[]; danger: string };
    offers.show(answers.map(row));
    showDanger(form.parentElement ?? form, danger);
  };
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask().catch(offers.close), WAIT);
  });
  box.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && box.contains(event.relatedTarget))) offers.close();
  });
}
