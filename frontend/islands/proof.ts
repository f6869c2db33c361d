// A form that makes the city text somebody carries a proof that this browser worked for a second: begun with the first
// touch, done while one types. A press that comes sooner waits for it; one in danger never does.
import { solve, type Challenge, type Solution } from "../proof/solver.ts";

const PATIENCE = 10_000; // milliseconds a press waits; then the form goes without, and the page that follows says so
const EARLY = 60_000; // before a challenge is over another is asked for
const SLICE = 2_000; // tries at a time, where there is no worker

export function mount(root: ParentNode): void {
  for (const place of root.querySelectorAll<HTMLElement>("[data-proof]")) serve(place);
}

function serve(place: HTMLElement): void {
  const form = place.closest("form");
  const field = place.querySelector<HTMLInputElement>("input");
  const said = place.querySelector<HTMLElement>("[data-proof-said]");
  const address = place.dataset["proof"];
  if (!form || !field || !said || !address) return;
  let work: Promise<void> | null = null;
  let until = 0;
  let waiting = false;

  const prove = (): Promise<void> => {
    if (field.value && Date.now() > until) {
      field.value = "";
      work = null;
    }
    work ??= (async () => {
      const challenge = (await (await fetch(address)).json()) as Challenge;
      const solution = await solved(challenge);
      until = challenge.parameters.expiresAt * 1000 - EARLY;
      field.value = btoa(JSON.stringify({ challenge, solution }));
    })().catch(() => {
      work = null; // tried again at the next touch
    });
    return work;
  };
  for (const touch of ["focusin", "pointerover", "touchstart", "input"]) {
    form.addEventListener(touch, () => void prove(), { passive: true });
  }
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    field.value = ""; // back from the page that followed: that proof is spent
    work = null;
    waiting = false;
    said.textContent = "";
  });

  form.addEventListener("submit", (event) => {
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    if ((field.value && Date.now() < until) || button?.formNoValidate || inDanger(form)) return;
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    said.textContent = place.dataset["sayWorking"] ?? "";
    const enough = new Promise<void>((done) => window.setTimeout(done, PATIENCE));
    void Promise.race([prove(), enough]).then(() => send(form, button));
  });
}

/** As the button would, past our own listener: `submit()` sends no button's value. */
function send(form: HTMLFormElement, button: HTMLButtonElement | null): void {
  if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  form.submit();
}

function inDanger(form: HTMLFormElement): boolean {
  const urgent = form.querySelector<HTMLInputElement>("input[name=urgent]");
  const shown = [...form.querySelectorAll("[data-danger]")].some((place) => place.textContent?.trim());
  return shown || urgent?.checked === true;
}

/** In a worker of our own; where that can't be, a little at a time. */
function solved(challenge: Challenge): Promise<Solution> {
  return new Promise<Solution>((done, failed) => {
    const worker = new Worker(new URL("../proof/worker.ts", import.meta.url));
    const over = (): void => worker.terminate();
    worker.onmessage = ({ data }: MessageEvent<Solution | null>) => (over(), data ? done(data) : failed(new Error("unsolved")));
    worker.onerror = (event) => (over(), failed(new Error(event.message)));
    worker.postMessage(challenge);
  }).catch(() => slowly(challenge));
}

async function slowly(challenge: Challenge): Promise<Solution> {
  for (let from = 0; ; from += SLICE) {
    const found = solve(challenge, from, SLICE);
    if (found) return found;
    await new Promise((next) => window.setTimeout(next, 0));
  }
}
