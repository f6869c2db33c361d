// A fixed text of the telephone is recorded in the page: sent as plain WAV, whatever the browser itself records in.
// A chosen file that the server may not read (WebM, M4A) is turned into WAV the same way, where the browser can.
const RATE = 16000; // hertz; the exchange plays 8 kHz
const CONTAINERS = /webm|mp4|m4a|aac|3gpp|quicktime/;

export function recordTexts(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-recorder]")) serve(form);
}

function serve(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("[data-record]");
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  const said = form.querySelector<HTMLElement>("[data-recorder-said]");
  const level = form.querySelector<HTMLMeterElement>("[data-level]");
  if (!button || !input) return;
  const [refused = "", recording = "", sending = ""] = (form.dataset.says ?? "").split("|");
  const label = form.querySelector<HTMLElement>("[data-record-words]");
  const [start = "", end = ""] = (label?.dataset.recordWords ?? "").split("|");
  const press = (down: boolean): void => {
    button.setAttribute("aria-pressed", String(down));
    if (label) label.textContent = down ? end : start;
  };
  const most = Number(form.dataset.most ?? 60);
  const say = (words: string): void => {
    if (said) said.textContent = words;
  };
  let recorder: MediaRecorder | undefined;

  button.addEventListener("click", async () => {
    if (recorder?.state === "recording") {
      recorder.stop();
      return;
    }
    if (button.disabled) return;
    button.disabled = true;
    const chosen = localStorage.getItem("phone.microphone");
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: chosen ? { ...plain, deviceId: { ideal: chosen } } : plain });
    } catch {
      say(refused);
      button.disabled = false;
      return;
    }
    const pieces: Blob[] = [];
    const begun = performance.now();
    const mine = new MediaRecorder(stream);
    recorder = mine;
    mine.addEventListener("dataavailable", (event) => pieces.push(event.data));
    const stop = follow(stream, level, () => {
      const seconds = Math.floor((performance.now() - begun) / 1000);
      say(recording.replace("{seconds}", String(seconds)));
      if (seconds >= most && mine.state === "recording") mine.stop();
    });
    mine.addEventListener("stop", async () => {
      stop();
      for (const track of stream.getTracks()) track.stop();
      press(false);
      button.disabled = true;
      say(sending);
      try {
        give(input, await asWave(new Blob(pieces, { type: mine.mimeType })));
        form.requestSubmit();
      } catch {
        say(refused);
        button.disabled = false;
      }
    });
    mine.start();
    press(true);
    button.disabled = false;
  });

  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (!file || !CONTAINERS.test(`${file.type} ${file.name.toLowerCase()}`)) return;
    try {
      give(input, await asWave(file));
    } catch {
      // this browser can't read it either: it is sent as it is, and the server says what it makes of it
    }
  });
}

function give(input: HTMLInputElement, wave: Blob): void {
  const files = new DataTransfer();
  files.items.add(new File([wave], "recording.wav", { type: "audio/wav" }));
  input.files = files.files;
}

/** Show the loudness, ten times a second; what is returned stops that. */
function follow(stream: MediaStream, level: HTMLMeterElement | null, each: () => void): () => void {
  const sound = new AudioContext();
  const meter = sound.createAnalyser();
  sound.createMediaStreamSource(stream).connect(meter);
  const samples = new Float32Array(meter.fftSize);
  const timer = setInterval(() => {
    meter.getFloatTimeDomainData(samples);
    if (level) level.value = Math.min(1, 3 * Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
    each();
  }, 100);
  return () => {
    clearInterval(timer);
    if (level) level.value = 0;
    void sound.close();
  };
}

/** One channel, 16 bit, 16 kHz. */
async function asWave(blob: Blob): Promise<Blob> {
  const reader = new AudioContext();
  const heard = await reader.decodeAudioData(await blob.arrayBuffer());
  void reader.close();
  const mixer = new OfflineAudioContext(1, Math.max(1, Math.ceil(heard.duration * RATE)), RATE);
  const source = mixer.createBufferSource();
  source.buffer = heard;
  source.connect(mixer.destination);
  source.start();
  const samples = (await mixer.startRendering()).getChannelData(0);
  const wave = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const put = (at: number, text: string): void => [...text].forEach((letter, number) => wave.setUint8(at + number, letter.charCodeAt(0)));
  put(0, "RIFF");
  wave.setUint32(4, 36 + 2 * samples.length, true);
  put(8, "WAVEfmt ");
  wave.setUint32(16, 16, true);
  wave.setUint16(20, 1, true);
  wave.setUint16(22, 1, true);
  wave.setUint32(24, RATE, true);
  wave.setUint32(28, 2 * RATE, true);
  wave.setUint16(32, 2, true);
  wave.setUint16(34, 16, true);
  put(36, "data");
  wave.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, number) => wave.setInt16(44 + 2 * number, Math.round(32767 * Math.max(-1, Math.min(1, sample))), true));
  return new Blob([wave.buffer], { type: "audio/wav" });
}
