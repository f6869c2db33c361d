// After a call: the seconds left are counted down, and typing renews them, so that nothing rings into a sentence.
import { refresh } from "./strip";

const SAID_EVERY = 5000; // milliseconds

let said = 0;

export function keepAfterCall(): void {
  document.addEventListener("input", (event) => void say(event));
  document.body.addEventListener("desk:strip", () => {
    if (!strip()) said = 0;
  });
}

/** One second less. */
export function countDown(): void {
  const clock = document.querySelector<HTMLElement>("#strip [data-left]");
  if (!clock) return;
  const left = Math.max(0, Number(clock.dataset.left) - 1);
  show(clock, left);
  if (left === 0) refresh();
}

function strip(): HTMLElement | null {
  return document.querySelector<HTMLElement>('#strip[data-state="after_call"][data-writing]');
}

async function say(event: Event): Promise<void> {
  const now = strip();
  if (!now || !event.isTrusted || Date.now() - said < SAID_EVERY) return;
  said = Date.now();
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", now.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "");
  const answer = await fetch(now.dataset.writing ?? "", { method: "POST", body: sent, credentials: "same-origin" }).catch(() => undefined);
  if (!answer?.ok) {
    said = 0; // the next letter says it again
    return;
  }
  const clock = document.querySelector<HTMLElement>("#strip [data-left]");
  if (clock) show(clock, ((await answer.json()) as { left: number }).left);
}

function show(clock: HTMLElement, seconds: number): void {
  clock.dataset.left = String(seconds);
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
