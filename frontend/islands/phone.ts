// The desk's telephone. One tab of a browser holds it (a lock); the others show the same strip and pass on what is pressed.
// While a call goes on the pages are changed in place, so that following a link doesn't cut the line.
import htmx from "htmx.org";
import type { Line, Softphone } from "./softphone";
import { changeInPlace } from "./stay";
import { word } from "./words";

type Pressed = { do: "answer" | "mute" | "key" | "hangup"; call?: string; digit?: string; on?: boolean };

let phone: Softphone | undefined;
let muted = false;
let talking = false;
let bell: { stop: () => void } | undefined;
const others = "BroadcastChannel" in window ? new BroadcastChannel("desk.phone") : null;

/** Whom a call goes to stays chosen when the list of those who are free comes anew. */
function keepChoice(event: Event): void {
  const { target } = (event as CustomEvent<{ target: Element }>).detail;
  if (!(target instanceof HTMLSelectElement)) return;
  const chosen = target.value;
  target.addEventListener(
    "htmx:afterSwap",
    () => {
      if ([...target.options].some((option) => option.value === chosen)) target.value = chosen;
    },
    { once: true },
  );
}

export function startPhone(): void {
  if (!document.getElementById("may")) return;
  document.addEventListener("click", press);
  document.body.addEventListener("htmx:load", look);
  document.body.addEventListener("htmx:beforeRequest", leaveAlone);
  document.body.addEventListener("htmx:beforeSwap", keepChoice);
  others?.addEventListener("message", (event: MessageEvent<Pressed>) => take(event.data));
  setInterval(tick, 1000);
  changeInPlace(() => talking);
  look();
  if (document.querySelector("#may[data-call]")) setTimeout(refresh); // what happened while this page was on its way was told to nobody here
}

/** News of the exchange wait while somebody fills in where to hand the call to. */
function leaveAlone(event: Event): void {
  const { elt } = (event as CustomEvent<{ elt: Element }>).detail;
  if (elt.id === "dien-thoai" && elt.querySelector('[data-state="talking"] details[open] :focus')) event.preventDefault();
}

function strip(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#may[data-line]");
}

let wanted = false;

/** The strip is new: sign in where the person is at work, stop ringing where nothing rings. */
function look(): void {
  const now = strip();
  if (!now) return; // a SIP telephone on the table: it rings and answers by itself
  if (now.dataset.state !== "ringing") silence();
  showMuted();
  showListening();
  if (wanted || now.dataset.state === "out") return;
  wanted = true;
  const url = now.dataset.line ?? "";
  if ("locks" in navigator) void navigator.locks.request("desk.phone", () => hold(url));
  else void hold(url);
}

async function hold(url: string): Promise<never> {
  const answer = await fetch(url, { credentials: "same-origin" });
  const line = (await answer.json()) as Line;
  const { Softphone } = await import("./softphone");
  phone = new Softphone(line, {
    registered: () => refresh(),
    rings: ({ auto }) => {
      if (!auto) ring();
      refresh();
    },
    talks: () => {
      talking = true;
      muted = false;
      silence();
      refresh();
    },
    over: () => {
      talking = false;
      muted = false;
      silence();
      refresh();
    },
    deaf: () => {
      phone?.hangUp();
      tellDeaf();
    },
  });
  phone.start();
  return new Promise<never>(() => undefined);
}

function refresh(): void {
  htmx.trigger(document.body, "desk:phone", {});
}

function press(event: MouseEvent): void {
  const button = (event.target as Element).closest<HTMLElement>("[data-phone]");
  if (!button) return;
  const what = button.dataset.phone;
  if (what === "answer") {
    pass({ do: "answer", call: strip()?.dataset.call ?? "" });
    if (!phone) return; // another tab holds the telephone: this one goes on to the form by its link
    event.preventDefault();
    void changeInPlace.go((button as HTMLAnchorElement).href);
  } else if (what === "mute") {
    muted = !muted;
    pass({ do: "mute", on: muted });
    showMuted();
  } else if (what === "hangup") {
    pass({ do: "hangup" });
  } else if (what === "key") {
    pass({ do: "key", digit: button.dataset.digit ?? "" });
  }
}

function pass(pressed: Pressed): void {
  take(pressed);
  others?.postMessage(pressed);
}

function take(pressed: Pressed): void {
  if (!phone) return;
  if (pressed.do === "answer") phone.answer(pressed.call);
  else if (pressed.do === "mute") phone.mute((muted = pressed.on ?? false));
  else if (pressed.do === "hangup") phone.hangUp();
  else if (pressed.digit) phone.press(pressed.digit);
}

/** Someone who listens in has no call in hand: the voice is here, and the strip tells of no call. */
function showListening(): void {
  const words = document.querySelector<HTMLElement>("[data-phone-listening]");
  if (words) words.hidden = !talking;
}

function showMuted(): void {
  const button = document.querySelector('[data-phone="mute"]');
  button?.setAttribute("aria-pressed", String(muted));
}

/** No microphone: she is paused, so that nobody is sent to a deaf telephone, and told how to allow it. */
function tellDeaf(): void {
  const words = document.querySelector("[data-phone-words]");
  if (words) words.textContent = word("deaf");
  const form = document.querySelector<HTMLFormElement>("#may form.shift");
  if (form) void htmx.ajax("post", form.action, { source: form, target: "#may", swap: "outerHTML", values: { state: "paused", reason: "no_microphone" } });
}

/** Counts the seconds that the server began. */
function tick(): void {
  for (const clock of document.querySelectorAll<HTMLElement>("[data-since]")) {
    const seconds = Number(clock.dataset.since) + 1;
    clock.dataset.since = String(seconds);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

/** Two soft tones, again each three seconds, until answered. */
function ring(): void {
  silence();
  const sound = new AudioContext();
  const strike = (): void => {
    for (const [pitch, after] of [[660, 0], [880, 0.2]] as const) {
      const tone = sound.createOscillator();
      const loud = sound.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.12, sound.currentTime + after);
      loud.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + after + 0.5);
      tone.connect(loud).connect(sound.destination);
      tone.start(sound.currentTime + after);
      tone.stop(sound.currentTime + after + 0.5);
    }
  };
  strike();
  const again = setInterval(strike, 3000);
  bell = {
    stop: () => {
      clearInterval(again);
      void sound.close();
    },
  };
}

function silence(): void {
  bell?.stop();
  bell = undefined;
}
