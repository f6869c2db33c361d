"""What those who wait hear: a quiet tune of our own, five tones up and down, so that nobody's rights are in the way."""

from __future__ import annotations

import array
import math
import wave
from pathlib import Path

RATE = 8000
TONES = (523.25, 587.33, 659.25, 783.99, 880.0)  # C D E G A: the five of Vietnamese tunes too
TUNE = (0, 2, 3, 4, 3, 2, 1, 2, 0, 1, 2, 4, 3, 1, 0, 0)
BEAT = 0.55  # seconds
LOUD = 0.12  # of what fits: one speaks over it


def write(folder: Path) -> None:
    """`tune.wav` in the folder, if it isn't there."""
    file = folder / "tune.wav"
    if file.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    samples = array.array("h")
    for number in TUNE * 4:
        length = int(BEAT * RATE)
        for at in range(length):
            fade = math.exp(-3.0 * at / length) * min(1.0, at / 80)
            turn = 2 * math.pi * TONES[number] * at / RATE
            samples.append(int(32767 * LOUD * fade * (math.sin(turn) + 0.3 * math.sin(2 * turn))))
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())
