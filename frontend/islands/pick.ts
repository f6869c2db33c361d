// Choose one of many by a few letters, with accents or none: the list shrinks, Enter takes the first, arrows go in.
import { fold } from "./words";

export function siftChoices(): void {
  document.addEventListener("input", (event) => {
    const input = event.target as HTMLElement;
    if (input.matches("[data-sift]")) sift(input as HTMLInputElement);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target as HTMLElement;
    if (!input.matches("[data-sift]") || event.isComposing) return;
    if (event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault();
      take(input as HTMLInputElement);
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      shown(input)[0]?.querySelector("input")?.focus();
    }
  });
  document.addEventListener("change", (event) => {
    const choice = event.target as HTMLElement;
    if (choice.closest("[data-pick]")) choice.closest("form")?.dispatchEvent(new Event("desk:guess"));
  });
  document.body.addEventListener("htmx:afterSettle", showChosen);
  showChosen();
}

function labels(inside: Element): HTMLLabelElement[] {
  return [...(inside.closest("[data-pick]")?.querySelectorAll<HTMLLabelElement>(".choices label") ?? [])];
}

function shown(inside: Element): HTMLLabelElement[] {
  return labels(inside).filter((label) => !label.hidden);
}

function sift(input: HTMLInputElement): void {
  const words = fold(input.value).split(/\s+/).filter(Boolean);
  for (const label of labels(input)) {
    const name = fold(label.querySelector("span")?.textContent ?? "");
    const known = words.every((word) => name.includes(word));
    const former = known ? "" : formerName(label, name, words);
    const older = words.join("").length > 3 && (label.dataset.older ?? "").includes(words.join(""));
    label.hidden = !known && former === "" && !older;
    const note = label.querySelector<HTMLElement>("small");
    if (note) [note.textContent, note.hidden] = [former, former === ""];
  }
  const none = input.closest("[data-pick]")?.querySelector<HTMLElement>(".none");
  if (none) none.hidden = shown(input).length > 0;
}

/** The former name that was meant, if the name of today alone doesn't hold what was typed. */
function formerName(label: HTMLLabelElement, name: string, words: string[]): string {
  const others = (label.dataset.former ?? "").split("; ");
  return others.find((one) => words.every((word) => name.includes(word) || fold(one).includes(word))) ?? "";
}

/** The first that is shown: what begins with the words typed goes before what only holds them. */
function take(input: HTMLInputElement): void {
  const asked = fold(input.value).trim();
  const all = shown(input);
  const first = all.find((label) => fold(label.querySelector("span")?.textContent ?? "").trim().startsWith(asked)) ?? all[0];
  const radio = first?.querySelector("input");
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  radio.focus();
}

function showChosen(): void {
  for (const radio of document.querySelectorAll<HTMLInputElement>("[data-pick] .choices input:checked")) {
    const list = radio.closest<HTMLElement>(".choices");
    const label = radio.closest<HTMLElement>("label");
    if (list && label && list.dataset.shown !== "1") {
      list.dataset.shown = "1";
      list.scrollTop = label.offsetTop - list.offsetTop - 40;
    }
  }
}
