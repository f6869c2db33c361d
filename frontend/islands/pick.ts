// Choose one of many by a few letters, with accents or none: the list shrinks, the likeliest stands first, Enter takes it,
// arrows go in.
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
  const ranked = labels(input).map((label, at) => {
    label.dataset.at ??= `${at}`;
    const rank = words.length > 0 ? rankOf(label, input.value.trim().toLowerCase(), words) : 0;
    label.hidden = rank === NOT_MEANT;
    return { label, rank };
  });
  ranked.sort((one, other) => one.rank - other.rank || Number(one.label.dataset.at) - Number(other.label.dataset.at));
  for (const { label } of ranked) label.parentElement?.append(label);
  const none = input.closest("[data-pick]")?.querySelector<HTMLElement>(".none");
  if (none) none.hidden = shown(input).length > 0;
}

const NOT_MEANT = 7;

/** How well what is typed names it: its very name first, then names that begin with it, hold it, and last former names. */
function rankOf(label: HTMLLabelElement, typed: string, words: string[]): number {
  const written = (label.querySelector("span")?.textContent ?? "").trim().toLowerCase();
  const [name, whole, asked] = [(label.dataset.name ?? written).toLowerCase(), fold(written), words.join(" ")];
  const known = words.every((word) => whole.includes(word));
  const former = known ? "" : formerName(label, whole, words);
  const note = label.querySelector<HTMLElement>("small");
  if (note) [note.textContent, note.hidden] = [former, former === ""];
  if ([name, written].includes(typed)) return 0;
  if ([fold(name), whole].includes(asked)) return 1;
  if (fold(name).startsWith(asked) || whole.startsWith(asked)) return 2;
  if (` ${whole} `.includes(` ${asked} `)) return 3;
  if (known) return 4;
  if (former) return 5;
  return words.join("").length > 3 && (label.dataset.older ?? "").includes(words.join("")) ? 6 : NOT_MEANT;
}

/** The former name that was meant, if the name of today alone doesn't hold what was typed. */
function formerName(label: HTMLLabelElement, name: string, words: string[]): string {
  const others = (label.dataset.former ?? "").split("; ");
  return others.find((one) => words.every((word) => name.includes(word) || fold(one).includes(word))) ?? "";
}

/** The first that is shown: the likeliest stands there. */
function take(input: HTMLInputElement): void {
  const radio = shown(input)[0]?.querySelector("input");
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
