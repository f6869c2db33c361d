// The desk's telephone. One browser has it, and in it one tab (a lock); the other tabs show the same strip and pass on what is
// pressed. While a call goes on the pages are changed in place, so that following a link doesn't cut the line.
import htmx from "htmx.org";
import { countDown } from "./after_call";
import { ring, silence } from "./bell";
import type { Line, Softphone } from "./softphone";
import { changeInPlace } from "./stay";
import { keepStrip, refresh } from "./strip";
import { word } from "./words";
import { isWriting } from "./writing";

type Pressed = { do: "answer" | "mute" | "key" | "hangup" | "here"; call?: string; digit?: string; on?: boolean };

const HERE = "phone.here"; // this browser's name for the server
const LOST = "phone.lost"; // another browser has taken the telephone: this one asks before it takes it back
const MUTED = "phone.muted"; // the call in which the microphone is off
const PROMISED = "phone.promised"; // the call that was taken on this page before its telephone was there
const AGAIN = 3000; // milliseconds

let phone: Softphone | undefined;
let talking = false;
let wanted = false;
let held = false; // this tab has the lock
let connecting = false;
const others = "BroadcastChannel" in window ? new BroadcastChannel("desk.phone") : null;

export function startPhone(): void {
  if (!document.getElementById("strip")) return;
  keepStrip();
  document.addEventListener("click", press);
  document.addEventListener("submit", stayForTheCall);
  for (const event of ["desk:strip", "desk:page"]) document.body.addEventListener(event, look);
  for (const event of ["desk:signed-out", "desk:signed-out-here"]) document.body.addEventListener(event, leave);
  document.body.addEventListener("desk:signed-in", () => void connect());
  others?.addEventListener("message", (event: MessageEvent<Pressed>) => take(event.data));
  setInterval(tick, 1000);
  changeInPlace(() => talking);
  look();
  if (document.querySelector("#strip[data-call]")) setTimeout(refresh); // what happened while this page was on its way was told to nobody here
}

function strip(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#strip[data-line]");
}

/** The strip is new: sign in where the person is at work, stop ringing where nothing rings. */
function look(): void {
  const now = strip();
  if (!now) return; // a SIP telephone on the table: it rings and answers by itself
  if (now.dataset.state !== "ringing") silence();
  const elsewhere = isElsewhere(now);
  if (elsewhere && phone) {
    localStorage.setItem(LOST, "1");
    leave();
  }
  now.classList.toggle("away", elsewhere);
  const words = now.querySelector<HTMLElement>("[data-phone-elsewhere]");
  if (words) words.hidden = !elsewhere;
  showMuted();
  if (now.dataset.state === "out") return;
  if (held && !elsewhere) void connect();
  if (wanted) return;
  wanted = true;
  const begin = (): Promise<never> => {
    held = true;
    void connect();
    return new Promise<never>(() => undefined);
  };
  if ("locks" in navigator) void navigator.locks.request("desk.phone", begin);
  else void begin();
}

function isElsewhere(now: HTMLElement): boolean {
  const holder = now.dataset.holder ?? "";
  return holder !== "" && holder !== here() && now.dataset.state !== "out" && !connecting;
}

/** This browser's own name, the same for all of its tabs. */
export function here(): string {
  const known = localStorage.getItem(HERE);
  if (known) return known;
  const name = [...crypto.getRandomValues(new Uint8Array(12))].map((octet) => octet.toString(16).padStart(2, "0")).join("");
  localStorage.setItem(HERE, name);
  return name;
}

/** Be the telephone, unless another browser is; `takes`: be it all the same. */
async function connect(takes = false): Promise<void> {
  const url = strip()?.dataset.line;
  if (!url || phone || connecting) return;
  connecting = true;
  try {
    const line = await ask(url, takes);
    if (!line) return;
    localStorage.removeItem(LOST);
    const { Softphone } = await import("./softphone");
    phone = new Softphone(line, {
      registered: () => refresh(),
      rings: ({ auto }) => {
        if (!auto) ring();
        refresh();
      },
      talks: () => {
        talking = true;
        sayLeft(false);
        silence();
        refresh();
      },
      over: () => {
        talking = false;
        silence();
        refresh();
      },
      muted: isMutedIn,
      deaf: () => {
        phone?.hangUp();
        tellDeaf();
      },
    });
    phone.start();
    const promised = sessionStorage.getItem(PROMISED);
    sessionStorage.removeItem(PROMISED);
    if (promised) phone.answer(promised);
  } finally {
    connecting = false;
    refresh();
  }
}

/** What to sign in with; undefined: another browser has the telephone, or the server can't be reached now. */
async function ask(url: string, takes: boolean): Promise<Line | undefined> {
  const sent = signed();
  sent.set("browser", here());
  if (takes) sent.set("takes", "1");
  else if (localStorage.getItem(LOST)) sent.set("asks", "1");
  const answer = await fetch(url, { method: "POST", body: sent, credentials: "same-origin", headers: { "X-By-Itself": "1" } }).catch(() => undefined);
  if (answer?.ok) return (await answer.json()) as Line;
  if (!answer || answer.status >= 500) setTimeout(() => void connect(takes), AGAIN);
  return undefined;
}

function signed(): FormData {
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", document.querySelector<HTMLInputElement>("#strip input[name=csrfmiddlewaretoken]")?.value ?? "");
  return sent;
}

/** The session has ended, or another browser has the telephone: nobody hears this page any more, nor is heard in it. */
function leave(): void {
  if (talking) sayLeft(true);
  phone?.leave();
  phone = undefined;
  talking = false;
  silence();
}

function sayLeft(yes: boolean): void {
  const words = document.querySelector<HTMLElement>("[data-phone-left]");
  if (words) words.hidden = !yes;
}

function press(event: MouseEvent): void {
  const button = (event.target as Element).closest<HTMLElement>("[data-phone]");
  if (!button) return;
  const what = button.dataset.phone;
  if (what === "answer") {
    const call = strip()?.dataset.call ?? "";
    pass({ do: "answer", call });
    if (!phone) sessionStorage.setItem(PROMISED, call);
    const writing = isWriting(); // what is being written stays where it is: the form of this call is a key away
    if (!phone && !held && !writing) return; // another tab holds the telephone: this one goes on to the form by its link
    event.preventDefault();
    if (!writing) void changeInPlace.go((button as HTMLAnchorElement).href);
  } else if (what === "mute") {
    mute(button.getAttribute("aria-pressed") !== "true");
  } else if (what === "hangup") {
    pass({ do: "hangup" });
  } else if (what === "here") {
    pass({ do: "here" });
  } else if (what === "key") {
    pass({ do: "key", digit: button.dataset.digit ?? "" });
  }
}

function pass(pressed: Pressed): void {
  take(pressed);
  others?.postMessage(pressed);
}

function take(pressed: Pressed): void {
  if (pressed.do === "here" && held) void connect(true);
  if (pressed.do === "mute") {
    phone?.mute(pressed.on ?? false);
    showMuted(pressed.on);
  }
  if (!phone) return;
  if (pressed.do === "answer") phone.answer(pressed.call);
  else if (pressed.do === "hangup") phone.hangUp();
  else if (pressed.digit) phone.press(pressed.digit);
}

/** At once here, and kept in both places a page that is read anew asks: a microphone that was off must not be on again. */
function mute(on: boolean): void {
  const now = strip();
  if (on) localStorage.setItem(MUTED, now?.dataset.call ?? "");
  else localStorage.removeItem(MUTED);
  now?.toggleAttribute("data-muted", on);
  pass({ do: "mute", on });
  const sent = signed();
  sent.set("on", on ? "1" : "0");
  void fetch(now?.dataset.mute ?? "", { method: "POST", body: sent, credentials: "same-origin", keepalive: true }).catch(() => undefined);
}

function isMutedIn(call: string): boolean {
  const now = strip();
  return call !== "" && (localStorage.getItem(MUTED) === call || (now?.dataset.call === call && now.dataset.muted !== undefined));
}

/** Nobody goes out of a call by signing out: a citizen would talk on to a page that nobody sees. */
function stayForTheCall(event: SubmitEvent): void {
  if (!(event.target as Element).matches("[data-drafts-end]") || !document.querySelector('#strip:is([data-state="talking"], [data-state="ringing"])')) return;
  event.preventDefault();
  const note = document.createElement("p");
  note.className = "err";
  note.dataset.refusal = "";
  note.setAttribute("role", "alert");
  note.textContent = word("on-the-line");
  document.querySelector("#strip > [data-refusal]")?.remove();
  document.getElementById("strip")?.append(note);
  document.querySelector("details.me[open]")?.removeAttribute("open");
}

function showMuted(on = phone?.busy ? phone.muted : strip()?.dataset.muted !== undefined): void {
  document.querySelector('[data-phone="mute"]')?.setAttribute("aria-pressed", String(on));
}

/** No microphone: she is paused, so that nobody is sent to a deaf telephone, and told how to allow it. */
function tellDeaf(): void {
  const words = document.querySelector("[data-phone-words]");
  if (words) words.textContent = word("deaf");
  const form = document.querySelector<HTMLFormElement>("#strip form.shift");
  if (form) void htmx.ajax("post", form.action, { source: form, target: "#strip", swap: "outerHTML", values: { state: "paused", reason: "no_microphone" } });
}

/** Counts the seconds that the server began, and those that are left. */
function tick(): void {
  for (const clock of document.querySelectorAll<HTMLElement>("[data-since]")) {
    const seconds = Number(clock.dataset.since) + 1;
    clock.dataset.since = String(seconds);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  countDown();
}
