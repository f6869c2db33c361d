// How many segments a text costs, counted as the server counts (channels/sms/encoding/lengths.py): both are held to the
// vectors in channels/sms/tests/segment_vectors.json. Beside a field in which staff write a text it says so as they type.

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENSION = new Set("\f^{}\\[~]|€");
const SAME: Record<string, string> = {
  "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\u200a": " ", "\u2002": " ", "\u2003": " ", "\t": " ",
  "\u200b": "", "\ufeff": "", "\u00ad": "", "\u2060": "",
  "\u2011": "-", "\u2010": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
  "\u2022": "-", "·": "-", "●": "-", "▪": "-", "…": "...",
  "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u2032": "'", "´": "'", "`": "'", "\u02b9": "'",
  "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "«": '"', "»": '"',
  "₫": "d", "°": "o", "º": "o", "²": "2", "³": "3", "¹": "1", "½": "1/2", "¼": "1/4", "¾": "3/4",
  "×": "x", "÷": "/", "→": "->", "←": "<-", "⇒": "=>", "≥": ">=", "≤": "<=", "≈": "~", "≠": "!=", "±": "+/-",
  "№": "No.", "™": "(TM)", "®": "(R)", "©": "(C)",
};

export type Length = { alphabet: "gsm7" | "ucs2"; units: number; segments: number };

export function lengthOf(text: string, plain: boolean): Length {
  const composed = text.normalize("NFC");
  const plainer = [...composed].map((sign) => SAME[sign] ?? sign).join("");
  for (const written of plain ? [composed, plainer, unaccented(plainer)] : [composed, plainer]) {
    const letters = [...written];
    if (letters.every((letter) => BASIC.has(letter) || EXTENSION.has(letter))) {
      return length("gsm7", letters.map((letter) => (EXTENSION.has(letter) ? 2 : 1)), 160, 153);
    }
  }
  return length("ucs2", [...composed].map((letter) => letter.length), 70, 67); // a pair of surrogates is not cut in two
}

function unaccented(text: string): string {
  return text.replace(/[đðɖ]/g, "d").replace(/[ĐÐƉ]/g, "D").normalize("NFD").replace(/\p{M}/gu, "");
}

function length(alphabet: Length["alphabet"], letters: number[], alone: number, joined: number): Length {
  const units = letters.reduce((sum, each) => sum + each, 0);
  if (units <= alone) return { alphabet, units, segments: units > 0 ? 1 : 0 };
  let segments = 1;
  let room = joined;
  for (const each of letters) {
    if (each > room) [segments, room] = [segments + 1, joined];
    room -= each;
  }
  return { alphabet, units, segments };
}

export function countSegments(): void {
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement) show(event.target);
  });
  const showAll = (): void => document.querySelectorAll("textarea").forEach(show);
  document.body.addEventListener("htmx:afterSettle", showAll); // a draft that came back was typed by nobody just now
  showAll();
}

function show(field: HTMLTextAreaElement): void {
  const says = document.querySelector<HTMLElement>(`[data-counts="${field.id}"]`);
  if (!says) return;
  const { before = "", after = "", invitation = "", line = "", most = "0", cost = "" } = says.dataset;
  const typed = field.value.trim();
  says.hidden = "required" in says.dataset && typed === ""; // nothing is sent, so nothing is counted
  const length = (words: string): Length => lengthOf(words, "plain" in says.dataset);
  const whole = length(before + typed + after + (invitation && ` ${invitation}`));
  const found = whole.segments <= Number(most) ? whole : length(before + typed + after);
  const dong = Math.round(found.segments * Number(cost)).toLocaleString(document.documentElement.lang || "vi");
  const figures: Record<string, string> = { segments: `${found.segments}`, units: `${found.units}`, cost: dong };
  const [words, over] = says.querySelectorAll<HTMLElement>("span");
  if (words) words.textContent = line.replace(/\{(\w+)\}/g, (_all, name: string) => figures[name] ?? "");
  if (over) over.hidden = found.segments <= Number(most);
}
