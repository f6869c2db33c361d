// How it rings: two soft tones, again each three seconds, until silenced.
let bell: { stop: () => void } | undefined;

export function ring(): void {
  silence();
  const sound = new AudioContext();
  const strike = (): void => {
    for (const [pitch, after] of [[660, 0], [880, 0.2]] as const) {
      const tone = sound.createOscillator();
      const loud = sound.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.12, sound.currentTime + after);
      loud.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + after + 0.5);
      tone.connect(loud).connect(sound.destination);
      tone.start(sound.currentTime + after);
      tone.stop(sound.currentTime + after + 0.5);
    }
  };
  strike();
  const again = setInterval(strike, 3000);
  bell = {
    stop: () => {
      clearInterval(again);
      void sound.close();
    },
  };
}

export function silence(): void {
  bell?.stop();
  bell = undefined;
}
