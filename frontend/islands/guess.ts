// What the city understands the words to be about, and whom to ring in danger, shown while one types; never asked for.

import { showDanger } from "./danger.ts";

const WAIT = 400; // milliseconds after the last key

export function mount(root: ParentNode): void {
  for (const said of root.querySelectorAll<HTMLElement>("[data-guess]")) serve(said);
}

function serve(said: HTMLElement): void {
  const form = said.closest("form");
  const text = form?.querySelector<HTMLTextAreaElement>("textarea[name=text]");
  const hints = form?.dataset["hints"];
  if (!text || !hints) return;
  const plain = said.textContent ?? "";
  let timer = 0;
  let asked = "";

  const ask = async (): Promise<void> => {
    const words = text.value.trim();
    if (words === asked) return;
    asked = words;
    const response = await fetch(hints, { method: "POST", body: new URLSearchParams({ text: words }) });
    if (!response.ok) return;
    const { topic, danger, doubt } = (await response.json()) as {
      topic: { name: string } | null;
      danger: string;
      doubt: boolean;
    };
    showDanger(form, danger);
    askWhether(form, doubt);
    said.replaceChildren();
    if (topic) {
      said.append(said.dataset["guess"] ?? "", Object.assign(document.createElement("b"), { textContent: topic.name }));
    } else {
      said.append(plain);
    }
  };
  const again = (): void => void ask().catch(() => undefined);
  if (text.value.trim()) again(); // the form came back, or the reader did
  window.addEventListener("pageshow", (event) => {
    if (event.persisted || text.value.trim()) again();
  });
  text.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask().catch(() => undefined), WAIT);
  });
}

/** The one question that a doubtful matter is asked; once answered it stays, so that the answer can be changed. */
function askWhether(form: HTMLFormElement, doubt: boolean): void {
  const question = form.querySelector<HTMLElement>("[data-doubt]");
  if (question) question.hidden = !doubt && !question.querySelector(":checked");
}
