// Words for people stand in the page, translated by the server: <template id="page-words">.

export function word(name: string): string {
  const words = document.querySelector<HTMLTemplateElement>("template#page-words");
  return words?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
}

export function timeOfDay(moment = new Date()): string {
  return moment.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: "Asia/Ho_Chi_Minh" });
}

/** Lower case without accents, đ as d: the same folding as the server's. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("đ", "d")
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
}
