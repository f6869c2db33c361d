// Before the shift: which microphone and speaker, does one hear and is one heard, and is the exchange there.
import { here } from "./phone";
import type { Line } from "./softphone";

export function checkPhone(): void {
  const place = document.querySelector<HTMLElement>("[data-check]");
  if (!place) return;
  void listen(place);
  void reach(place);
  place.addEventListener("change", (event) => {
    const choice = event.target as HTMLSelectElement;
    if (!choice.dataset.kept) return;
    localStorage.setItem(choice.dataset.kept, choice.value);
    if (choice.dataset.devices === "audioinput") void listen(place);
  });
  place.querySelector("[data-tone]")?.addEventListener("click", () => void strike());
}

let open: MediaStream | undefined;

async function listen(place: HTMLElement): Promise<void> {
  for (const track of open?.getTracks() ?? []) track.stop();
  const chosen = localStorage.getItem("phone.microphone");
  try {
    open = await navigator.mediaDevices.getUserMedia({ audio: chosen ? { deviceId: { ideal: chosen } } : true });
  } catch {
    const note = place.querySelector<HTMLElement>("[data-no-mic]");
    if (note) note.hidden = false;
    return;
  }
  const devices = await navigator.mediaDevices.enumerateDevices();
  for (const select of place.querySelectorAll<HTMLSelectElement>("[data-devices]")) {
    const kept = localStorage.getItem(select.dataset.kept ?? "");
    const found = devices.filter((device) => device.kind === select.dataset.devices);
    select.replaceChildren(...found.map((device) => new Option(device.label || device.deviceId, device.deviceId, false, device.deviceId === kept)));
  }
  const sound = new AudioContext();
  const meter = sound.createAnalyser();
  sound.createMediaStreamSource(open).connect(meter);
  const samples = new Float32Array(meter.fftSize);
  const level = place.querySelector<HTMLMeterElement>("[data-level]");
  const show = (): void => {
    meter.getFloatTimeDomainData(samples);
    if (level) level.value = Math.min(1, 3 * Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
    if (open?.active) requestAnimationFrame(show);
  };
  show();
}

async function reach(place: HTMLElement): Promise<void> {
  const way = place.querySelector<HTMLElement>("[data-way]");
  if (!way) return;
  const [well = "", ill = ""] = (way.dataset.says ?? "").split("|");
  const line = await ask(way.dataset.line ?? "");
  if (!line) {
    way.className = "st late";
    way.textContent = ill;
    return;
  }
  const begun = performance.now();
  const socket = new WebSocket(line.url, "sip");
  const tell = (good: boolean): void => {
    way.className = `st ${good ? "done" : "late"}`;
    way.textContent = good ? well.replace("{ms}", String(Math.round(performance.now() - begun))) : ill;
    socket.close();
  };
  socket.addEventListener("open", () => tell(true), { once: true });
  socket.addEventListener("error", () => tell(false), { once: true });
}

/** What this browser would sign in with; it takes the telephone from no other browser. */
async function ask(url: string): Promise<Line | undefined> {
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "");
  sent.set("browser", here());
  sent.set("asks", "1");
  const answer = await fetch(url, { method: "POST", body: sent, credentials: "same-origin" }).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as Line) : undefined;
}

async function strike(): Promise<void> {
  const sound = new AudioContext();
  const speaker = localStorage.getItem("phone.speaker");
  if (speaker && "setSinkId" in sound) await (sound as AudioContext & { setSinkId: (id: string) => Promise<void> }).setSinkId(speaker).catch(() => undefined);
  const tone = sound.createOscillator();
  tone.frequency.value = 523;
  tone.connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.6);
}
