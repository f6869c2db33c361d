// A menu that drops from a button near the window's edge stays inside the window.

const EDGE = 8; // pixels

export function keepDropsInside(): void {
  document.addEventListener("toggle", (event) => keepInside(event.target), true);
  window.addEventListener("resize", () => document.querySelectorAll(".drop[open]").forEach(keepInside));
}

function keepInside(drop: EventTarget | null): void {
  if (!(drop instanceof HTMLDetailsElement) || !drop.open || !drop.matches(".drop")) return;
  const menu = drop.querySelector<HTMLElement>(".menu");
  if (!menu) return;
  menu.style.left = "0";
  const { left, right } = menu.getBoundingClientRect();
  const beyond = right + EDGE - document.documentElement.clientWidth;
  menu.style.left = `${-Math.min(Math.max(0, beyond), Math.max(0, left - EDGE))}px`;
}
