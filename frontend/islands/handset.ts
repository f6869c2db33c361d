// The demo's handset: what came back appears by itself.
const EVERY = 1500;

export function mount(root: ParentNode): void {
  for (const thread of root.querySelectorAll<HTMLElement>("[data-thread]")) follow(thread);
}

function follow(thread: HTMLElement): void {
  const url = thread.dataset["thread"] ?? "";
  setInterval(async () => {
    if (document.hidden) return;
    const response = await fetch(url).catch(() => undefined);
    if (!response?.ok) return;
    const news = await response.text();
    if (news.trim() !== thread.innerHTML.trim()) {
      thread.innerHTML = news;
      thread.scrollTop = thread.scrollHeight;
    }
  }, EVERY);
}
