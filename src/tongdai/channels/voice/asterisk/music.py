"""What those who wait hear: a quiet tune of our own, five tones up and down, so that nobody's rights are in the way;

and the tone after which one speaks.
"""

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


BEEP, BEEP_SECONDS, BEEP_LOUD = 1000.0, 0.35, 0.25


def write(sounds: Path) -> None:
    """`music/tune.wav` and `beep.wav` in the folder, where they aren't there."""
    tune, beep = sounds / "music" / "tune.wav", sounds / "beep.wav"
    if not tune.exists():
        samples = array.array("h")
        for number in TUNE * 4:
            samples.extend(_struck(TONES[number]))
        _write(tune, samples)
    if not beep.exists():
        length = int(BEEP_SECONDS * RATE)
        turns = (2 * math.pi * BEEP * at / RATE for at in range(length))
        _write(beep, array.array("h", (int(32767 * BEEP_LOUD * math.sin(turn)) for turn in turns)))


def _struck(pitch: float) -> array.array[int]:
    """One note that fades."""
    length = int(BEAT * RATE)
    found = array.array("h")
    for at in range(length):
        fade = math.exp(-3.0 * at / length) * min(1.0, at / 80)
        turn = 2 * math.pi * pitch * at / RATE
        found.append(int(32767 * LOUD * fade * (math.sin(turn) + 0.3 * math.sin(2 * turn))))
    return found


def _write(file: Path, samples: array.array[int]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())
