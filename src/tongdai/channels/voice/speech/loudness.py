"""How loud a recording is: the silence around the words goes, the voice comes to the level of all others. Pure.

Samples are 8 kHz, 16 bit, mono; levels are root mean squares of these.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass

RATE = 8000
FRAME = RATE // 50  # 20 ms
VOICE = 3300  # of the words, about −20 dBFS: as loud as the machine's
PEAK = 29_000
SOFTEST = 80  # below this nobody spoke
RAISED_BY = 8.0  # 18 dB: more than that, and the room's noise is heard beside the words
LOUDEST = 32_500  # a sample that stands at the end of what the microphone can say
CLIPPED = 0.002  # the part of the words' samples that do
BEFORE, AFTER = 3, 6  # frames left around the words


class Silent(Exception):
    """Nobody speaks in it."""


@dataclass(frozen=True)
class Levelled:
    """The words at their level. `quiet`, `clipped`: what was wrong with the recording, for a person to judge."""

    samples: array[int]
    quiet: bool
    clipped: bool

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE


def level(samples: array[int]) -> Levelled:
    """Raises Silent."""
    frames = [_rms(samples[at : at + FRAME]) for at in range(0, len(samples) - FRAME + 1, FRAME)]
    loud = sorted(frames)[int(0.95 * len(frames))] if frames else 0.0
    if loud < SOFTEST:
        raise Silent
    spoken = [number for number, each in enumerate(frames) if each > max(loud / 20, SOFTEST / 2)]
    first, last = max(0, spoken[0] - BEFORE), min(len(frames), spoken[-1] + 1 + AFTER)
    words = samples[first * FRAME : last * FRAME]
    voiced = [each for each in frames if each > loud / 5]
    voice = math.sqrt(sum(each * each for each in voiced) / len(voiced))
    peak = max(max(words), -min(words))
    gain = min(VOICE / voice, PEAK / peak)
    at_end = sum(abs(sample) >= LOUDEST for sample in words)
    return Levelled(
        array("h", (round(gain * sample) for sample in words)),
        quiet=VOICE / voice > RAISED_BY,
        clipped=at_end > CLIPPED * FRAME * len(voiced),
    )


def _rms(samples: array[int]) -> float:
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples))
