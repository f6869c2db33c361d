// What another person changes appears by itself. One stream a browser, not a tab: the tab that holds the lock listens to
// the server and passes on to the others. The stream carries ids only; the words are fetched from the desk's own views,
// with this person's rights. Without a stream every page asks again each 15 seconds.
import htmx from "htmx.org";
import { somethingComes } from "./keys";
import { timeOfDay, word } from "./words";

const POLL = 15_000;
const SLOWLY = 60_000;
const SILENT = 40_000; // the leader says every 15 s that it is listening
type News = { ids: number[] | null }; // null: anything may have changed
type Said = { news?: News; listening?: boolean; phone?: boolean; out?: boolean; opened?: number[] | null; since?: number };

const REMEMBERED = 60_000; // what came after another tab was drawn, and before it could hear
let leads = false;
let recent: { at: number; news: News }[] = [];

let heard = 0; // when the stream was last known to be alive
let waiting: ReturnType<typeof setTimeout> | undefined;
let pending: Set<number> | null = new Set();

export function goLive(): void {
  const url = document.body.dataset.live;
  document.body.addEventListener("desk:refused", () => refreshCase(true));
  document.body.addEventListener("htmx:sendError", sayFailed);
  document.body.addEventListener("htmx:responseError", sayFailed);
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { successful, elt } = (event as CustomEvent<{ successful: boolean; elt: Element }>).detail;
    if (successful && elt.id === "rows") stamp();
  });
  document.body.addEventListener("htmx:beforeSwap", showGone);
  document.body.addEventListener("htmx:beforeSwap", spare);
  document.body.addEventListener("htmx:afterSwap", putBack);
  if (url === undefined) return;
  const others = "BroadcastChannel" in window ? new BroadcastChannel("desk.live") : null;
  others?.addEventListener("message", ({ data }: MessageEvent<Said>) => {
    take(data);
    const { since } = data;
    if (leads && since) for (const { at, news } of recent) if (at >= since) others.postMessage({ news });
  });
  const say = (said: Said): void => {
    take(said);
    others?.postMessage(said);
  };
  others?.postMessage({ since: performance.timeOrigin });
  if (url && "locks" in navigator) {
    void navigator.locks.request("desk.live", () => listen(url, say));
  } else if (url) {
    void listen(url, take);
  }
  // A row that left this person's sight is named to them by no stream: look once a minute all the same.
  setInterval(() => {
    if (!document.hidden && Date.now() - heard < SILENT) tell({ ids: [] });
  }, SLOWLY);
  setInterval(() => {
    if (Date.now() - heard < SILENT || document.hidden) return;
    tell({ ids: null });
    stamp(url ? "away" : "polling");
  }, POLL);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - heard >= SILENT) tell({ ids: null });
  });
}

/** Holds the lock for as long as this tab lives; EventSource reconnects by itself, but not where it was sent away. */
function listen(url: string, say: (said: Said) => void): Promise<never> {
  leads = true;
  let stream = open(`${url}?since=${document.body.dataset.drawn ?? ""}`, say);
  document.body.addEventListener("desk:signed-in", () => {
    stream.close();
    stream = open(url, say);
  });
  setInterval(() => {
    if (stream.readyState === EventSource.OPEN) say({ listening: true });
  }, POLL);
  return new Promise<never>(() => undefined);
}

function open(url: string, say: (said: Said) => void): EventSource {
  let broken = false;
  const stream = new EventSource(url, { withCredentials: true });
  stream.addEventListener("signed-out", () => {
    stream.close();
    say({ listening: false, out: true });
  });
  stream.addEventListener("open", () => {
    say(broken ? { listening: true, news: { ids: null }, phone: true } : { listening: true, phone: true });
    broken = false;
  });
  stream.addEventListener("error", () => {
    broken = true;
    say({ listening: false });
  });
  const arrive = (event: MessageEvent<string>): void => {
    const news = { ids: idsIn(event.data) };
    recent = [...recent.filter(({ at }) => Date.now() - at < REMEMBERED), { at: Date.now(), news }];
    say({ listening: true, news });
  };
  stream.addEventListener("message", arrive);
  for (const channel of ["cases", "callbacks", "outbox", "alarms"]) stream.addEventListener(channel, arrive);
  stream.addEventListener("opened", (event: MessageEvent<string>) => say({ listening: true, opened: idsIn(event.data) }));
  for (const channel of ["calls", "agents"]) stream.addEventListener(channel, () => say({ listening: true, phone: true }));
  return stream;
}

function idsIn(data: string): number[] | null {
  try {
    const said: unknown = JSON.parse(data);
    const ids = Array.isArray(said) ? said : (said as { ids?: unknown }).ids;
    return Array.isArray(ids) ? ids.map(Number) : null;
  } catch {
    return null;
  }
}

function take(said: Said): void {
  if (said.out) htmx.trigger(document.body, "desk:signed-out", {});
  if (said.listening) {
    if (heard === 0) stamp();
    heard = Date.now();
  }
  if (said.listening === false) {
    heard = 0;
    stamp("away");
  }
  if (said.news) tell(said.news);
  if (said.opened !== undefined) lookWhoElse(said.opened);
  if (said.phone) htmx.trigger(document.body, "desk:phone", {}); // at once: somebody waits at the other end
}

/** Somebody opened a case: where it is the one on this page, it asks who else has it open. */
function lookWhoElse(ids: number[] | null): void {
  const open = Number(document.getElementById("work")?.dataset.id ?? 0);
  if (open && (ids === null || ids.includes(open))) htmx.trigger(document.body, "desk:opened", {});
}

/** Many changes at once become one question to the server. */
function tell(news: News): void {
  pending = news.ids === null || pending === null ? null : new Set([...pending, ...news.ids]);
  waiting ??= setTimeout(() => {
    const changed = pending;
    pending = new Set();
    waiting = undefined;
    htmx.trigger(document.body, "desk:changed", {});
    if (changed === null) htmx.trigger(document.body, "desk:phone", {});
    const open = Number(document.getElementById("work")?.dataset.id ?? 0);
    if (open && (changed === null || changed.has(open))) refreshCase(false);
  }, 500);
}

type Swapped = { xhr: XMLHttpRequest; target: Element; shouldSwap: boolean; selectOverride: string; requestConfig: { elt: Element } };
const DOING = "#next .action, #next .oops, #next :focus, #next a.htmx-request";
let historyAlone = false; // of the next refresh
let told: Element[] = []; // what was just done, with the way back
let scrolled = 0;

/** Fetch the open case anew; what somebody does when it arrives decides what is shown of it (`spare`). */
function refreshCase(onlyHistory: boolean): void {
  const work = document.getElementById("work");
  const url = work?.dataset.url;
  if (!work || !url || work.dataset.id === undefined) return;
  historyAlone = onlyHistory;
  void htmx.ajax("get", url, { source: work, target: "#work", swap: "outerHTML" });
}

/** Where somebody is typing by now, only the history is new: their words stay. Where what comes next is on its way, nothing is. */
function spare(event: Event): void {
  const { detail } = event as CustomEvent<Swapped>;
  const work = detail.requestConfig.elt;
  if (work.id !== "work" || detail.xhr.status !== 200) return;
  if (somethingComes()) {
    detail.shouldSwap = false;
    return;
  }
  const main = work.querySelector<HTMLElement>("#content");
  scrolled = main?.scrollTop ?? 0;
  told = [...(main?.querySelectorAll(":scope > .flash[role=status]") ?? [])];
  const alone = main !== null && (historyAlone || work.querySelector(DOING) !== null);
  if (alone) detail.target = main;
  detail.selectOverride = alone ? "#content" : "#work";
}

/** What was just done stands there still, and so does what one was reading. */
function putBack(event: Event): void {
  const { detail } = event as CustomEvent<Swapped>;
  const main = document.querySelector<HTMLElement>("#content");
  if (detail.requestConfig.elt.id !== "work" || !main) return;
  if (!main.querySelector(":scope > .flash[role=status]")) main.querySelector(":scope > .back")?.after(...told);
  told = [];
  main.scrollTop = scrolled;
}

/** The open case is none for these eyes any more (404): it goes from the screen whole, with what was typed about it. */
function showGone(event: Event): void {
  const { detail } = event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean }>;
  if (detail.xhr.status !== 404 || detail.xhr.getResponseHeader("HX-Retarget") !== "#work") return;
  detail.shouldSwap = true;
  detail.isError = false;
}

function stamp(kind = "live"): void {
  const words = document.querySelector("[data-live-words]");
  const at = document.querySelector("[data-live-at]");
  if (words) words.textContent = word(kind);
  if (at && kind !== "away") at.textContent = timeOfDay();
  words?.closest(".live")?.classList.toggle("away", kind === "away");
}

function sayFailed(event: Event): void {
  const { elt } = (event as CustomEvent<{ elt: Element }>).detail;
  if (["rows", "opened", "work"].includes(elt.id) || elt === document.body || document.body.matches(".wall")) return; // the wall says it itself: wall.ts
  const place = elt.closest("form") ?? document.querySelector("#content");
  const note = document.createElement("p");
  note.className = "flash late";
  note.setAttribute("role", "alert");
  note.textContent = word("failed");
  place?.querySelector(":scope > .flash.late")?.remove();
  place?.prepend(note);
}
