// Copy, share and print a code. The buttons appear only where they can do what they say.

export function mount(root: ParentNode): void {
  for (const acts of root.querySelectorAll<HTMLElement>("[data-acts]")) serve(acts);
}

function serve(acts: HTMLElement): void {
  const said = acts.querySelector<HTMLElement>("[data-acts-said]");
  const copy = acts.querySelector<HTMLButtonElement>("[data-copy]");
  const share = acts.querySelector<HTMLButtonElement>("[data-share]");
  const print = acts.querySelector<HTMLButtonElement>("[data-print]");
  acts.hidden = false;
  print?.addEventListener("click", () => window.print());
  if (copy && !navigator.clipboard) copy.hidden = true;
  copy?.addEventListener("click", async () => {
    await navigator.clipboard.writeText((copy.dataset["copy"] ?? "").replaceAll("\u00a0", " "));
    const words = said?.dataset["copied"] ?? "";
    const label = copy.querySelector("span");
    if (said) said.textContent = words;
    if (label) label.textContent = words;
  });
  if (share && typeof navigator.share === "function") {
    share.hidden = false;
    share.addEventListener("click", () => {
      const url = new URL(share.dataset["share"] ?? "", window.location.href).href;
      navigator.share({ title: share.dataset["title"] ?? "", url }).catch(() => undefined); // closed by the person
    });
  }
}
