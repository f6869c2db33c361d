// The wall's figures are asked for each second. Where none come, it says that they are old, and of when: its clock is the
// server's, and stands with them. A session that ended says so too, with the way back in; once figures come, all is as before.

const SILENT = 10_000; // no answer is none either

export function watchWall(): void {
  const place = document.querySelector<HTMLElement>("[data-wall-lost]");
  if (!place) return;
  let heard = Date.now();
  const say = (what: string): void => {
    for (const line of place.querySelectorAll<HTMLElement>("[data-lost]")) line.hidden = line.dataset.lost !== what;
  };
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { successful, xhr } = (event as CustomEvent<{ successful?: boolean; xhr: XMLHttpRequest }>).detail;
    if (successful) heard = Date.now();
    say(successful ? "" : xhr.status === 401 ? "out" : "away");
  });
  setInterval(() => {
    if (Date.now() - heard > SILENT && place.querySelector("[data-lost]:not([hidden])") === null) say("away");
  }, 1000);
}
