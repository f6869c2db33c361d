// A recording is heard faster, as one likes; the choice is kept for the next.
const KEPT = "desk.speed";

export function hearFaster(): void {
  document.addEventListener("change", (event) => {
    const choice = event.target as HTMLSelectElement;
    if (!choice.matches("[data-speed]")) return;
    localStorage.setItem(KEPT, choice.value);
    const audio = choice.closest(".player")?.querySelector("audio");
    if (audio) audio.playbackRate = Number(choice.value);
  });
  document.addEventListener(
    "play",
    (event) => {
      const audio = event.target as HTMLAudioElement;
      const choice = audio.closest(".player")?.querySelector<HTMLSelectElement>("[data-speed]");
      if (!choice) return;
      choice.value = localStorage.getItem(KEPT) ?? "1";
      audio.playbackRate = Number(choice.value || 1);
    },
    true,
  );
}
